/**
 * Many buyers, few goods, two processes of the built shop on one database: the same outcome under
 * each strategy.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Redis, startRedis } from '../../scripts/lib/redis.mjs';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { insist } from '../kit/insist.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';

let redis: Redis;
let redisDir: string;
beforeAll(async () => {
  redisDir = mkdtempSync(join(tmpdir(), 'meiduo-redis-'));
  redis = await startRedis({ dir: redisDir });
});
afterAll(async () => {
  await redis.stop();
  rmSync(redisDir, { recursive: true, force: true });
});

describe.each(['pessimistic', 'optimistic', 'queue'])('two processes, %s', (strategy) => {
  let db: TestDatabase;
  let shops: ShopProcess[];

  beforeAll(async () => {
    db = await freshDatabase();
    const settings = { ORDER_STRATEGY: strategy, REDIS_URL: redis.url, QUEUE_WAIT_MS: '9000' };
    shops = await Promise.all([spawnShop(db.url, settings), spawnShop(db.url, settings)]);
  });
  afterEach(async () => expect(await violations(db)).toEqual([]));
  afterAll(async () => {
    await Promise.all(shops.map((shop) => shop.stop()));
    await db.close();
  });

  const order = (buyer: Buyer, i: number) => {
    const client = new Client(shops[i % 2]?.url ?? '', tokenFor(buyer.id));
    const wish = { address: buyer.addressId, pay_method: 2 };
    return insist(() => client.post('/orders/', wish));
  };

  it('sell exactly 100 units to 200 buyers and refuse the rest with the code', async () => {
    const buyers = await buildBuyers(db, 200);
    const [sku = 0] = await buildSkus(db, 1, { stock: 100 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    const answers = await Promise.all(buyers.map(order));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body['code']])).toEqual(
      Array.from({ length: 100 }, () => [409, 'STOCK_INSUFFICIENT']),
    );
    expect(await db.sql('SELECT stock, sales FROM skus WHERE id = ?', [sku])).toEqual([
      { stock: 0, sales: 100 },
    ]);
    expect(
      await db.sql('SELECT COUNT(DISTINCT order_id) AS n FROM order_lines WHERE sku_id = ?', [sku]),
    ).toEqual([{ n: 100 }]);
  });

  it('let no deadlock reach a buyer when carts hold three products in opposite orders', async () => {
    const buyers = await buildBuyers(db, 200);
    const skus = await buildSkus(db, 3, { stock: 100 });
    const backwards = skus.toReversed();
    await fillCarts(
      db,
      buyers.map(({ id }, i) => ({ userId: id, skuIds: i % 2 ? skus : backwards })),
    );
    const answers = await Promise.all(buyers.map(order));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(await db.sql('SELECT DISTINCT stock FROM skus WHERE id IN (?)', [skus])).toEqual([
      { stock: 0 },
    ]);
  });
});
