import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { ShopError } from '../common/errors.js';
import { type Principal, type Role, ROLE } from './principal.js';
import { type AuthorizedRequest, tokenOf } from './jwt.strategy.js';
import { IS_PUBLIC, TOKEN_OPTIONAL } from './public.decorator.js';
import { Tokens } from './tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

/**
 * Stands before every route. Deny by default: only routes marked @Public pass without a valid
 * token, those marked @TokenOptional without any, and routes that name a role demand it of the
 * token. A token that passport has verified before is looked up instead. Controllers name the guard
 * again, for the reader; its second run finds the caller known and asks only for the role.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  private readonly rules = new WeakMap<object, Rule>();

  constructor(
    private readonly reflector: Reflector,
    private readonly verified: VerifiedTokens,
    private readonly tokens: Tokens,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<IAuthGuard['canActivate']> {
    const rule = this.ruleOf(context);
    if (rule.isPublic) {
      return true;
    }
    const request = context.switchToHttp().getRequest<Request>();
    request.user ??= this.verified.principalOf(request.headers.authorization);
    return request.user ? permitted(request.user, rule) : super.canActivate(context);
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
    permitted(user as unknown as Principal, this.ruleOf(context));
    return user;
  }

  /** True where a token may be missing, and none of ours was sent. */
  private anonymous(context: ExecutionContext): boolean {
    if (!this.ruleOf(context).isTokenOptional) {
      return false;
    }
    const token = tokenOf(context.switchToHttp().getRequest<AuthorizedRequest>());
    return token === null || !this.tokens.wasOurs(token);
  }

  /** What the decorators say, read once for each route. No handler belongs to two controllers. */
  private ruleOf(context: ExecutionContext): Rule {
    const handler = context.getHandler();
    const known = this.rules.get(handler);
    if (known) {
      return known;
    }
    const marks = [handler, context.getClass()];
    const rule = {
      isPublic: this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, marks) === true,
      isTokenOptional:
        this.reflector.getAllAndOverride<boolean | undefined>(TOKEN_OPTIONAL, marks) === true,
      role: this.reflector.getAllAndOverride<Role | undefined>(ROLE, marks),
    };
    this.rules.set(handler, rule);
    return rule;
  }
}

interface Request extends AuthorizedRequest {
  user?: Principal | undefined;
}

interface Rule {
  readonly isPublic: boolean;
  readonly isTokenOptional: boolean;
  readonly role: Role | undefined;
}

function permitted(user: Principal, { role }: Rule): boolean {
  if (role && user.role !== role) {
    throw new ShopError('PERMISSION_DENIED');
  }
  return true;
}
