import {
  applyDecorators,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { ShopError } from '../common/errors.js';
import type { LimitName } from '../common/rate-limits.js';
import { Refuses } from '../common/refuses.decorator.js';
import { type LimitedRequest, RateLimits } from './rate-limits.service.js';

const LIMIT = 'rateLimit';

/** Counts before the route is reached, wrong requests too; tells the count, or answers 429. */
@Injectable()
class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.limits.on ? this.counted(context) : true;
  }

  private async counted(context: ExecutionContext): Promise<boolean> {
    const name = this.reflector.get<LimitName>(LIMIT, context.getHandler());
    const http = context.switchToHttp();
    const verdict = await this.limits.take(name, http.getRequest<LimitedRequest>());
    if (!verdict) {
      return true;
    }
    http.getResponse<FastifyReply>().headers({
      'RateLimit-Limit': String(verdict.limit),
      'RateLimit-Remaining': String(verdict.remaining),
      'RateLimit-Reset': String(verdict.resetSeconds),
      'RateLimit-Policy': verdict.policy,
    });
    if (!verdict.allowed) {
      throw new ShopError('TOO_MANY_REQUESTS', { retryAfterSeconds: verdict.resetSeconds });
    }
    return true;
  }
}

/** Tells the limits when a request has proved who the caller is. */
@Injectable()
class ProofInterceptor implements NestInterceptor {
  private readonly logger = new Logger('RateLimits');

  constructor(
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.limits.on) {
      return next.handle();
    }
    const name = this.reflector.get<LimitName>(LIMIT, context.getHandler());
    const request = context.switchToHttp().getRequest<LimitedRequest>();
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        await this.limits
          .proved(name, request)
          .catch(() => this.logger.warn('a login could not be remembered'));
        return answer;
      }),
    );
  }
}

/**
 * Limits how often a route may be called, by the rule of that name in `common/rate-limits.ts`. With
 * `proves`, an answer that is no error proves the account that the request names.
 */
export function RateLimited(name: LimitName, { proves = false } = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(LIMIT, name),
    UseGuards(RateLimitGuard),
    ...(proves ? [UseInterceptors(ProofInterceptor)] : []),
    Refuses('TOO_MANY_REQUESTS'),
  );
}
