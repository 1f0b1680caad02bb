import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, ShopError } from './errors.js';

/**
 * The pipe of every route: unknown members are refused (no mass assignment), nothing is converted
 * unless the DTO says so with @Type or @Transform, and all wrong fields are answered together.
 */
export function validationPipe(): ValidationPipe {
  return new StrictPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ShopError('VALIDATION_FAILED', { fields: flatten(errors) }),
  });
}

/**
 * Leaves single parameters of a path or query as the text they are: Nest would make a number of
 * `:id`, so that `/skus/3.0/` were SKU 3, and round an order id beyond 2^53.
 */
class StrictPipe extends ValidationPipe {
  protected override transformPrimitive(value: unknown): unknown {
    return value;
  }
}

function flatten(errors: readonly ValidationError[], prefix = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...flatten(error.children ?? [], `${field}.`)];
  });
}
