import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/**
 * An integer that may arrive as a numeric string, as the original pages send radio buttons. Nothing
 * else is converted: `true`, `null`, `[5]`, `""` and `1.5` stay what they are and are refused.
 */
export function IntegerOrDigits(min: number, max: number, message?: string): PropertyDecorator {
  const options = message === undefined ? {} : { message };
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt(options),
    Min(min, options),
    Max(max, options),
  );
}
