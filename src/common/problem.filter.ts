import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, ShopError } from './errors.js';
import { faultLog } from './fault-log.js';
import { languageOf } from './language.js';
import { problem, PROBLEM_TYPE } from './problem.js';

/** Codes for refusals of the framework itself (routing, parsing, limits). */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  401: 'NOT_AUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
};

/** When to come again after a 503 that does not say it. */
const NOT_NOW_SECONDS = 2;

/** Turns an error of the database into "not now" where that is what it means. */
export type Translate = (error: unknown) => ShopError | undefined;

/** The only translator of errors into HTTP: one problem document for every refusal and fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(private readonly translate: Translate) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.asShopError(thrown);
    if (error.code === 'INTERNAL') {
      this.logger.error(
        `${request.method} ${request.routeOptions.url ?? 'unknown route'} ${request.id}`,
        traceOf(thrown),
      );
    }
    const language = languageOf(request.headers['accept-language']);
    const document = problem(error.code, error.extras, language, request.id);
    if (document.status >= 500 && error.code !== 'INTERNAL' && !reply.sent) {
      faultLog.tell(request, document.status, error.code);
    }
    if (document.status === 401) {
      reply.header('WWW-Authenticate', 'JWT realm="api"');
    }
    const wait = error.extras.retryAfterSeconds ?? (document.status === 503 ? NOT_NOW_SECONDS : 0);
    if (wait > 0) {
      reply.header('Retry-After', String(wait));
    }
    void reply
      .status(document.status)
      .header('Content-Language', language)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(document));
  }

  private asShopError(thrown: unknown): ShopError {
    if (thrown instanceof ShopError) {
      return thrown;
    }
    const status = thrown instanceof HttpException ? thrown.getStatus() : statusCodeOf(thrown);
    const code = status === undefined ? undefined : BY_STATUS[status];
    return code ? new ShopError(code) : (this.translate(thrown) ?? new ShopError('INTERNAL'));
  }
}

/**
 * What the log is told of a fault. The database's own words hold what it could not store, which may be
 * somebody's address, so of its errors only the kind and the place are told.
 */
function traceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return `something that is no error was thrown: ${typeof thrown}`;
  }
  const { driverError = thrown } = thrown as { driverError?: unknown };
  const { code, errno } = driverError as { code?: string; errno?: number };
  if (errno === undefined) {
    return thrown.stack ?? thrown.message;
  }
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${thrown.name}: ${code} (${errno})`, ...frames].join('\n');
}

/** Fastify marks its own refusals (body too large, unknown content type) with a status code. */
function statusCodeOf(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status < 500 ? status : undefined;
}
