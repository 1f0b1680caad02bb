import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Forms that several settings share. */

/** A whole number in digits, from `min` to `max`. */
export function WholeNumber(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Type(() => Number),
    IsInt(),
    Min(min),
    Max(max),
  );
}

export const URL_RULE = {
  require_tld: false,
  require_protocol: true,
  protocols: ['http', 'https'],
};
export const WEBHOOK_RULE = {
  protocols: ['http', 'https'],
  disallow_auth: true,
  allow_fragments: false,
  max_allowed_length: 500,
};

/** The items between commas. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
