import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { ShopError } from '../common/errors.js';
import { type Principal, type Role, ROLE } from './principal.js';
import { type AuthorizedRequest, tokenOf } from './jwt.strategy.js';
import { IS_PUBLIC, TOKEN_OPTIONAL } from './public.decorator.js';
import { Tokens } from './tokens.js';

/**
 * Stands before every route. Deny by default: only routes marked @Public pass without a valid
 * token, those marked @TokenOptional without any, and routes that name a role demand it of the
 * token. Controllers name the guard again, for the reader; its second run finds the caller known
 * and asks only for the role.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: Tokens,
  ) {
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
  ): T | undefined {
    if (error || !user) {
      if (this.anonymous(context)) {
        return undefined;
      }
      throw new ShopError('NOT_AUTHENTICATED');
    }
    this.permitted(user as unknown as Principal, context);
    return user;
  }

  /** True where a token may be missing, and none of ours was sent. */
  private anonymous(context: ExecutionContext): boolean {
    if (!this.marked<boolean>(context, TOKEN_OPTIONAL)) {
      return false;
    }
    const token = tokenOf(context.switchToHttp().getRequest<AuthorizedRequest>());
    return token === null || !this.tokens.wasOurs(token);
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
