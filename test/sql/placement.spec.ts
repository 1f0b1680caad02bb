/**
 * The statements of placing orders, recorded and compared with the files beside this test
 * (`npm test -- test/sql -u` writes them anew). What is sent can be reviewed, nothing is hidden, and
 * a batch needs no more statements than one order. The queue sends what the pessimistic one does.
 * Statements between two empty lines travel in one packet.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderIds } from '../../src/orders/order-id.js';
import { BatchRunner } from '../../src/orders/placement/batch-runner.js';
import type { SkuGuard } from '../../src/orders/placement/placement.store.js';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { freshDatabase, type FreshDatabase } from '../kit/database.js';
import { Recorder } from '../kit/recorder.js';

describe.each<SkuGuard>(['pessimistic', 'optimistic'])('statements, %s', (guard) => {
  let db: FreshDatabase;
  beforeAll(async () => {
    db = await freshDatabase();
  });
  afterAll(() => db.close());

  async function record(orders: number): Promise<Recorder> {
    const ids = new OrderIds();
    const runner = new BatchRunner(db.packets, { freightFen: 1000, expiresMs: 1000, guard }, ids);
    const buyers = await buildBuyers(db, orders);
    const skus = await buildSkus(db, 3);
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: skus })),
    );
    const commands = buyers.map(({ id, addressId }) => ({
      orderId: ids.next(),
      userId: id,
      addressId,
      payMethod: 2 as const,
      idempotencyKey: 'key',
      requestHash: '00'.repeat(32),
    }));
    const recorder = Recorder.on(db.packets);
    const results = await runner.run(commands);
    expect(results.filter((r) => 'value' in r && r.value.kind === 'placed')).toHaveLength(orders);
    return recorder;
  }

  it.each([1, 64])('%i order(s)', async (orders) => {
    const { packets, statements } = await record(orders);
    const text = packets.map((packet) => `${packet.join(';\n')};\n`).join('\n');
    await expect(text).toMatchFileSnapshot(`${guard}-${orders}.sql`);
    expect(statements.length).toBeLessThanOrEqual(10);
    expect(packets.length).toBeLessThanOrEqual(guard === 'pessimistic' ? 3 : 4);
    const read = statements.findIndex((sql) => sql.includes('JOIN skus s FORCE INDEX'));
    const write = statements.findIndex((sql) => /^(INSERT|UPDATE|DELETE)/.test(sql));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(write);
    expect(statements[read]?.endsWith('s.id = t.sku_id FOR UPDATE')).toBe(guard === 'pessimistic');
  });
});

it('no index of the products holds what an order changes', async () => {
  const db = await freshDatabase();
  const indexed = await db.sql<{ name: string }>(
    `SELECT DISTINCT COLUMN_NAME AS name FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'skus'`,
  );
  await db.close();
  const names = indexed.map(({ name }) => name);
  expect(names).toContain('price_fen');
  const changed = ['stock', 'sales', 'version', 'touched_at'];
  expect(names.filter((name) => changed.includes(name))).toEqual([]);
});
