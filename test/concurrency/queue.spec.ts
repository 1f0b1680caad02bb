/**
 * The queue under kills. What a buyer was told (201 or 202) must come true exactly once, whoever
 * dies: the process that leads, or Redis with its append-only file.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Redis, startRedis } from '../../scripts/lib/redis.mjs';
import { OrderIds } from '../../src/orders/order-id.js';
import { BatchRunner } from '../../src/orders/placement/batch-runner.js';
import { readCart } from '../../src/orders/placement/placement.store.js';
import { QueueLane } from '../../src/orders/placement/queue/queue-lane.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';

const BUYERS = 120;

describe('the queue', () => {
  let db: TestDatabase;
  let dir: string;
  let redis: Redis;
  let shops: ShopProcess[] = [];
  let buyers: Buyer[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'meiduo-redis-'));
    redis = await startRedis({ dir });
    db = await freshDatabase();
    buyers = await buildBuyers(db, BUYERS);
    const [sku = 0] = await buildSkus(db, 1, { stock: 1000 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
  });
  afterEach(async () => {
    await Promise.all(shops.map((shop) => shop.stop()));
    expect(await violations(db)).toEqual([]);
    await redis.stop();
    await db.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(
    count: number,
    waitMs: number,
    more: Record<string, string> = {},
  ): Promise<void> {
    const settings = {
      ORDER_STRATEGY: 'queue',
      REDIS_URL: redis.url,
      QUEUE_WAIT_MS: String(waitMs),
      ...more,
    };
    shops = await Promise.all(Array.from({ length: count }, () => spawnShop(db.url, settings)));
  }

  /** Sends an order; a connection that was cut is no promise and counts as undefined. */
  async function order(buyer: Buyer, shop: ShopProcess): Promise<Answer | undefined> {
    const client = new Client(shop.url, tokenFor(buyer.id));
    return client
      .post('/orders/', { address: buyer.addressId, pay_method: 2 })
      .catch(() => undefined);
  }

  /** Every promised order exists in the end, and no buyer has two. */
  async function promisesKept(answers: readonly (Answer | undefined)[]): Promise<void> {
    const promised = answers
      .filter((answer) => answer?.status === 201 || answer?.status === 202)
      .map((answer) => answer?.body['order_id'] as string);
    await vi.waitFor(
      async () => {
        const rows = await db.sql<{ id: string }>('SELECT id FROM orders');
        const made = new Set(rows.map(({ id }) => id));
        expect(promised.filter((id) => !made.has(id))).toEqual([]);
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(await db.sql('SELECT user_id FROM orders GROUP BY user_id HAVING COUNT(*) > 1')).toEqual(
      [],
    );
  }

  it('answers 202 with where to look while the result is not there, and keeps the promise', async () => {
    await start(1, 100);
    const [shop] = shops as [ShopProcess];
    const [buyer] = buyers as [Buyer];
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM skus FOR UPDATE');
    const answer = await order(buyer, shop);
    expect(answer?.status).toBe(202);
    const path = answer?.headers.get('location') ?? '';
    expect(path).toBe(`/orders/${answer?.body['order_id'] as string}/`);
    const client = new Client(shop.url, tokenFor(buyer.id));
    expect((await client.get(path)).status).toBe(202);
    expect((await new Client(shop.url, tokenFor(buyer.id + 1)).get(path)).status).toBe(404);
    await rival.rollbackTransaction();
    await rival.release();
    await vi.waitFor(async () => expect((await client.get(path)).status).toBe(200), 60_000);
    await promisesKept([answer]);
  });

  it('takes no more than may be unfinished, says so at once, and keeps what it promised', async () => {
    await start(2, 100, { ORDER_WAITING_MAX: '5', ORDER_BATCH_MAX: '2' });
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM skus FOR UPDATE');
    const answers: (Answer | undefined)[] = [];
    for (const [i, buyer] of buyers.slice(0, 7).entries()) {
      answers.push(await order(buyer, shops[i % 2] as ShopProcess));
    }
    expect(answers.map((answer) => answer?.status)).toEqual([202, 202, 202, 202, 202, 503, 503]);
    expect(answers[5]).toMatchObject({ body: { code: 'BUSY' } });
    expect(answers[5]?.headers.get('retry-after')).toBe('2');
    const told = await Promise.all(
      shops.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    for (const text of told) {
      expect(text).toMatch(/^placement_queue_full_total 1$/m);
      expect(text).toMatch(/^placement_queue_backlog 5$/m);
    }
    await rival.rollbackTransaction();
    await rival.release();
    await promisesKept(answers);
    const refused = buyers[5] as Buyer;
    await vi.waitFor(async () => {
      expect((await order(refused, shops[0] as ShopProcess))?.status).toBeLessThan(300);
    }, 20_000);
    expect(
      await db.sql('SELECT COUNT(*) AS n FROM orders WHERE user_id = ?', [buyers[6]?.id]),
    ).toEqual([{ n: 0 }]);
  });

  it('refuses an order that waited and was tried in vain when its cart was changed meanwhile', async () => {
    await start(1, 100);
    const [shop] = shops as [ShopProcess];
    const [buyer] = buyers as [Buyer];
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('UPDATE cart_lines SET count = 2 WHERE user_id = ?', [buyer.id]);
    const answer = await order(buyer, shop);
    expect(answer?.status).toBe(202);
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${shop.url}/metrics`)).text();
      expect(metrics).toMatch(/^transaction_failures_total{reason="lock_wait"} [1-9]/m);
    }, 20_000);
    await rival.commitTransaction();
    await rival.release();
    const client = new Client(shop.url, tokenFor(buyer.id));
    await vi.waitFor(async () => {
      const later = await client.get(`/orders/${answer?.body['order_id'] as string}/`);
      expect(later).toMatchObject({ status: 409, body: { code: 'CART_CHANGED' } });
    }, 60_000);
    expect(await db.sql('SELECT COUNT(*) AS n FROM orders')).toEqual([{ n: 0 }]);
  });

  it('keeps the orders of two processes apart that drew the same id', async () => {
    const lanes = [1, 2].map(() => {
      const ids = new OrderIds();
      const terms = { freightFen: 1000, expiresMs: 60_000, guard: 'pessimistic' } as const;
      const runner = new BatchRunner(db.dataSource, terms, ids);
      const limits = { batchMax: 256, waitingMax: 100, waitMs: 9000 };
      return new QueueLane(redis.url, runner, limits, ids, (id) => readCart(db.dataSource, id));
    });
    await Promise.all(lanes.map((lane) => lane.onModuleInit()));
    const outcomes = await Promise.all(
      lanes.map((lane, i) =>
        lane.submit({
          // BullMQ takes this one for an integer: it survives the way through a double unchanged.
          orderId: '2611222150361000000',
          userId: buyers[i]?.id ?? 0,
          addressId: buyers[i]?.addressId ?? 0,
          payMethod: 2,
          requestHash: '00'.repeat(32),
        }),
      ),
    );
    await Promise.all(lanes.map((lane) => lane.onApplicationShutdown()));
    const made = await db.sql<{ id: string; userId: number }>(
      'SELECT id, user_id AS userId FROM orders ORDER BY user_id',
    );
    expect(made.map(({ userId }) => userId)).toEqual(buyers.slice(0, 2).map(({ id }) => id));
    expect(outcomes).toEqual(made.map(({ id }) => ({ kind: 'placed', orderId: id })));
  });

  it('lets another process lead within seconds after the leader was killed', async () => {
    await start(2, 9000);
    const [first, second] = shops as [ShopProcess, ShopProcess];
    const half = buyers.slice(0, BUYERS / 2).map((buyer) => order(buyer, first));
    const rest = buyers.slice(BUYERS / 2).map((buyer) => order(buyer, second));
    await Promise.race(half);
    const leads = (await (await fetch(`${first.url}/metrics`)).text()).includes('leading 1');
    const [leader, survivors] = leads ? [first, rest] : [second, half];
    leader.child.kill('SIGKILL');
    const answers = await Promise.all([...half, ...rest]);
    // 202 where the machine is slow: then the promise has to be kept all the same.
    for (const answer of await Promise.all(survivors)) {
      expect([201, 202]).toContain(answer?.status);
    }
    await promisesKept(answers);
  });

  it('starts without Redis, refuses orders meanwhile, and takes them when it is there', async () => {
    redis.kill('SIGKILL');
    await redis.stop();
    await start(1, 3000);
    const [shop] = shops as [ShopProcess];
    const [buyer] = buyers as [Buyer];
    expect(await order(buyer, shop)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    redis = await startRedis({ dir, port: redis.port });
    await vi.waitFor(
      async () => expect(await order(buyer, shop)).toMatchObject({ status: 201 }),
      60_000,
    );
  });

  it('loses and doubles nothing when Redis is killed and comes back', async () => {
    await start(1, 9000);
    const [shop] = shops as [ShopProcess];
    const running = buyers.slice(0, BUYERS / 2).map((buyer) => order(buyer, shop));
    await Promise.race(running);
    redis.kill('SIGKILL');
    await redis.stop();
    const answers = await Promise.all(running);
    const refused = await order(buyers.at(-1) as Buyer, shop);
    expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(refused?.headers.get('retry-after')).toBe('2');
    redis = await startRedis({ dir, port: redis.port });
    await promisesKept(answers);
    const after = await vi.waitFor(async () => {
      const answer = await order(buyers.at(-1) as Buyer, shop);
      expect(answer?.status).toBe(201);
      return answer;
    }, 60_000);
    await promisesKept([...answers, after]);
  });
});
