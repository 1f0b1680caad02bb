import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'isPublic';
/** Metadata key of routes that serve callers without a token too, see @TokenOptional. */
export const TOKEN_OPTIONAL = 'tokenOptional';

/** Opens a route to callers without a token. Every route not marked so demands one. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(IS_PUBLIC, true);
