import { expect, it } from 'vitest';
import type { Principal } from '../../src/auth/principal.js';
import type { Revocations } from '../../src/auth/revocations.js';
import { VerifiedTokens } from '../../src/auth/verified-tokens.js';

const principal: Principal = { id: 1, username: 'a', role: 'buyer', version: 3 };
const revoking = (revoked: boolean) => ({ revoked: () => revoked }) as unknown as Revocations;

it('a token is good until the second it expires, leeway of 30 s included', () => {
  const tokens = new VerifiedTokens(revoking(false));
  tokens.add('Bearer t', { principal, exp: 1100 });
  expect(tokens.principalOf('Bearer t', 1_129_999)).toEqual(principal);
  expect(tokens.principalOf('Bearer t', 1_130_000)).toBeUndefined();
});

it('revocation is asked at every look', () => {
  let revoked = false;
  const revocations = { revoked: () => revoked } as unknown as Revocations;
  const tokens = new VerifiedTokens(revocations);
  tokens.add('Bearer t', { principal, exp: 1100 });
  expect(tokens.principalOf('Bearer t', 0)).toEqual(principal);
  revoked = true;
  expect(tokens.principalOf('Bearer t', 0)).toBeUndefined();
});

it('remembers no header that somebody has made long', () => {
  const tokens = new VerifiedTokens(revoking(false));
  const long = `JWT${' '.repeat(1000)}t`;
  const longest = `JWT ${'t'.repeat(996)}`;
  tokens.add(long, { principal, exp: 1 });
  tokens.add(longest, { principal, exp: 1 });
  expect(tokens.principalOf(long, 0)).toBeUndefined();
  expect(tokens.principalOf(longest, 0)).toEqual(principal);
});

it('holds no more than its bound, the oldest goes first', () => {
  const tokens = new VerifiedTokens(revoking(false));
  for (const token of ['a', 'b', 'c']) {
    tokens.add(token, { principal, exp: 1 }, 2);
  }
  expect(['a', 'b', 'c'].map((token) => tokens.principalOf(token, 0) !== undefined)).toEqual([
    false,
    true,
    true,
  ]);
});
