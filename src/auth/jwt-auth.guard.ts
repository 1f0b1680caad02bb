import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { ShopError } from '../common/errors.js';
import { type Principal, type Role, ROLE } from './principal.js';
import { IS_PUBLIC } from './public.decorator.js';

/**
 * Stands before every route. Deny by default: only routes marked @Public pass without a valid
 * token, and routes that name a role demand it of the token. Controllers name the guard again, for
 * the reader; its second run finds the caller known and asks only for the role.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<IAuthGuard['canActivate']> {
    if (this.marked<boolean>(context, IS_PUBLIC)) {
      return true;
    }
    const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
    return user ? this.permitted(user, context) : super.canActivate(context);
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
    this.permitted(user as unknown as Principal, context);
    return user;
  }

  private permitted(user: Principal, context: ExecutionContext): boolean {
    const role = this.marked<Role>(context, ROLE);
    if (role && user.role !== role) {
      throw new ShopError('PERMISSION_DENIED');
    }
    return true;
  }

  private marked<T>(context: ExecutionContext, key: string): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [
      context.getHandler(),
      context.getClass(),
    ]);
  }
}
