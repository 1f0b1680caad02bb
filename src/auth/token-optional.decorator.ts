import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { Refuses } from '../common/refuses.decorator.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { TOKEN_OPTIONAL } from './public.decorator.js';

/**
 * For controllers that serve a caller with a token as that user, and one without as nobody. What
 * never was a token of ours (`JWT undefined`, a forgery) counts as none. One that was ours and is
 * good no more is answered 401: taken for none, it would show its owner somebody else's state.
 */
export function TokenOptional(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(TOKEN_OPTIONAL, true),
    UseGuards(JwtAuthGuard),
    ApiBearerAuth(),
    ApiSecurity({}),
    Refuses('NOT_AUTHENTICATED'),
  );
}
