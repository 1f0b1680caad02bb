import { expect, it } from 'vitest';
import { VerifiedTokens } from '../../src/auth/verified-tokens.js';

it('forgets a token in the second it expires, leeway included', () => {
  let nowMs = 1_000_000;
  const tokens = new VerifiedTokens<{ exp: number }>(10, 30, () => nowMs);
  tokens.add('t', { exp: 1100 });
  nowMs = 1_129_999;
  expect(tokens.get('t')).toEqual({ exp: 1100 });
  nowMs = 1_130_000;
  expect(tokens.get('t')).toBeUndefined();
});

it('holds no more than its bound, the oldest goes first', () => {
  const tokens = new VerifiedTokens<{ exp: number }>(2, 0, () => 0);
  for (const token of ['a', 'b', 'c']) {
    tokens.add(token, { exp: 1 });
  }
  expect(['a', 'b', 'c'].map((token) => tokens.get(token) !== undefined)).toEqual([
    false,
    true,
    true,
  ]);
});
