/**
 * Connections cut at every packet of an order, COMMIT included, by a proxy that reads the protocol. The caller has one order or an error, never half of one, never two.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { packetOptions } from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';
import { OrderIds } from '../../src/orders/order-id.js';
import { BatchRunner } from '../../src/orders/placement/batch-runner.js';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { type Cut, MysqlProxy } from '../kit/mysql-proxy.js';

/** What an order sends, one packet after the other; each is known by a statement in it. */
const PACKETS = [/FROM cart_lines/, /INSERT INTO orders/, /^COMMIT/];

describe('an order whose connection is cut', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let dataSource: DataSource;
  let runner: BatchRunner;
  const ids = new OrderIds();

  beforeAll(async () => {
    db = await freshDatabase();
    const url = new URL(db.url);
    proxy = await MysqlProxy.before(url.hostname, Number(url.port));
    url.hostname = '127.0.0.1';
    url.port = String(proxy.listensOn);
    dataSource = await new DataSource(packetOptions(url.toString())).initialize();
    await prepareSessions(dataSource);
    runner = new BatchRunner(
      dataSource,
      { freightFen: 1000, expiresMs: 60_000, guard: 'pessimistic' },
      ids,
    );
  });
  afterEach(async () => expect(await violations(db)).toEqual([]));
  afterAll(async () => {
    await dataSource.destroy();
    await proxy.close();
    await db.close();
  });

  /** Places a batch of three while one statement is cut; every order must exist exactly once. */
  async function placeCut(statement: RegExp, how: Cut): Promise<void> {
    const buyers = await buildBuyers(db, 3);
    const skus = await buildSkus(db, 2, { stock: 3 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: skus })),
    );
    const before = proxy.cuts;
    proxy.cutNext(statement, how);
    const results = await runner.run(
      buyers.map(({ id, addressId }, i) => ({
        orderId: ids.next(),
        userId: id,
        addressId,
        payMethod: 2,
        requestHash: '00'.repeat(32),
        ...(i === 0 ? { idempotencyKey: 'key' } : {}),
      })),
    );
    expect(proxy.cuts - before).toBe(1);
    const made = await db.sql<{ id: string; userId: number }>(
      'SELECT id, user_id AS userId FROM orders WHERE user_id IN (?) ORDER BY user_id',
      [buyers.map(({ id }) => id)],
    );
    expect(made.map(({ userId }) => userId)).toEqual(buyers.map(({ id }) => id));
    expect(results).toEqual(
      made.map(({ id }) => ({ value: { kind: expect.any(String), orderId: id } })),
    );
    expect(await db.sql('SELECT DISTINCT stock FROM skus WHERE id IN (?)', [skus])).toEqual([
      { stock: 0 },
    ]);
  }

  describe.each<Cut>(['drop-request', 'drop-reply'])('%s', (how) => {
    it.each(PACKETS)('at %s', (statement) => placeCut(statement, how));
  });

  it.each<Cut>(['drop-request', 'drop-reply'])(
    'is resolved too when its neighbour is impossible and they go one by one, %s',
    async (how) => {
      const buyers = await buildBuyers(db, 3);
      const skus = await buildSkus(db, 1);
      await fillCarts(
        db,
        buyers.map(({ id }) => ({ userId: id, skuIds: skus })),
      );
      proxy.cutNext(/^COMMIT/, how);
      const results = await runner.run(
        buyers.map(({ id, addressId }, i) => ({
          orderId: ids.next(),
          userId: id,
          addressId,
          payMethod: 2,
          requestHash: '00'.repeat(32),
          ...(i === 1 ? { idempotencyKey: 'x'.repeat(300) } : {}),
        })),
      );
      expect(results.map((result) => 'value' in result && result.value.kind)).toEqual([
        'placed',
        false,
        'placed',
      ]);
      expect(
        await db.sql('SELECT id FROM orders WHERE user_id IN (?)', [buyers.map(({ id }) => id)]),
      ).toHaveLength(2);
    },
  );

  it('is resolved every time when COMMIT is cut again and again', async () => {
    for (let round = 0; round < 40; round += 1) {
      await placeCut(/^COMMIT/, round % 2 === 0 ? 'drop-reply' : 'drop-request');
    }
  });
});
