/** The rules of limits: the setting that changes them, what a caller is told, and who may wait. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/common/gate.js';
import { type Limit, limitTable } from '../../src/common/rate-limits.js';
import { verdictOf } from '../../src/limits/verdict.js';

describe('RATE_LIMIT_OVERRIDES', () => {
  it('changes the limits it names and no other', () => {
    const table = limitTable('login.account+address=3/60, orders.account=10/5');
    const before = limitTable('');
    expect(table?.login.limits).toContainEqual({
      per: 'account+address',
      points: 3,
      seconds: 60,
    });
    expect(table?.login.limits.filter(({ per }) => per !== 'account+address')).toEqual(
      before?.login.limits.filter(({ per }) => per !== 'account+address'),
    );
    expect(table?.orders.limits).toEqual([{ per: 'account', points: 10, seconds: 5 }]);
    expect(table?.sms).toEqual(before?.sms);
  });

  it.each([
    'login',
    'login.address',
    'login.address=0/60',
    'login.address=5/0',
    'login.address=5',
    'login.everything=5/60',
    'orders.address=5/60',
    'nothing.address=5/60',
    'constructor.address=5/60',
    'login.address=5/60;orders.account=1/1',
  ])('refuses %s', (text) => {
    expect(limitTable(text)).toBeUndefined();
  });
});

describe('a caller is told', () => {
  const pair: Limit = { per: 'account+address', points: 10, seconds: 600 };
  const address: Limit = { per: 'address', points: 100, seconds: 60 };

  it('of the limit that is nearest', () => {
    const states = [
      { limit: address, points: 5, resetsInMs: 59_001 },
      { limit: pair, points: 4, resetsInMs: 500_000 },
    ];
    expect(verdictOf(states)).toEqual({
      allowed: true,
      limit: 10,
      remaining: 6,
      resetSeconds: 500,
      policy: '100;w=60, 10;w=600',
    });
  });

  it('to wait for the limit that lasts longest when several are passed', () => {
    const states = [
      { limit: address, points: 101, resetsInMs: 10_000 },
      { limit: pair, points: 11, resetsInMs: 30_000 },
    ];
    expect(verdictOf(states)).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 30 });
  });

  it('that the last request is allowed and the one after it is not', () => {
    const state = { limit: pair, resetsInMs: 1 };
    expect(verdictOf([{ ...state, points: 10 }])).toMatchObject({ allowed: true, remaining: 0 });
    expect(verdictOf([{ ...state, points: 11 }])).toMatchObject({ allowed: false });
  });
});

describe('a gate', () => {
  it('runs so many at once, lets so many wait in order, and refuses the rest', async () => {
    const gate = new Gate(2, 2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3, 4].map((n) =>
      gate.run(() => {
        begun.push(n);
        return new Promise<number>((resolve) => ends.push(() => resolve(n)));
      }),
    );
    await expect(all[4]).rejects.toMatchObject({ code: 'BUSY', extras: { retryAfterSeconds: 1 } });
    await turn();
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await all[0];
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    ends.slice(1).forEach((end) => end());
    await turn();
    ends.forEach((end) => end());
    expect(await Promise.all(all.slice(0, 4))).toEqual([0, 1, 2, 3]);
  });

  it('gives the place of a piece of work that fails to the next one', async () => {
    const gate = new Gate(1, 1);
    const failing = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await gate.run(() => Promise.resolve('again'))).toBe('again');
  });
});
