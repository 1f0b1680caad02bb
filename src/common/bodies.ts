import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ShopError } from './errors.js';

/** Deeper JSON is refused before anything walks it; recursion would exhaust the stack. */
const JSON_DEPTH_MAX = 20;
/** What a content type says of its charset, in quotes or not. */
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/gi;
const UTF8 = /^utf-?8$/i;

/** Form bodies are read only where a route asks for them, so no page can post a form elsewhere. */
export const FORM_BODY = { form: true } as const;

/** The only kinds of body there are: JSON, and forms where a route asks for them. Both are UTF-8. */
export function bodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      const body = textOf(request, bytes);
      if (body instanceof ShopError) {
        done(body, undefined);
      } else if (body === '') {
        done(null, undefined);
      } else if (jsonDepth(body) > JSON_DEPTH_MAX) {
        done(new ShopError('MALFORMED_JSON'), undefined);
      } else {
        void parseJson(request, body, (error, value) =>
          done(error || illFormed(body, value) ? new ShopError('MALFORMED_JSON') : null, value),
        );
      }
    },
  );
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      const config = request.routeOptions.config as { form?: boolean };
      const body = config.form ? textOf(request, bytes) : new ShopError('UNSUPPORTED_MEDIA_TYPE');
      if (body instanceof ShopError) {
        done(body, undefined);
      } else {
        done(null, parseForm(body));
      }
    },
  );
}

/**
 * The text of a body, or why there is none: of another charset than UTF-8, or bytes that are no
 * UTF-8, which a lenient reader would turn into damage that is stored.
 */
function textOf({ headers }: FastifyRequest, bytes: Buffer): string | ShopError {
  const type = headers['content-type'] ?? '';
  // Most say nothing of a charset, so nothing is looked for.
  const charsets = type.includes(';') ? [...type.matchAll(CHARSET)] : [];
  if (charsets.some(([, charset = '']) => !UTF8.test(charset))) {
    return new ShopError('UNSUPPORTED_MEDIA_TYPE');
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : new ShopError('BAD_REQUEST');
}

/** The deepest nesting of brackets outside strings. Cheap, and it runs before the parser. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) {
        i += 1;
      } else if (c === 0x22) {
        inString = false;
      }
    } else if (c === 0x22) {
      inString = true;
    } else if (c === 0x5b || c === 0x7b) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (c === 0x5d || c === 0x7d) {
      depth -= 1;
    }
  }
  return deepest;
}

/** Half of a surrogate pair is no text: it cannot be stored, and some validators throw at it. */
function illFormed(body: string, value: unknown): boolean {
  return /\\u[dD][89a-fA-F]/.test(body) && /\\u[dD]/.test(JSON.stringify(value));
}

/** A field sent twice becomes an array, so that the reader sees it and can refuse. */
function parseForm(body: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null) as never;
  for (const [name, value] of new URLSearchParams(body)) {
    const before = form[name];
    form[name] = before === undefined ? value : [before, value].flat();
  }
  return form;
}
