import { applyDecorators, type PipeTransform } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';

/** 5 to 20 letters, digits or underscores of any script, as the original's `\w` has them. */
export const USERNAME = /^[\p{L}\p{N}_]{5,20}$/u;
/** A mobile number of mainland China. */
export const MOBILE = /^1[3-9]\d{9}$/;
/** No bound of argon2: the original pages demand 8 to 20 characters. */
const PASSWORD = /^[^\p{Cc}\p{Cs}]{8,20}$/u;
/** A username that is a mobile number could log in as somebody else, so there is none. */
export const NEW_USERNAME = /^(?!1[3-9]\d{9}$)[\p{L}\p{N}_]{5,20}$/u;

export const IsNewUsername = (): PropertyDecorator =>
  Matches(NEW_USERNAME, {
    message: bilingual(
      '仅允许5-20个字符的用户名，且不能是手机号',
      '5 to 20 letters, digits or underscores, and not a mobile number',
    ),
  });

export const IsNewPassword = (): PropertyDecorator =>
  Matches(PASSWORD, { message: bilingual('仅允许8-20个字符的密码', '8 to 20 characters') });

export const IsMobile = (): PropertyDecorator =>
  Matches(MOBILE, { message: bilingual('手机号格式错误', 'Not a mobile number') });

/**
 * One line of text without control characters, blanks at its ends removed. Those that turn the
 * direction of writing are among them: on a label they would show other text than is stored. Counts characters as
 * the database does (class-validator's Length does not count an emoji's variation selector).
 */
export function IsLine(min: number, max: number, message: string): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim() : value,
    ),
    Matches(new RegExp(`^[^\\p{Cc}\\p{Cs}\\p{Bidi_Control}]{${min},${max}}$`, 'u'), { message }),
  );
}

/** A path parameter of a fixed form. Anything else is simply not found. */
export class PatternPipe implements PipeTransform<string, string> {
  constructor(private readonly pattern: RegExp) {}

  transform(value: string): string {
    if (!this.pattern.test(value)) {
      throw new ShopError('NOT_FOUND');
    }
    return value;
  }
}
