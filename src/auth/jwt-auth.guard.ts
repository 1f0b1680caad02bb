import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { ShopError } from '../common/errors.js';
import { type Principal, type Role, ROLE } from './principal.js';
import { IS_PUBLIC } from './public.decorator.js';

/**
 * Stands before every route. Deny by default: only routes marked @Public pass without a valid
 * token, and routes that name a role demand it of the token.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<IAuthGuard['canActivate']> {
    return this.marked<boolean>(context, IS_PUBLIC) === true || super.canActivate(context);
  }

  override handleRequest<T = Principal>(
    error: unknown,
    user: T | false,
    _info: unknown,
    context: ExecutionContext,
  ): T {
    if (error || !user) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    const role = this.marked<Role>(context, ROLE);
    if (role && (user as unknown as Principal).role !== role) {
      throw new ShopError('PERMISSION_DENIED');
    }
    return user;
  }

  private marked<T>(context: ExecutionContext, key: string): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [
      context.getHandler(),
      context.getClass(),
    ]);
  }
}
