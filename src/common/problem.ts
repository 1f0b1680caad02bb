import type { FastifyReply } from 'fastify';
import { type ErrorCode, type ErrorExtras, type Language, statusOf, textOf } from './errors.js';
import { languageOf, localised } from './language.js';

/** RFC 9457 problem document with the members the original pages read. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly [member: string]: unknown;
}

const LEGACY_NAME = /^[a-z][a-z0-9_]*$/;
const RESERVED = new Set([
  'type',
  'title',
  'status',
  'detail',
  'code',
  'request_id',
  'errors',
  'message',
  'non_field_errors',
]);

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/**
 * One document for two worlds. Beside the standard members it carries what the original pages
 * read: `message`; `"0"`, since the order page shows `data[0]`; one array per wrong field; and
 * `non_field_errors` where a 400 is not about one field.
 */
export function problem(
  code: ErrorCode,
  extras: ErrorExtras,
  language: Language,
  requestId: string,
): Problem {
  const status = statusOf(code);
  const fields = (extras.fields ?? []).map(({ field, message }) => ({
    field,
    message: localised(message, language),
  }));
  const text = fields[0]?.message ?? textOf(code, language);
  const legacy: Record<string, unknown> = { '0': text, message: text };
  for (const { field, message } of fields) {
    if (LEGACY_NAME.test(field) && !RESERVED.has(field)) {
      legacy[field] = [...((legacy[field] as string[] | undefined) ?? []), message];
    }
  }
  if (status === 400 && fields.length === 0) {
    legacy['non_field_errors'] = [text];
  }
  return {
    type: `urn:meiduo:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: textOf(code, language),
    status,
    detail: text,
    code,
    request_id: requestId,
    ...(fields.length > 0 ? { errors: fields } : {}),
    ...extras.members,
    ...legacy,
  };
}

/** Answers with the problem document of a code, in the language that the request prefers. */
export function sendProblem(reply: FastifyReply, code: ErrorCode, extras: ErrorExtras = {}): void {
  const { headers, id } = reply.request;
  const language = languageOf(headers['accept-language']);
  const document = problem(code, extras, language, id);
  const varies = [reply.getHeader('vary'), 'Accept-Language'].filter(Boolean).join(', ');
  void reply
    .status(document.status)
    .headers({ 'Content-Language': language, Vary: varies })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(document));
}
