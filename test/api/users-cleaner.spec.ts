/** Codes and quotas keep mobile numbers: what is over is deleted, and nothing that still says something. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ShopError } from '../../src/common/errors.js';
import { withinQuota } from '../../src/users/quotas.js';
import { SmsCodes } from '../../src/users/sms/sms-codes.js';
import { UsersCleaner } from '../../src/users/users-cleaner.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('old codes and quotas', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startBareShop();
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    await shop.db.sql('DELETE FROM sms_codes');
    await shop.db.sql('DELETE FROM quotas');
  });

  const codeOf = (mobile: string, endedSeconds: number) =>
    shop.db.sql(
      `INSERT INTO sms_codes (mobile, code_hash, tries_left, sent_at, expires_at)
       VALUES (?, REPEAT('x', 32), 5, UTC_TIMESTAMP(3) - INTERVAL ? SECOND,
               UTC_TIMESTAMP(3) - INTERVAL ? SECOND)`,
      [mobile, endedSeconds + 300, endedSeconds],
    );
  const quotaOf = (subject: string, endedSeconds: number) =>
    shop.db.sql(
      `INSERT INTO quotas (name, subject, used, resets_at)
       VALUES ('sms', ?, 10, UTC_TIMESTAMP(3) - INTERVAL ? SECOND)`,
      [subject, endedSeconds],
    );
  const left = async () => ({
    codes: (
      await shop.db.sql<{ m: string }>('SELECT mobile AS m FROM sms_codes ORDER BY mobile')
    ).map(({ m }) => m),
    quotas: (
      await shop.db.sql<{ s: string }>('SELECT subject AS s FROM quotas ORDER BY subject')
    ).map(({ s }) => s),
  });
  const clean = (batch?: number) => shop.app.get(UsersCleaner).clean(batch);
  const number = (i: number) => `1380001${String(i).padStart(4, '0')}`;

  it('are deleted, in as many batches as it takes, and living ones stay', async () => {
    for (let i = 0; i < 7; i += 1) {
      await codeOf(number(i), 61 + i);
      await quotaOf(number(i), 1 + i);
    }
    await codeOf(number(20), 50);
    await codeOf(number(21), -200);
    await quotaOf(number(22), -60);
    await clean(3);
    expect(await left()).toEqual({ codes: [number(20), number(21)], quotas: [number(22)] });
    await clean();
    expect(await left()).toEqual({ codes: [number(20), number(21)], quotas: [number(22)] });
  });

  it('go on saying that a number had its message of this minute, and its ten of this day', async () => {
    const sms = shop.app.get(SmsCodes);
    await sms.send(number(30));
    // Used at once: the code is over, the minute is not.
    await shop.db.sql('UPDATE sms_codes SET expires_at = UTC_TIMESTAMP(3)');
    await clean();
    await expect(sms.send(number(30))).rejects.toMatchObject({ code: 'SMS_TOO_FREQUENT' });
    await quotaOf(number(31), -60);
    await clean();
    await expect(
      withinQuota(shop.db.dataSource, 'sms', number(31), () => Promise.resolve()),
    ).rejects.toBeInstanceOf(ShopError);
    expect(await left()).toEqual({ codes: [number(30)], quotas: [number(30), number(31)] });
  });

  it('are found by an index, however many there are', async () => {
    for (const [table, column] of [
      ['sms_codes', 'expires_at'],
      ['quotas', 'resets_at'],
    ] as const) {
      const [plan] = await shop.db.sql<{ key: string }>(
        `EXPLAIN DELETE FROM ${table} WHERE ${column} < UTC_TIMESTAMP(3) ORDER BY ${column} LIMIT 500`,
      );
      expect(plan?.key).toBe(`ix_${table}_end`);
    }
  });
});
