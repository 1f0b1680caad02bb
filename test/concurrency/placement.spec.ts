/** Placing orders on the real database, without HTTP in front. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transactionRetries } from '../../src/common/metrics.js';
import { OrderIds } from '../../src/orders/order-id.js';
import { BatchRunner } from '../../src/orders/placement/batch-runner.js';
import type { Settled } from '../../src/orders/placement/group-lane.js';
import type { Outcome, PlaceOrder } from '../../src/orders/placement/place-order.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { freshDatabase, type FreshDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';

describe('placing batches', () => {
  let db: FreshDatabase;
  let ids: OrderIds;
  let runner: BatchRunner;

  beforeEach(async () => {
    db = await freshDatabase();
    ids = new OrderIds();
    runner = new BatchRunner(
      db.packets,
      { freightFen: 1000, expiresMs: 1_800_000, guard: 'pessimistic' },
      ids,
    );
  });
  afterEach(async () => {
    expect(await violations(db)).toEqual([]);
    await db.close();
  });

  const command = (buyer: Buyer, more: Partial<PlaceOrder> = {}): PlaceOrder => ({
    orderId: ids.next(),
    userId: buyer.id,
    addressId: buyer.addressId,
    payMethod: 2,
    requestHash: '00'.repeat(32),
    ...more,
  });

  it('places what there is and refuses the rest, in order of arrival', async () => {
    const buyers = await buildBuyers(db, 10);
    const [sku = 0] = await buildSkus(db, 1, { stock: 7 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    const results = await runner.run(buyers.map((buyer) => command(buyer)));
    expect(results.map(kindOf)).toEqual([
      ...Array<string>(7).fill('placed'),
      ...Array<string>(3).fill('STOCK_INSUFFICIENT'),
    ]);
    expect(await db.sql('SELECT stock, sales, version FROM skus')).toEqual([
      { stock: 0, sales: 7, version: 1 },
    ]);
    expect(await db.sql('SELECT user_id FROM cart_lines')).toHaveLength(3);
  });

  it('undoes one impossible order alone and places its neighbours', async () => {
    const buyers = await buildBuyers(db, 5);
    const skus = await buildSkus(db, 2, { stock: 10 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: skus })),
    );
    const commands = buyers.map((buyer, i) =>
      command(buyer, i === 2 ? { idempotencyKey: 'x'.repeat(300) } : {}),
    );
    const results = await runner.run(commands);
    expect(results.map(kindOf)).toEqual(['placed', 'placed', 'error', 'placed', 'placed']);
    expect(await db.sql('SELECT COUNT(*) AS n FROM orders')).toEqual([{ n: 4 }]);
    expect(await db.sql('SELECT stock FROM skus')).toEqual([{ stock: 6 }, { stock: 6 }]);
  });

  it('draws another id when the primary key refuses one', async () => {
    const buyers = await buildBuyers(db, 2);
    const [sku = 0] = await buildSkus(db, 1);
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    const [first, second] = buyers.map((buyer) =>
      command(buyer, { orderId: '2600000000000000001' }),
    );
    await runner.run([first as PlaceOrder]);
    const [result] = await runner.run([second as PlaceOrder]);
    expect(result).toMatchObject({ value: { kind: 'placed' } });
    expect(await db.sql('SELECT COUNT(DISTINCT id) AS n FROM orders')).toEqual([{ n: 2 }]);
  });

  it('replays a key that another process has used a moment ago', async () => {
    const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
    const [sku = 0] = await buildSkus(db, 1);
    await fillCarts(db, [{ userId: buyer.id, skuIds: [sku] }]);
    const rival = new BatchRunner(
      db.packets,
      { freightFen: 1000, expiresMs: 1, guard: 'pessimistic' },
      new OrderIds(),
    );
    const results = await Promise.all(
      [runner, rival, runner, rival].map((one) =>
        one.run([command(buyer, { idempotencyKey: 'k' })]),
      ),
    );
    const orders = await db.sql<{ id: string }>('SELECT id FROM orders');
    expect(orders).toHaveLength(1);
    for (const [result] of results) {
      expect(result).toMatchObject({ value: { orderId: orders[0]?.id } });
    }
  });

  it('optimistic: eight writers of one product deadlock nobody and sell exactly the stock', async () => {
    const buyers = await buildBuyers(db, 160);
    const [sku = 0] = await buildSkus(db, 1, { stock: 100 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    const runners = Array.from(
      { length: 8 },
      () =>
        new BatchRunner(
          db.packets,
          { freightFen: 1000, expiresMs: 1000, guard: 'optimistic' },
          new OrderIds(),
        ),
    );
    const before = await retries('deadlock');
    const results = await Promise.all(
      runners.map((one, i) => one.run(buyers.slice(i * 20, i * 20 + 20).map((b) => command(b)))),
    );
    const kinds = results.flat().map(kindOf);
    expect(kinds.filter((kind) => kind === 'placed')).toHaveLength(100);
    expect(kinds.filter((kind) => kind === 'STOCK_INSUFFICIENT')).toHaveLength(60);
    expect((await retries('deadlock')) - before).toBe(0);
  });

  it('a row somebody keeps locked refuses the orders that need it, not their neighbours', async () => {
    const buyers = await buildBuyers(db, 20);
    const skus = await buildSkus(db, 20);
    await fillCarts(
      db,
      buyers.map(({ id }, i) => ({ userId: id, skuIds: [skus[i] ?? 0] })),
    );
    const frozen = db.dataSource.createQueryRunner();
    await frozen.startTransaction();
    await frozen.query('SELECT * FROM cart_lines WHERE user_id = ? FOR UPDATE', [buyers[7]?.id]);
    const results = await runner.run(buyers.map((buyer) => command(buyer)));
    await frozen.rollbackTransaction();
    await frozen.release();
    expect(results.map(kindOf)).toEqual(buyers.map((_, i) => (i === 7 ? 'error' : 'placed')));
  });
});

/** Transactions this process has run again for this reason. */
async function retries(reason: string): Promise<number> {
  const { values } = await transactionRetries.get();
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
}

function kindOf(result: Settled<Outcome>): string {
  if ('error' in result) {
    return 'error';
  }
  return result.value.kind === 'refused' ? result.value.code : result.value.kind;
}
