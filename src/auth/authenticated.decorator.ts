import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { Refuses } from '../common/refuses.decorator.js';
import { IS_PUBLIC, TOKEN_OPTIONAL } from './public.decorator.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { type Role, ROLE } from './principal.js';

/**
 * For controllers (or single routes) that serve a logged-in caller: the guard, and what it means
 * for the OpenAPI document. With a role, callers without it are answered 403. The guard is global
 * as well, so a controller that forgets this line is closed, not open.
 */
export function Authenticated(role?: Role): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...(role ? [SetMetadata(ROLE, role), Refuses('PERMISSION_DENIED')] : []),
    SetMetadata(IS_PUBLIC, false),
    SetMetadata(TOKEN_OPTIONAL, false),
    UseGuards(JwtAuthGuard),
    ApiBearerAuth(),
    Refuses('NOT_AUTHENTICATED'),
  );
}
