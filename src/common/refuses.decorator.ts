import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ErrorCode, statusOf, textOf } from './errors.js';

/** A problem document as an answer of the OpenAPI document. */
export function problemResponse(description: string) {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}

/** Documents the refusals of a route: one answer per status, with all its codes. */
export function Refuses(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  }
  return applyDecorators(
    ...[...byStatus].map(([status, list]) =>
      ApiResponse({
        status,
        ...problemResponse(list.map((code) => `\`${code}\` ${textOf(code, 'en')}`).join('; ')),
      }),
    ),
  );
}
