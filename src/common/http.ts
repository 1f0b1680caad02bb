import type { IncomingMessage, ServerResponse } from 'node:http';
import cookies from '@fastify/cookie';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { bodyParsers } from './bodies.js';
import { limitDuration } from './deadline.js';
import { ShopError } from './errors.js';
import { httpResponses } from './metrics.js';
import { sendProblem } from './problem.js';
import { requestId } from './request-id.js';

const BODY_LIMIT_BYTES = 64 * 1024;
const UNFINISHED_CHECK_MS = 1000;
const IDLE_CHECK_MS = 50;
/** Beside the harmless ones, what pages of an allowed origin may read of an answer. */
const EXPOSED_HEADERS = [
  'X-Request-Id',
  'Idempotent-Replayed',
  'Retry-After',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
].join(', ');

/**
 * The headers of helmet that mean something for an answer nobody opens as a page. A browser that
 * opens one says so in `Accept`, and gets all of them.
 */
const DATA_HEADERS = new Set([
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
]);

/** The same for every answer, so helmet is asked for them once. */
const PAGE_HEADERS = securityHeaders();
const PLAIN_HEADERS = Object.fromEntries(
  Object.entries(PAGE_HEADERS).filter(([name]) => DATA_HEADERS.has(name)),
);

/** What the server has to know of the settings. */
interface HttpOptions {
  /** Origins whose pages may call from a browser. */
  readonly corsOrigins: readonly string[];
  /** Whose word is taken for the client's address; otherwise it is the socket's. */
  readonly trustedProxies: readonly string[];
  /** How long a request may take in all, in milliseconds. */
  readonly deadlineMs: number;
}

/** The HTTP server: limits, request ids, and paths with or without their last slash. */
export function httpAdapter({
  corsOrigins,
  trustedProxies,
  deadlineMs,
}: HttpOptions): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: BODY_LIMIT_BYTES,
    // A request that does not arrive as a whole by then is answered 408 and its connection closed.
    requestTimeout: deadlineMs,
    // Node.js takes the longer of the two for the whole request, and its own for the head is a minute.
    http: { headersTimeout: deadlineMs, connectionsCheckingInterval: UNFINISHED_CHECK_MS },
    genReqId: requestId,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 500,
      // Every parameter is one text: of a repeated one the last counts, and nothing is an array.
      querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)),
    },
    // For a path that cannot be decoded. No hook runs then, so what they set is set here.
    frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      withStandingHeaders(reply, corsOrigins);
      sendProblem(reply, 'BAD_REQUEST');
    },
    forceCloseConnections: 'idle',
    // What still comes while the server closes is served like the rest, on a connection that ends with it.
    return503OnClosing: false,
  });
}

/** Everything of the server that is not a route: headers, CORS, cookies, body parsers, deadline, 405. */
export function prepareHttp(
  app: NestFastifyApplication,
  { corsOrigins, deadlineMs }: HttpOptions,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  bodyParsers(fastify);
  methodNotAllowed(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    withStandingHeaders(reply, corsOrigins);
    done(hasTwoHosts(request.raw.rawHeaders) ? new ShopError('BAD_REQUEST') : undefined);
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    httpResponses.inc(reply.statusCode);
    done();
  });
  limitDuration(fastify, deadlineMs);
  closeWhenIdle(fastify);
  void fastify.register(cookies);
  answerPreflights(fastify, corsOrigins);
}

/**
 * What a preflight is told beside the standing headers. Not by `app.enableCors()`, which writes every
 * header of every answer twice. The plugin has a scope to itself, where its route of OPTIONS is the only
 * one, since it copies its options for every request.
 */
function answerPreflights(fastify: FastifyInstance, corsOrigins: readonly string[]): void {
  void fastify.register(async (preflights) => {
    await preflights.register(cors, {
      origin: [...corsOrigins],
      strictPreflight: false,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      maxAge: 600,
    } satisfies FastifyCorsOptions);
  });
}

/**
 * A connection that was busy when the shutdown began stays open after its answer, for the client's
 * next request, and would hold the process for over a minute. So the idle ones are closed again and
 * again until none is left.
 */
function closeWhenIdle(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    const timer = setInterval(() => fastify.server.closeIdleConnections(), IDLE_CHECK_MS);
    fastify.server.once('close', () => clearInterval(timer));
    done();
  });
}

/**
 * Node takes the first of several Host headers and a proxy may have taken the last, so that the two
 * mean different sites; RFC 9112, 3.2 wants such a request refused.
 */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    hosts += name?.length === 4 && name.toLowerCase() === 'host' ? 1 : 0;
  }
  return hosts > 1;
}

/** What every answer has. It is for one caller, unless its route says that it may be kept. */
function withStandingHeaders(reply: FastifyReply, corsOrigins: readonly string[]): void {
  const { headers, id } = reply.request;
  const isPage = headers.accept?.includes('text/html') === true;
  reply
    .headers(isPage ? PAGE_HEADERS : PLAIN_HEADERS)
    .header('cache-control', 'no-store')
    .header('x-request-id', id)
    .header('vary', 'Origin');
  // A browser on another origin names its own; nobody else looks for the answer to that.
  if (headers.origin !== undefined && corsOrigins.includes(headers.origin)) {
    reply.headers({
      'access-control-allow-origin': headers.origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED_HEADERS,
    });
  }
}

/** What helmet sets on an answer. */
function securityHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const recorder = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  const protect = helmet({
    contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  protect({} as IncomingMessage, recorder as unknown as ServerResponse, () => undefined);
  return headers;
}

/** Answers 405 with `Allow` where the path exists for other methods, instead of 404. */
function methodNotAllowed(fastify: FastifyInstance): void {
  const routes: { readonly methods: readonly string[]; readonly path: RegExp }[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    if (url !== '*' && url !== '/*') {
      routes.push({ methods: [method].flat(), path: pathPattern(url) });
    }
  });
  // After every onRequest hook, so that this answer has the CORS and security headers too.
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.is404 || request.method === 'OPTIONS') {
      done(null, payload);
      return;
    }
    const path = request.url.split('?', 1)[0] ?? '/';
    const allowed = routes.filter((route) => route.path.test(path)).flatMap((r) => r.methods);
    if (allowed.length > 0) {
      reply.header('Allow', [...new Set(allowed)].join(', '));
    }
    done(allowed.length > 0 ? new ShopError('METHOD_NOT_ALLOWED') : null, payload);
  });
}

function pathPattern(url: string): RegExp {
  const parts = url.replace(/\/$/, '').split('/');
  const source = parts.map((part) => {
    const wildcard = part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return part.startsWith(':') ? '[^/]+' : wildcard;
  });
  return new RegExp(`^${source.join('/')}/?$`);
}
