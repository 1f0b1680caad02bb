/** Sums of the shop window: from the API's strings and back, never through fractions. */
import fc from '../kit/fast-check.js';
import { expect, it } from 'vitest';
import { fenOf, sumFen, yuanOf } from '../../src/shop-window/money.js';

it('writes every amount as the API does, and reads it back', () => {
  expect([0, 5, 10, 650_900].map(yuanOf)).toEqual(['0.00', '0.05', '0.10', '6509.00']);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000_000 }), (fen) => {
      expect(yuanOf(fen)).toMatch(/^\d+\.\d{2}$/);
      expect(fenOf(yuanOf(fen))).toBe(fen);
    }),
  );
});

it('adds prices up exactly', () => {
  const lines = Array.from({ length: 10 }, () => ({ price: '0.10', count: 3 }));
  expect(yuanOf(sumFen([...lines, { price: '1.15', count: 3 }]))).toBe('6.45');
});
