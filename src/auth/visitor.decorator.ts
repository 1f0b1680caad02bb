import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** Whoever sent a request, logged in or not, with the request and its answer for their cookies. */
export interface Visitor {
  readonly userId?: number;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The sender, as a parameter of a route that also serves callers without a token. */
export const ByVisitor = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest & { user?: Principal }>();
  return { userId: request.user?.id, request, reply: http.getResponse<FastifyReply>() };
});
