import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceOf } from './error-words.js';
import { type ErrorCode, ShopError, statusOf } from './errors.js';
import { faultLog } from './fault-log.js';
import { sendProblem } from './problem.js';

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
    const status = statusOf(error.code);
    if (status >= 500 && error.code !== 'INTERNAL' && !reply.sent) {
      faultLog.tell(request, status, error.code);
    }
    if (status === 401) {
      reply.header('WWW-Authenticate', 'JWT realm="api"');
    }
    const wait = error.extras.retryAfterSeconds ?? (status === 503 ? NOT_NOW_SECONDS : 0);
    if (wait > 0) {
      reply.header('Retry-After', String(wait));
    }
    sendProblem(reply, error.code, error.extras);
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

/** Fastify marks its own refusals (body too large, unknown content type) with a status code. */
function statusCodeOf(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status < 500 ? status : undefined;
}
