/** What may be a name, a number, a password, a line of text: the forms of an account. */
import { describe, expect, it } from 'vitest';
import { judged } from '../../../src/common/validation.pipe.js';
import {
  IsLine,
  IsMobile,
  IsNewPassword,
  IsNewUsername,
  MOBILE,
  PatternPipe,
  USERNAME,
} from '../../../src/users/rules.js';

/** What is wrong with a value under a rule, in both languages; undefined when nothing is. */
function wrong(rule: PropertyDecorator, value: unknown): string | undefined {
  class Form {
    field: unknown;
  }
  rule(Form.prototype, 'field');
  try {
    judged(Form, { field: value });
    return undefined;
  } catch (error) {
    const { extras } = error as { extras: { fields: { message: string }[] } };
    return extras.fields[0]?.message;
  }
}

const LONG = '美'.repeat(20);
const NAMES = [
  'abcde',
  'ABC_9',
  '12345',
  '美多商城用户',
  LONG,
  'é_١٢٣4',
  '1380013800',
  '138001380000',
];
const NO_NAMES = [
  '',
  'abcd',
  `${LONG}a`,
  'with-dash',
  'with blank',
  ' abcde',
  'abcde ',
  'abc\nde',
  'abcde\n',
  'a.b.c.d',
];
const NUMBERS = ['13000000000', '19999999999', '15912345678'];
const NO_NUMBERS = [
  '',
  '12345678901',
  '1380013800',
  '138001380000',
  '23800138000',
  '1380013800a',
  ' 13800138000',
  'a13800138000',
  '13800138000\n',
  '１３８００１３８０００',
];

describe('a user name', () => {
  it('is 5 to 20 letters, digits or underscores of any script', () => {
    for (const name of NAMES) {
      expect([name, USERNAME.test(name), wrong(IsNewUsername(), name)]).toEqual([
        name,
        true,
        undefined,
      ]);
    }
    for (const name of NO_NAMES) {
      expect([name, USERNAME.test(name)]).toEqual([name, false]);
      expect([name, wrong(IsNewUsername(), name)]).toEqual([
        name,
        expect.stringMatching(/^仅允许5-20个字符的用户名.*5 to 20 letters/s),
      ]);
    }
  });

  it('that is new is no mobile number, by which somebody else would log in', () => {
    for (const number of NUMBERS) {
      expect([number, USERNAME.test(number)]).toEqual([number, true]);
      expect(wrong(IsNewUsername(), number)).toMatch(/不能是手机号.*not a mobile number/s);
    }
    expect(wrong(IsNewUsername(), '12345678901')).toBeUndefined();
    expect(wrong(IsNewUsername(), '13800138000a')).toBeUndefined();
    expect(wrong(IsNewUsername(), 'a13800138000')).toBeUndefined();
  });
});

it('a mobile number is one of mainland China: eleven digits from 13 to 19', () => {
  for (const number of NUMBERS) {
    expect([number, MOBILE.test(number), wrong(IsMobile(), number)]).toEqual([
      number,
      true,
      undefined,
    ]);
  }
  for (const number of [...NO_NUMBERS, 13_800_138_000, null]) {
    expect([number, MOBILE.test(String(number)) && typeof number === 'string']).toEqual([
      number,
      false,
    ]);
    expect(wrong(IsMobile(), number)).toMatch(/^手机号格式错误.Not a mobile number$/s);
  }
});

it('a new password is 8 to 20 characters of any kind but control characters and half ones', () => {
  for (const password of [
    '12345678',
    'a b-c+d=',
    '密码密码密码密码',
    '😀'.repeat(20),
    'x'.repeat(20),
  ]) {
    expect([password, wrong(IsNewPassword(), password)]).toEqual([password, undefined]);
  }
  for (const password of [
    '1234567',
    'x'.repeat(21),
    '1234567\n',
    '\t12345678',
    '12345678\0',
    '1234567\ud800',
    12_345_678,
  ]) {
    expect([password, wrong(IsNewPassword(), password)]).toEqual([
      password,
      expect.stringMatching(/^仅允许8-20个字符的密码.8 to 20 characters$/s),
    ]);
  }
});

describe('a line of text', () => {
  const read = (text: unknown) => {
    class Form {
      @IsLine(1, 4, 'not a line') text: string;
    }
    return (judged(Form, { text }) as Form).text;
  };

  it('loses the blanks at its ends, and its characters are counted as the database counts them', () => {
    expect(['a', '  a b  ', '美多商城', '😀😀😀😀', '\nab\n'].map(read)).toEqual([
      'a',
      'a b',
      '美多商城',
      '😀😀😀😀',
      'ab',
    ]);
  });

  it.each([
    '',
    '   ',
    'abcde',
    '☀️☀️☀',
    'a\nb',
    'a\u202eb',
    '\u2067a',
    'a\ud800',
    'a\u0000',
    7,
    null,
    ['a'],
  ])('may not be %j', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        extras: { fields: [{ field: 'text', message: expect.stringContaining('not a line') }] },
      }),
    );
  });
});

it('a parameter of a path that has not its form is not found, any other stays as it is', () => {
  const pipe = new PatternPipe(/^\d+$/);
  expect(pipe.transform('0012')).toBe('0012');
  expect(() => pipe.transform('12a')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});
