import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Forms that several settings share. */

/** A whole number in digits, from `min` to `max`. */
export function WholeNumber(min: number, max: number): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(
    Type(() => Number),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
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

/** Whether this is what a browser sends as `Origin`: scheme, host and port, and no pattern. */
export function isOrigin(text: string): boolean {
  const isWritten = /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text);
  return isWritten && new URL(text).origin === text;
}
