import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import { parseYuan, yuan } from '../../src/common/money.js';

describe('money', () => {
  it('writes fen as yuan with two decimals', () => {
    expect([0, 1, 10, 100, 649_900, -5].map(yuan)).toEqual([
      '0.00',
      '0.01',
      '0.10',
      '1.00',
      '6499.00',
      '-0.05',
    ]);
  });

  it('reads back every amount it writes', () => {
    fc.assert(fc.property(fc.nat(10_000_000_000), (fen) => parseYuan(yuan(fen)) === fen));
  });

  it('reads tenths as tenths, and yuan without a point', () => {
    expect(['6499.5', '0.05', '7', '1234567890123'].map(parseYuan)).toEqual([
      649_950, 5, 700, 123_456_789_012_300,
    ]);
  });

  it('refuses what is no amount of money', () => {
    for (const text of [
      '',
      '1.005',
      '-1',
      '1e3',
      '.5',
      '1.',
      ' 1',
      '0x10',
      '99999999999999',
      '1.00x',
      'x1.00',
    ]) {
      expect(parseYuan(text), text).toBeUndefined();
    }
    expect(() => yuan(0.5)).toThrow(new RangeError('not an amount in fen: 0.5'));
    expect(() => yuan(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
  });
});
