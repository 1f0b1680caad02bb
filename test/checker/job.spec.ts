/** The checker inside the shop: one instance of the fleet runs it, all of them tell what it found. */
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.js';
import { CheckerService } from '../../src/ops/checker/checker.service.js';
import { buildSkus } from '../kit/build.js';
import { Client } from '../kit/client.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('the checker in the shop', () => {
  let shop: Shop;
  let other: NestFastifyApplication;
  let clients: Client[];
  let checkers: CheckerService[];
  let sku: number;
  beforeAll(async () => {
    shop = await startBareShop();
    other = await createApp(testSettings(shop.db.url));
    await other.listen(0, '127.0.0.1');
    clients = [new Client(shop.url), new Client(await other.getUrl())];
    checkers = [shop.app, other].map((app) => app.get(CheckerService));
    [sku = 0] = await buildSkus(shop.db, 1);
  });
  afterEach(async () => {
    await shop.db.sql('UPDATE skus SET sales = 0, stock = 100');
    await turn('full');
  });
  afterAll(async () => {
    await other.close();
    await shop.close();
  });

  /** Makes runs due, nothing else, and gives every instance its turn at once. */
  async function turn(...kinds: string[]): Promise<void> {
    await shop.db.sql('UPDATE invariant_runs SET due_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY');
    if (kinds.length > 0) {
      await shop.db.sql('UPDATE invariant_runs SET due_at = UTC_TIMESTAMP(3) WHERE kind IN (?)', [
        kinds,
      ]);
    }
    await Promise.all(checkers.map((checker) => checker.turn()));
    // Who was not chosen may have looked before the other one had ended.
    await Promise.all(checkers.map((checker) => checker.turn()));
  }
  const corrupt = () => shop.db.sql('UPDATE skus SET sales = 1, stock = 99 WHERE id = ?', [sku]);
  const runs = async () =>
    (await metric(clients[0] as Client, 'invariant_runs_total')).reduce((sum, n) => sum + n, 0);
  const ready = () => Promise.all(clients.map((client) => client.get('/health/ready/')));
  const metric = async (client: Client, name: string): Promise<number[]> => {
    const { body } = await client.get<string>('/metrics');
    return [...body.matchAll(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'gm'))].map((one) =>
      Number(one[1]),
    );
  };

  it.each(['incremental', 'full'])(
    'G21: the %s run finds it, and every instance tells; then it is put right',
    async (kind) => {
      await corrupt();
      await turn(kind);
      for (const { status, body } of await ready()) {
        expect([status, body]).toEqual([200, { status: 'degraded', broken_rules: ['I03'] }]);
      }
      expect(await metric(clients[1] as Client, 'invariant_violations')).toContain(1);
      await shop.db.sql('UPDATE skus SET sales = 0, stock = 100 WHERE id = ?', [sku]);
      await turn('incremental');
      for (const { status, body } of await ready()) {
        expect([status, body]).toEqual([200, { status: 'ok' }]);
      }
      expect(new Set(await metric(clients[1] as Client, 'invariant_violations'))).toEqual(
        new Set([0]),
      );
      expect(
        await metric(clients[1] as Client, 'invariant_last_run_timestamp_seconds'),
      ).not.toEqual([]);
    },
  );

  it('G21: a run that is due is made by one instance, and not again before its time', async () => {
    const before = await runs();
    await turn('incremental');
    expect((await runs()) - before).toBe(1);
    await turn();
    expect((await runs()) - before).toBe(1);
  });

  it('G21: the log names the rule and the rows', async () => {
    const error = vi.spyOn(Logger.prototype, 'error');
    await corrupt();
    await turn('full');
    expect(error.mock.calls).toEqual([
      [`I03 what was sold is what live orders hold: not so for SKU ${sku}`],
    ]);
    error.mockRestore();
  });

  it('G21: a run that fails comes again soon, and leaves the findings alone', async () => {
    await corrupt();
    await turn('full');
    await shop.db.sql('RENAME TABLE comments TO elsewhere');
    await expect(turn('full')).rejects.toThrow('comments');
    await shop.db.sql('RENAME TABLE elsewhere TO comments');
    const [soon] = await shop.db.sql(
      `SELECT kind FROM invariant_runs
       WHERE kind = 'full' AND due_at < UTC_TIMESTAMP(3) + INTERVAL 2 MINUTE`,
    );
    expect(soon).toEqual({ kind: 'full' });
    expect(await shop.db.sql('SELECT rule FROM invariant_findings')).toEqual([{ rule: 'I03' }]);
  });
});

it('G21: a test that leaves a broken shop behind fails when it closes it', async () => {
  const shop = await startBareShop();
  const [sku] = await buildSkus(shop.db, 1);
  await shop.db.sql('UPDATE skus SET sales = 1, stock = 99 WHERE id = ?', [sku]);
  await expect(shop.close()).rejects.toThrow('I03');
});
