/** Passwords: how they are kept, and that nothing but the right one opens an account. */
import { expect, it } from 'vitest';
import { hashPassword, passwordMatches } from '../../../src/users/passwords.js';

it('a password is kept as Argon2id of the costs that are named, and never twice the same', async () => {
  const [one, two] = await Promise.all([hashPassword('pass-word-1'), hashPassword('pass-word-1')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(one).not.toContain('pass-word-1');
});

it('a password matches its own hash, and no other password does', async () => {
  const stored = await hashPassword('pass-word-1');
  expect(await passwordMatches(stored, 'pass-word-1')).toBe(true);
  for (const other of ['pass-word-2', 'Pass-word-1', 'pass-word-1 ', '', stored]) {
    expect([other, await passwordMatches(stored, other)]).toEqual([other, false]);
  }
});

it('nothing matches where no hash is stored, or a mark that locks the account, or a cheaper hash', async () => {
  for (const stored of [
    undefined,
    '',
    '!',
    '*',
    'pass-word-1',
    '5f4dcc3b5aa765d61d8327deb882cf99',
  ]) {
    for (const password of ['', '!', 'pass-word-1', 'password']) {
      expect([stored, await passwordMatches(stored, password)]).toEqual([stored, false]);
    }
  }
});

it('for nobody the same work is done as for somebody: it waits in the same line, which has an end', async () => {
  const refusal = { code: 'BUSY', extras: { retryAfterSeconds: 1 } };
  // The hash of nobody is made when the shop starts.
  await passwordMatches(undefined, 'pass-word-1');
  const waiting = Array.from({ length: 103 }, () => passwordMatches(undefined, 'pass-word-1'));
  // Whoever compares with the hash of nobody comes to the line a moment later.
  await Promise.resolve();
  await Promise.resolve();
  const tooMany = [hashPassword('pass-word-1'), passwordMatches('$argon2id$', 'x')];
  for (const one of [...tooMany, passwordMatches(undefined, 'x')]) {
    await expect(one).rejects.toMatchObject(refusal);
  }
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
});
