/**
 * Orders of five lines out of twenty products that everybody wants, and some canceled at once: the
 * lock order leaves no room for a deadlock. Where the database makes up one all the same, or a lock
 * wait that ends, the shop tries again, at most three times, and nobody is answered 500.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { randomFrom } from '../bench/random.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { insist } from '../kit/insist.js';
import { violations } from '../kit/invariants.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';
import { testSettings } from '../kit/settings.js';
import { blocked } from '../kit/transactions.js';

const STRATEGIES = ['pessimistic', 'optimistic'] as const;
const ORDERS = (FULL ? 30_000 : 1200) / STRATEGIES.length;
const FORCED = FULL ? 1000 : 105;
const [HOT, LINES, IN_FLIGHT, CANCELED_OF] = [20, 5, 64, 4];
const HOUR_MS = 3_600_000;

/**
 * Orders and cancels at once; what everybody was answered in the end, and how often, and how many
 * were told first to come again.
 */
async function rush(
  db: TestDatabase,
  urls: readonly string[],
  orders: number,
): Promise<{ told: Record<string, number>; busy: number }> {
  const random = randomFrom(7);
  const skus = await buildSkus(db, HOT, { stock: 1_000_000 });
  const buyers = await buildBuyers(db, orders);
  await fillCarts(
    db,
    buyers.map(({ id }) => ({ userId: id, skuIds: random.distinct(skus, LINES) })),
  );
  const told: Record<string, number> = {};
  let [next, busy] = [0, 0];
  const onBusy = () => (busy += 1);
  const client = async () => {
    for (let i = next++; i < orders; i = next++) {
      const { id, addressId } = buyers[i] as Buyer;
      const shop = new Client(urls[i % urls.length] ?? '', tokenFor(id));
      const order = { address: addressId, pay_method: 2 };
      const placed = await insist(() => shop.post('/orders/', order), onBusy);
      told[placed.status] = (told[placed.status] ?? 0) + 1;
      if (i % CANCELED_OF === 0 && placed.status === 201) {
        const path = `/orders/${String(placed.body['order_id'])}/cancel/`;
        const { status } = await insist(() => shop.post(path), onBusy);
        told[status] = (told[status] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  return { told, busy };
}

/** Deadlocks the processes have met. */
async function deadlocks(shops: readonly ShopProcess[]): Promise<number> {
  const pages = await Promise.all(
    shops.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
  );
  const counted = pages.flatMap((page) => [
    ...page.matchAll(/^transaction_(?:retries|failures)_total\{reason="deadlock"\} (\d+)$/gm),
  ]);
  return counted.reduce((sum, [, n]) => sum + Number(n), 0);
}

describe.each(STRATEGIES)('G7 %s', (strategy) => {
  let db: TestDatabase;
  let shops: ShopProcess[];
  beforeAll(async () => {
    db = await freshDatabase();
    const start = () => spawnShop(db.url, { ORDER_STRATEGY: strategy });
    shops = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    await Promise.all(shops.map((shop) => shop.stop()));
    expect(await violations(db)).toEqual([]);
    await db.close();
  });

  it(
    'two processes and twenty hot products: no deadlock',
    async () => {
      const { told, busy } = await rush(
        db,
        shops.map(({ url }) => url),
        ORDERS,
      );
      expect(told).toEqual({ 201: ORDERS, 200: Math.ceil(ORDERS / CANCELED_OF) });
      expect(await deadlocks(shops)).toBe(0);
      figure(
        'G7',
        `${ORDERS} orders of ${LINES} lines on ${HOT} hot products, ${strategy}, 2 processes`,
        '0 deadlocks, all placed, 0 x 5xx',
        `0 deadlocks, ${ORDERS} placed, ${busy} x 503 first`,
        busy === 0,
      );
    },
    HOUR_MS,
  );
});

describe('G7 with products locked in the opposite order, the bug the harness is there for:', () => {
  it('the harness sees the deadlocks', async () => {
    const db = await freshDatabase();
    const shops = await Promise.all([
      spawnShop(db.url),
      spawnShop(db.url, seeded('test/figures/seed-lock-order.mjs')),
    ]);
    try {
      const buyers = await buildBuyers(db, shops.length);
      const skus = await buildSkus(db, 3);
      await fillCarts(
        db,
        buyers.map(({ id }) => ({ userId: id, skuIds: skus })),
      );
      // Somebody holds the product in the middle until one order has the first and waits, and the
      // other has the last and waits. Whoever gets the middle one wants what the other has.
      const rival = db.dataSource.createQueryRunner();
      await rival.startTransaction();
      await rival.query('SELECT id FROM skus WHERE id = ? FOR UPDATE', [skus[1]]);
      const orders = shops.map(({ url }, i) => {
        const { id, addressId } = buyers[i] as Buyer;
        const order = { address: addressId, pay_method: 2 };
        return insist(() => new Client(url, tokenFor(id)).post('/orders/', order));
      });
      await blocked(db, shops.length);
      await rival.rollbackTransaction();
      await rival.release();
      await Promise.all(orders);
      expect(await deadlocks(shops)).toBeGreaterThan(0);
    } finally {
      await Promise.all(shops.map((shop) => shop.kill()));
      await db.close();
    }
  });
});

/** Where a transaction is made to fail: placing an order, and canceling it. */
const PLACES = [
  /FROM addresses a FORCE INDEX/,
  /INSERT INTO orders/,
  /^COMMIT/,
  /FROM orders WHERE id = .* FOR UPDATE/,
  /SELECT s\.id FROM skus s/,
  /UPDATE orders SET status/,
] as const;

describe('G7 forced', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let app: Awaited<ReturnType<typeof createApp>>;
  let url: string;

  beforeAll(async () => {
    db = await freshDatabase();
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
    app = await createApp(testSettings(proxy.urlOf(db.url)));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await proxy.close();
    expect(await violations(db)).toEqual([]);
    await db.close();
  });

  /** Places an order and cancels it while a statement fails with `errno`, `times` times. */
  async function suffer(buyer: Buyer, errno: number, place: RegExp, times: number) {
    const shop = new Client(url, tokenFor(buyer.id));
    const stop = proxy.failNext(place, errno, times);
    const statuses: number[] = [];
    const placed = await shop.post('/orders/', { address: buyer.addressId, pay_method: 2 });
    statuses.push(placed.status);
    if (placed.status === 201) {
      const id = String(placed.body['order_id']);
      statuses.push((await shop.post(`/orders/${id}/cancel/`)).status);
    }
    return { statuses, failures: stop() };
  }

  it(
    'a deadlock or a lock wait at any statement is no 500, and is tried at most three times',
    async () => {
      const [sku = 0] = await buildSkus(db, 1, { stock: 1_000_000 });
      const buyers = await buildBuyers(db, FORCED);
      await fillCarts(
        db,
        buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
      );
      let [failures, refused] = [0, 0];
      for (const [i, buyer] of buyers.entries()) {
        const errno = i % 2 === 0 ? 1213 : 1205;
        const place = PLACES[i % PLACES.length] as RegExp;
        const times = 1 + (i % 5) * (i % 3);
        const end = await suffer(buyer, errno, place, times);
        const tries = errno === 1213 ? 3 : 2;
        const where = `${errno} x ${times} at ${place}: ${JSON.stringify(end)}`;
        expect(end.failures, where).toBe(Math.min(times, tries));
        expect(end.statuses, where).not.toContain(500);
        // Who was refused is told to come again; who was not has all that was asked for.
        expect(end.statuses.at(-1), where).toBe(times >= tries ? 503 : 200);
        failures += end.failures;
        refused += times >= tries ? 1 : 0;
      }
      figure(
        'G7',
        `${FORCED} transactions with forced 1213 and 1205`,
        '0 x 500, at most 3 tries',
        `${failures} failures, ${refused} x 503 after 2 or 3 tries, 0 x 500`,
      );
    },
    HOUR_MS,
  );

  it('the harness sees who is told to come again, though the order is placed in the end', async () => {
    // As often as one order is tried, and not when it is sent again.
    const stop = proxy.failNext(/INSERT INTO orders/, 1213, 3);
    expect(await rush(db, [url], 1)).toEqual({ told: { 200: 1, 201: 1 }, busy: 1 });
    expect(stop()).toBe(3);
  });

  it('the harness sees an error that is nobody’s fault but ours', async () => {
    const [sku = 0] = await buildSkus(db, 1);
    const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
    await fillCarts(db, [{ userId: buyer.id, skuIds: [sku] }]);
    // A number the shop does not know, as if 1213 were missing in its table.
    const end = await suffer(buyer, 1644, /INSERT INTO orders/, 1);
    expect(end).toEqual({ statuses: [500], failures: 1 });
  });
});
