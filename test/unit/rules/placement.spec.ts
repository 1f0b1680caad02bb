/** Placing batches: what is read, what is written, and what every command is told. */
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { batchesAlone, commitsUnknown, registry } from '../../../src/common/metrics.js';
import { classify, CommitUnknownError, ConflictError } from '../../../src/database/errors.js';
import { LOCK_WAIT_SECONDS } from '../../../src/database/options.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { OrderIds } from '../../../src/orders/order-id.js';
import { BatchRunner } from '../../../src/orders/placement/batch-runner.js';
import { decide } from '../../../src/orders/placement/decide.js';
import type { OrderDraft, PlaceOrder } from '../../../src/orders/placement/place-order.js';
import {
  existingOrders,
  readCart,
  readSnapshot,
  type SkuGuard,
  writeOrders,
} from '../../../src/orders/placement/placement.store.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../../kit/build.js';
import { freshDatabase, type FreshDatabase } from '../../kit/database.js';
import { blocked } from '../../kit/transactions.js';
import { historyOf, unitsOf } from '../../kit/orders.js';
import { wrapped } from '../../kit/wrapped.js';

const HASH = 'ab'.repeat(32);
const EXPIRES_MS = 1_800_000;
const TERMS = { freightFen: 1000, expiresMs: EXPIRES_MS };

let db: FreshDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

let ids = 2_600_000_000_000_000_000n;
const nextId = () => String((ids += 1n));

/** Ids that are drawn one after the other, so that a test knows them. */
class KnownIds extends OrderIds {
  redraws = 0;
  constructor(readonly drawn: string[] = []) {
    super();
  }
  override next(): string {
    return this.drawn.shift() ?? nextId();
  }
  override redraw(): void {
    this.redraws += 1;
  }
}

const runnerOf = ({
  guard = 'pessimistic',
  dataSource = db.packets,
  known = new KnownIds(),
}: { guard?: SkuGuard; dataSource?: DataSource; known?: KnownIds } = {}) =>
  new BatchRunner(dataSource, { ...TERMS, guard }, known);

const commandOf = (buyer: Buyer, more: Partial<PlaceOrder> = {}): PlaceOrder => ({
  orderId: nextId(),
  userId: buyer.id,
  addressId: buyer.addressId,
  payMethod: 2,
  requestHash: HASH,
  ...more,
});

/** Buyers with one of each of the products in their carts. */
async function shoppers(
  count: number,
  { kinds = 1, stock = 10, units = 1 } = {},
): Promise<{ buyers: Buyer[]; skus: number[] }> {
  const buyers = await buildBuyers(db, count);
  const skus = kinds === 0 ? [] : await buildSkus(db, kinds, { stock, priceFen: 2500 });
  if (kinds > 0) {
    const carts = buyers.map(({ id }) => ({ userId: id, skuIds: skus }));
    await fillCarts(db, carts, units);
  }
  return { buyers, skus };
}

const ordersOf = async (buyers: readonly Buyer[]) =>
  (
    await db.sql<{ id: string }>('SELECT id FROM orders WHERE user_id IN (?) ORDER BY id', [
      buyers.map(({ id }) => id),
    ])
  ).map(({ id }) => id);
const cartsOf = (buyers: readonly Buyer[]) =>
  db.sql('SELECT user_id, sku_id FROM cart_lines WHERE user_id IN (?)', [
    buyers.map(({ id }) => id),
  ]);

/** What the process has counted of a metric, by its label. */
const counted = async (name: string): Promise<Record<string, number>> => {
  const { values } = await registry.getSingleMetric(name)!.get();
  return Object.fromEntries(
    values.map(({ labels, value, ...rest }) => [
      [(rest as { metricName?: string }).metricName ?? '', ...Object.values(labels)]
        .join(' ')
        .trim(),
      value,
    ]),
  );
};
const valueOf = async (metric: typeof batchesAlone) => (await metric.get()).values[0]?.value ?? 0;

describe.each<SkuGuard>(['pessimistic', 'optimistic'])('a batch under the %s guard', (guard) => {
  it('writes each order with its address, its sum, its end and its history, and takes its goods', async () => {
    const { buyers, skus } = await shoppers(2, { kinds: 2, units: 3 });
    const [online, cash] = buyers as [Buyer, Buyer];
    const commands = [
      commandOf(online, { idempotencyKey: 'K 1'.replace(' ', '-'), expectedFen: 16_000 }),
      commandOf(cash, { payMethod: 1, requestHash: undefined }),
    ];
    expect(await runnerOf({ guard }).run(commands)).toEqual(
      commands.map(({ orderId }) => ({ value: { kind: 'placed', orderId } })),
    );
    const rows = await db.sql(
      `SELECT id, user_id, status, pay_method, total_count, total_fen, freight_fen, address_id,
         receiver, province, city, district, place, mobile, tel,
         CAST(idempotency_key AS CHAR) AS k, LOWER(HEX(request_hash)) AS hash,
         TIMESTAMPDIFF(SECOND, created_at, expires_at) AS life_s,
         ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(3))) < 60 AS now
       FROM orders WHERE user_id IN (?) ORDER BY id`,
      [buyers.map(({ id }) => id)],
    );
    const common = (buyer: Buyer) => ({
      user_id: buyer.id,
      total_count: 6,
      total_fen: 16_000,
      freight_fen: 1000,
      address_id: buyer.addressId,
      receiver: `买家${buyer.id}`,
      province: '试验省',
      city: '试验市',
      district: '试验区',
      place: '一号',
      mobile: '19900000000',
      tel: '',
      now: 1,
    });
    expect(rows).toEqual([
      {
        ...common(online),
        id: commands[0]?.orderId,
        status: 1,
        pay_method: 2,
        k: 'K-1',
        hash: HASH,
        life_s: EXPIRES_MS / 1000,
      },
      {
        ...common(cash),
        id: commands[1]?.orderId,
        status: 2,
        pay_method: 1,
        k: null,
        hash: null,
        life_s: null,
      },
    ]);
    for (const [i, { orderId }] of commands.entries()) {
      const lines = await db.sql(
        'SELECT sku_id, name, image, count, price_fen FROM order_lines WHERE order_id = ? ORDER BY sku_id',
        [orderId],
      );
      expect(lines).toEqual(
        skus.map((sku) => ({
          sku_id: sku,
          name: `商品 ${sku}`,
          image: `/pictures/${sku}.svg`,
          count: 3,
          price_fen: 2500,
        })),
      );
      expect(await historyOf(db, orderId)).toEqual([
        { type: 'placed', from: null, to: i === 0 ? 1 : 2, actor: 'buyer' },
      ]);
    }
    for (const sku of skus) {
      expect(await unitsOf(db, sku)).toEqual([4, 6]);
    }
    const versions = await db.sql('SELECT version FROM skus WHERE id IN (?)', [skus]);
    expect(versions).toEqual([{ version: 1 }, { version: 1 }]);
    expect(await cartsOf(buyers)).toEqual([]);
  });

  it('leaves what is not selected in the carts, and the carts of others', async () => {
    const { buyers, skus } = await shoppers(2, { kinds: 2 });
    const [buyer, other] = buyers as [Buyer, Buyer];
    await db.sql('UPDATE cart_lines SET selected = FALSE WHERE user_id = ? AND sku_id = ?', [
      buyer.id,
      skus[1],
    ]);
    await runnerOf({ guard }).run([commandOf(buyer)]);
    expect(await cartsOf([buyer])).toEqual([{ user_id: buyer.id, sku_id: skus[1] }]);
    expect(await cartsOf([other])).toHaveLength(2);
    expect([await unitsOf(db, skus[0]), await unitsOf(db, skus[1])]).toEqual([
      [9, 1],
      [10, 0],
    ]);
  });

  it('decides the refused ones too, which leave no trace, and counts what each came to', async () => {
    const { buyers, skus } = await shoppers(4, { stock: 2 });
    const before = await counted('orders_decided_total');
    const results = await runnerOf({ guard }).run(buyers.map((buyer) => commandOf(buyer)));
    expect(results.map((result) => ('value' in result ? result.value.kind : result))).toEqual([
      'placed',
      'placed',
      'refused',
      'refused',
    ]);
    expect(results[3]).toMatchObject({ value: { code: 'STOCK_INSUFFICIENT' } });
    expect(await ordersOf(buyers)).toHaveLength(2);
    expect(await cartsOf(buyers)).toHaveLength(2);
    expect(await unitsOf(db, skus[0])).toEqual([0, 2]);
    const after = await counted('orders_decided_total');
    const more = (label: string) => (after[label] ?? 0) - (before[label] ?? 0);
    expect(['placed', 'STOCK_INSUFFICIENT', 'error'].map(more)).toEqual([2, 2, 0]);
  });

  it('replays an order by its key, whatever was asked for since, and refuses another wish', async () => {
    const { buyers } = await shoppers(1);
    const [buyer] = buyers as [Buyer];
    const first = commandOf(buyer, { idempotencyKey: 'k' });
    await runnerOf({ guard }).run([first]);
    const again = await runnerOf({ guard }).run([
      commandOf(buyer, { idempotencyKey: 'k' }),
      commandOf(buyer, { idempotencyKey: 'k', requestHash: 'cd'.repeat(32) }),
      commandOf(buyer, { idempotencyKey: 'K' }),
      commandOf(buyer),
    ]);
    expect(again).toEqual([
      { value: { kind: 'replayed', orderId: first.orderId } },
      { value: { kind: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' } },
      { value: { kind: 'refused', code: 'CART_EMPTY' } },
      { value: { kind: 'refused', code: 'CART_EMPTY' } },
    ]);
    expect(await ordersOf(buyers)).toEqual([first.orderId]);
  });

  it('undoes the one order whose data the database refuses, and places its neighbours', async () => {
    const { buyers, skus } = await shoppers(3);
    const alone = await valueOf(batchesAlone);
    const commands = buyers.map((buyer, i) =>
      commandOf(buyer, i === 1 ? { idempotencyKey: 'x'.repeat(300) } : {}),
    );
    const results = await runnerOf({ guard }).run(commands);
    expect(results).toEqual([
      { value: { kind: 'placed', orderId: commands[0]?.orderId } },
      { error: expect.objectContaining({ driverError: expect.objectContaining({ errno: 1406 }) }) },
      { value: { kind: 'placed', orderId: commands[2]?.orderId } },
    ]);
    expect(await ordersOf(buyers)).toEqual([commands[0]?.orderId, commands[2]?.orderId]);
    expect(await unitsOf(db, skus[0])).toEqual([8, 2]);
    expect(await cartsOf(buyers)).toEqual([{ user_id: buyers[1]?.id, sku_id: skus[0] }]);
    expect((await valueOf(batchesAlone)) - alone).toBe(1);
  });
});

/** The database, and every statement or packet it is sent with what stands in it. */
function watched(dataSource: DataSource): { dataSource: DataSource; sent: [string, unknown[]][] } {
  const sent: [string, unknown[]][] = [];
  return {
    sent,
    dataSource: wrapped(dataSource, (query) => (sql, parameters) => {
      sent.push([sql, parameters ?? []]);
      return query(sql, parameters);
    }),
  };
}

describe('the statements of a batch', () => {
  it('are one packet under the pessimistic guard; under the optimistic one the stock goes first', async () => {
    for (const guard of ['pessimistic', 'optimistic'] as const) {
      const { buyers } = await shoppers(1);
      const { dataSource, sent } = watched(db.packets);
      await runnerOf({ guard, dataSource }).run([commandOf(buyers[0]!)]);
      const stock = sent.findIndex(([sql]) => sql.includes('SET s.stock'));
      const order = sent.findIndex(([sql]) => sql.includes('INSERT INTO orders'));
      expect([guard, order - stock]).toEqual([guard, guard === 'pessimistic' ? 0 : 1]);
    }
  });

  it('name buyers and products in the order of their ids, in which they are locked', async () => {
    const { buyers } = await shoppers(2, { kinds: 0 });
    const [low = 0, high = 0] = await buildSkus(db, 2);
    const [one, other] = buyers as [Buyer, Buyer];
    await fillCarts(db, [
      { userId: one.id, skuIds: [high] },
      { userId: other.id, skuIds: [low] },
    ]);
    const { dataSource, sent } = watched(db.packets);
    await runnerOf({ dataSource }).run([commandOf(other), commandOf(one)]);
    const of = (text: string) => sent.find(([sql]) => sql.includes(text))?.[1] ?? [];
    expect(of('FROM cart_lines')).toContainEqual([one.id, other.id]);
    const taken = JSON.parse(String(of('SET s.stock')[0])) as number[][];
    expect(taken.map(([id]) => id)).toEqual([low, high]);
  });

  it('lock the products in the order of their ids, in whatever order the carts name them', async () => {
    const { buyers } = await shoppers(2, { kinds: 0 });
    const [low = 0, high = 0] = await buildSkus(db, 2);
    const [one, other] = buyers as [Buyer, Buyer];
    await fillCarts(db, [
      { userId: one.id, skuIds: [high] },
      { userId: other.id, skuIds: [low] },
    ]);
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM skus WHERE id = ? FOR UPDATE', [low]);
    const running = runnerOf().run([commandOf(other), commandOf(one)]);
    await blocked(db, 1);
    // Who waits for the first has not locked the second.
    await rival.query('SELECT id FROM skus WHERE id = ? FOR UPDATE NOWAIT', [high]);
    await rival.commitTransaction();
    await rival.release();
    expect(await running).toEqual(
      [other, one].map(() => ({ value: expect.objectContaining({ kind: 'placed' }) })),
    );
  });

  it('wait for rows even where each order is behind a savepoint', async () => {
    const { buyers } = await shoppers(2);
    const { dataSource, sent } = watched(db.packets);
    const bad = { idempotencyKey: 'x'.repeat(300) };
    await runnerOf({ dataSource }).run([commandOf(buyers[0]!, bad), commandOf(buyers[1]!)]);
    expect(sent.filter(([sql]) => sql.includes('NOWAIT'))).toEqual([]);
  });
});

describe('a batch', () => {
  it('is measured once, however it ends', async () => {
    const { buyers } = await shoppers(2);
    const of = async () => {
      const [size, seconds] = [
        await counted('placement_batch_orders'),
        await counted('placement_batch_seconds'),
      ];
      return [
        size['placement_batch_orders_count'],
        size['placement_batch_orders_sum'],
        seconds['placement_batch_seconds_count'],
      ].map((n) => n ?? 0);
    };
    const before = await of();
    await runnerOf().run(buyers.map((buyer) => commandOf(buyer)));
    await runnerOf({ dataSource: failing(new Error('a fault')) })
      .run([commandOf(buyers[0]!)])
      .catch(() => undefined);
    expect((await of()).map((n, i) => n - (before[i] ?? 0))).toEqual([2, 3, 2]);
  });

  it('that the database refuses for any other reason fails as a whole, and is counted as errors', async () => {
    const { buyers } = await shoppers(2);
    const before = await counted('orders_decided_total');
    const fault = new Error('a fault');
    const run = runnerOf({ dataSource: failing(fault) }).run(buyers.map((b) => commandOf(b)));
    await expect(run).rejects.toBe(fault);
    const after = await counted('orders_decided_total');
    expect((after['error'] ?? 0) - (before['error'] ?? 0)).toBe(2);
    expect(await ordersOf(buyers)).toEqual([]);
  });

  it('of one order whose data is refused is tried once, and not again with savepoints', async () => {
    const { buyers } = await shoppers(1);
    const [alone, before] = [await valueOf(batchesAlone), await counted('orders_decided_total')];
    const results = await runnerOf().run([
      commandOf(buyers[0]!, { idempotencyKey: 'x'.repeat(300) }),
    ]);
    expect(results).toEqual([
      { error: expect.objectContaining({ driverError: expect.objectContaining({ errno: 1406 }) }) },
    ]);
    expect(await valueOf(batchesAlone)).toBe(alone);
    const after = await counted('orders_decided_total');
    expect((after['error'] ?? 0) - (before['error'] ?? 0)).toBe(1);
  });

  it('draws another id for an order as often as its own is taken, and gives up after the second', async () => {
    const { buyers } = await shoppers(4);
    const [holder, one, two, three] = buyers as [Buyer, Buyer, Buyer, Buyer];
    const taken = nextId();
    await runnerOf().run([commandOf(holder, { orderId: taken })]);
    const free = nextId();
    const known = new KnownIds([taken, free]);
    const command = commandOf(one, { orderId: taken });
    expect(await runnerOf({ known }).run([command])).toEqual([
      { value: { kind: 'placed', orderId: free } },
    ]);
    expect([known.redraws, await ordersOf([one])]).toEqual([2, [free]]);

    const unlucky = new KnownIds([taken, taken, taken, taken]);
    const [refused] = await runnerOf({ known: unlucky }).run([commandOf(two, { orderId: taken })]);
    expect(refused).toMatchObject({ error: { driverError: { errno: 1062 } } });
    expect([unlucky.redraws, await ordersOf([two])]).toEqual([2, []]);

    // The same behind savepoints, where a neighbour is placed beside it.
    const both = [commandOf(two), commandOf(three, { orderId: taken })];
    const drawn = nextId();
    expect(await runnerOf({ known: new KnownIds([drawn]) }).run(both)).toEqual([
      { value: { kind: 'placed', orderId: both[0]?.orderId } },
      { value: { kind: 'placed', orderId: drawn } },
    ]);
  });

  it('finds the key that somebody else has used a moment ago, and draws no other id for it', async () => {
    const { buyers } = await shoppers(1);
    const [buyer] = buyers as [Buyer];
    const first = commandOf(buyer, { idempotencyKey: 'k' });
    await runnerOf().run([first]);
    await fillCarts(db, [{ userId: buyer.id, skuIds: await buildSkus(db, 1) }]);
    const known = new KnownIds();
    // The first reading is from before the other order was there.
    const dataSource = blindFor(db.packets, first.orderId);
    const [result] = await runnerOf({ dataSource, known }).run([
      commandOf(buyer, { idempotencyKey: 'k' }),
    ]);
    expect(result).toEqual({ value: { kind: 'replayed', orderId: first.orderId } });
    expect([known.redraws, await ordersOf(buyers)]).toEqual([0, [first.orderId]]);
  });

  it('in which somebody holds a row refuses the orders that need it, and waits for none of them', async () => {
    const alone = await valueOf(batchesAlone);
    const [held, free] = [await shoppers(1), await shoppers(1)];
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT * FROM cart_lines WHERE user_id = ? FOR UPDATE', [
      held.buyers[0]?.id,
    ]);
    const commands = [...held.buyers, ...free.buyers].map((buyer) => commandOf(buyer));
    const { dataSource, sent } = watched(db.packets);
    const results = await runnerOf({ dataSource }).run(commands);
    // Two tries at it that do not wait, and the neighbour.
    expect(sent.filter(([sql]) => sql.includes('NOWAIT'))).toHaveLength(3);
    await rival.rollbackTransaction();
    await rival.release();
    expect(results).toEqual([
      { error: expect.objectContaining({ driverError: expect.objectContaining({ errno: 1205 }) }) },
      { value: { kind: 'placed', orderId: commands[1]?.orderId } },
    ]);
    expect((await valueOf(batchesAlone)) - alone).toBe(1);
  });

  /** Three orders, the first of which needs a row that is held; `around` goes around each try that does not wait. */
  async function besideHeldRow(around: (send: () => Promise<unknown>) => Promise<unknown>) {
    const { buyers } = await shoppers(3);
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT * FROM cart_lines WHERE user_id = ? FOR UPDATE', [buyers[0]?.id]);
    let tries = 0;
    const dataSource = wrapped(db.packets, (query) => async (sql, parameters) => {
      const send = () => query(sql, parameters);
      tries += sql.includes('NOWAIT') ? 1 : 0;
      return sql.includes('NOWAIT') ? around(send) : send();
    });
    try {
      const results = await runnerOf({ dataSource }).run(buyers.map((buyer) => commandOf(buyer)));
      const errors = results.map((result) => 'error' in result && result.error);
      return { tries, failures: errors.map(classify), orders: await ordersOf(buyers) };
    } finally {
      vi.restoreAllMocks();
      await rival.rollbackTransaction();
      await rival.release();
    }
  }

  it('in which somebody holds a row has one time for all: whose turn comes later is refused as the batch was', async () => {
    const now = performance.now.bind(performance);
    const ended = await besideHeldRow((send) =>
      send().finally(() => vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000)),
    );
    const failures = ['lock_wait', 'lock_wait', 'lock_wait'];
    expect(ended).toEqual({ tries: 1, failures, orders: [] });
  });

  it('in which somebody holds a row tries nobody else once the database is gone', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    const ended = await besideHeldRow(() => Promise.reject(gone));
    const failures = ['connection', 'connection', 'connection'];
    expect(ended).toEqual({ tries: 2, failures, orders: [] });
  });

  it('waits for a row that somebody holds for a moment', async () => {
    const { buyers } = await shoppers(1);
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT * FROM cart_lines WHERE user_id = ? FOR UPDATE', [buyers[0]?.id]);
    const command = commandOf(buyers[0]!);
    const placed = runnerOf().run([command]);
    await blocked(db, 1);
    await rival.rollbackTransaction();
    await rival.release();
    expect(await placed).toEqual([{ value: { kind: 'placed', orderId: command.orderId } }]);
  });

  it('begins anew when a deadlock has destroyed its savepoints', async () => {
    const { buyers, skus } = await shoppers(3);
    let savepoints = 0;
    const dataSource = wrapped(db.packets, (query) => async (sql, parameters) => {
      savepoints += sql.includes('SAVEPOINT one') && !sql.includes('O SAVEPOINT') ? 1 : 0;
      if (savepoints === 2 && sql.includes('INSERT INTO orders')) {
        savepoints += 1;
        throw Object.assign(new Error('deadlock'), { errno: 1213 });
      }
      return query(sql, parameters);
    });
    const commands = buyers.map((buyer, i) =>
      commandOf(buyer, i === 2 ? { idempotencyKey: 'x'.repeat(300) } : {}),
    );
    const results = await runnerOf({ dataSource }).run(commands);
    expect(results.map((result) => 'value' in result)).toEqual([true, true, false]);
    expect([await unitsOf(db, skus[0]), (await ordersOf(buyers)).length]).toEqual([[8, 2], 2]);
  });

  it('of one order that waits for a row in vain is not tried again by itself', async () => {
    const { buyers } = await shoppers(1);
    const alone = await valueOf(batchesAlone);
    const tooLong = Object.assign(new Error('lock wait'), { errno: 1205 });
    const run = runnerOf({ dataSource: failing(tooLong) }).run([commandOf(buyers[0]!)]);
    await expect(run).rejects.toBe(tooLong);
    expect(await valueOf(batchesAlone)).toBe(alone);
  });
});

describe('a batch whose COMMIT is not answered', () => {
  const unknown = () => valueOf(commitsUnknown);

  it('is looked up, and was placed when its orders are there', async () => {
    const { buyers, skus } = await shoppers(2);
    const before = await unknown();
    const commands = buyers.map((buyer) => commandOf(buyer));
    const dataSource = losing(db.packets, ['after']);
    expect(await runnerOf({ dataSource }).run(commands)).toEqual(
      commands.map(({ orderId }) => ({ value: { kind: 'placed', orderId } })),
    );
    expect((await unknown()) - before).toBe(1);
    expect([await unitsOf(db, skus[0]), (await ordersOf(buyers)).length]).toEqual([[8, 2], 2]);
  });

  it('is placed again when they are not, and once', async () => {
    const { buyers, skus } = await shoppers(2);
    const before = await unknown();
    const commands = buyers.map((buyer) => commandOf(buyer));
    // The look-up is a transaction too, whose COMMIT is answered.
    const dataSource = losing(db.packets, ['before', undefined]);
    expect(await runnerOf({ dataSource }).run(commands)).toEqual(
      commands.map(({ orderId }) => ({ value: { kind: 'placed', orderId } })),
    );
    expect((await unknown()) - before).toBe(1);
    expect([await unitsOf(db, skus[0]), (await ordersOf(buyers)).length]).toEqual([[8, 2], 2]);
  });

  it('stays unknown after the second time, with nothing placed', async () => {
    const { buyers, skus } = await shoppers(1);
    const before = await unknown();
    const dataSource = losing(db.packets, ['before', undefined, 'before', undefined]);
    const run = runnerOf({ dataSource }).run([commandOf(buyers[0]!)]);
    await expect(run).rejects.toThrow(CommitUnknownError);
    expect((await unknown()) - before).toBe(2);
    expect([await unitsOf(db, skus[0]), await ordersOf(buyers)]).toEqual([[10, 0], []]);
  });

  it('stays unknown when it cannot be looked up either', async () => {
    const { buyers } = await shoppers(1);
    const blind = wrapped(
      db.packets,
      (query) => (sql, parameters) =>
        sql.includes('SELECT id FROM orders')
          ? Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
          : query(sql, parameters),
    );
    const run = runnerOf({ dataSource: losing(blind, ['after']) }).run([commandOf(buyers[0]!)]);
    await expect(run).rejects.toThrow(CommitUnknownError);
  });

  it('is looked up all the same when the process stood still for longer than a batch may take', async () => {
    const { buyers } = await shoppers(1);
    const now = performance.now.bind(performance);
    const slept = wrapped(db.packets, (query) => async (sql, parameters) => {
      const result = await query(sql, parameters);
      if (sql === 'COMMIT') {
        vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
      }
      return result;
    });
    const command = commandOf(buyers[0]!);
    const results = await runnerOf({ dataSource: losing(slept, ['after']) })
      .run([command])
      .finally(() => vi.restoreAllMocks());
    expect(results).toEqual([{ value: { kind: 'placed', orderId: command.orderId } }]);
  });

  it('is known once its orders are read, though the COMMIT of the look-up is lost as well', async () => {
    const { buyers } = await shoppers(1);
    const dataSource = losing(db.packets, ['after', 'before']);
    const command = commandOf(buyers[0]!);
    expect(await runnerOf({ dataSource }).run([command])).toEqual([
      { value: { kind: 'placed', orderId: command.orderId } },
    ]);
  });

  it('is not taken for placed because of an order that was there before', async () => {
    const { buyers } = await shoppers(2);
    const [old, fresh] = buyers as [Buyer, Buyer];
    const first = commandOf(old, { idempotencyKey: 'k' });
    await runnerOf().run([first]);
    const next = commandOf(fresh);
    const dataSource = losing(db.packets, ['before', undefined]);
    expect(
      await runnerOf({ dataSource }).run([commandOf(old, { idempotencyKey: 'k' }), next]),
    ).toEqual([
      { value: { kind: 'replayed', orderId: first.orderId } },
      { value: { kind: 'placed', orderId: next.orderId } },
    ]);
    expect(await ordersOf([fresh])).toEqual([next.orderId]);
  });

  it('is looked up by what was placed, where the data of a neighbour was refused', async () => {
    const { buyers } = await shoppers(2);
    const commands = buyers.map((buyer, i) =>
      commandOf(buyer, i === 0 ? { idempotencyKey: 'x'.repeat(300) } : {}),
    );
    const results = await runnerOf({ dataSource: losing(db.packets, ['after']) }).run(commands);
    expect(results).toEqual([
      { error: expect.objectContaining({ driverError: expect.objectContaining({ errno: 1406 }) }) },
      { value: { kind: 'placed', orderId: commands[1]?.orderId } },
    ]);
  });

  it('has nothing to look up when it placed nothing: the refusals stand', async () => {
    const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
    const dataSource = losing(db.packets, ['before', 'before']);
    expect(await runnerOf({ dataSource }).run([commandOf(buyer)])).toEqual([
      { value: { kind: 'refused', code: 'CART_EMPTY' } },
    ]);
  });
});

describe('what is read for a decision', () => {
  const read = (commands: PlaceOrder[], guard: SkuGuard = 'pessimistic') =>
    inTransaction(db.packets, (tx) => readSnapshot(tx, commands, guard, 'wait'));

  it('is everything the commands name: addresses, selected lines by product, keys and products', async () => {
    const { buyers, skus } = await shoppers(2, { kinds: 2, units: 4 });
    const [one, other] = buyers as [Buyer, Buyer];
    await db.sql('UPDATE skus SET is_launched = FALSE WHERE id = ?', [skus[1]]);
    const { readAt, ...snapshot } = await read([commandOf(one), commandOf(other), commandOf(one)]);
    expect(readAt).toBeInstanceOf(Date);
    expect(snapshot.keys.size).toBe(0);
    const lines = skus.map((skuId) => ({ skuId, count: 4 }));
    expect([...snapshot.carts]).toEqual([
      [one.id, lines],
      [other.id, lines],
    ]);
    expect([...snapshot.addresses.keys()]).toEqual([one.addressId, other.addressId]);
    expect(snapshot.addresses.get(one.addressId)).toEqual({
      id: one.addressId,
      userId: one.id,
      receiver: `买家${one.id}`,
      province: '试验省',
      city: '试验市',
      district: '试验区',
      place: '一号',
      mobile: '19900000000',
      tel: '',
    });
    const launched = [...snapshot.skus.values()].map((sku) => [sku.id, sku.launched]);
    expect(launched).toEqual([
      [skus[0], true],
      [skus[1], false],
    ]);
  });

  it('has a line whose product is not there, which makes the order unavailable and not smaller', async () => {
    const { buyers, skus } = await shoppers(1);
    const [buyer] = buyers as [Buyer];
    const missing = Math.max(...skus) + 1_000_000;
    await fillCarts(db, [{ userId: buyer.id, skuIds: [missing] }]);
    const snapshot = await read([commandOf(buyer)]);
    expect(snapshot.carts.get(buyer.id)?.map(({ skuId }) => skuId)).toEqual([...skus, missing]);
    expect([...snapshot.skus.keys()]).toEqual(skus);
    expect(await runnerOf().run([commandOf(buyer)])).toMatchObject([
      { value: { kind: 'refused', code: 'SKU_UNAVAILABLE' } },
    ]);
  });

  it('has no address that was deleted, and no product when no cart has any', async () => {
    const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
    await db.sql('UPDATE addresses SET deleted_at = UTC_TIMESTAMP(3) WHERE id = ?', [
      buyer.addressId,
    ]);
    const { addresses, skus, carts, readAt } = await read([commandOf(buyer)]);
    expect([addresses.size, skus.size, carts.size, readAt]).toEqual([0, 0, 0, undefined]);
  });

  it('has the lines of a cart by product, in whatever order the server answers them', async () => {
    const { buyers, skus } = await shoppers(1, { kinds: 3 });
    const reversed = wrapped(db.packets, (query) => async (sql, parameters) => {
      const reverse = (one: unknown): unknown => (Array.isArray(one) ? one.toReversed() : one);
      const results = await query(sql, parameters);
      return Array.isArray(results) ? results.map(reverse) : results;
    });
    const carts = await inTransaction(
      reversed,
      async (tx) => (await readSnapshot(tx, [commandOf(buyers[0]!)], 'pessimistic', 'wait')).carts,
    );
    expect(carts.get(buyers[0]!.id)?.map(({ skuId }) => skuId)).toEqual(skus);
  });

  it.each<[SkuGuard, 'cart' | 'product']>([
    ['pessimistic', 'cart'],
    ['pessimistic', 'product'],
    ['optimistic', 'cart'],
  ])('%s: fails at once where it is not to wait for a %s row', async (guard, row) => {
    const { buyers, skus } = await shoppers(1);
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await (row === 'cart'
      ? rival.query('SELECT * FROM cart_lines WHERE user_id = ? FOR UPDATE', [buyers[0]!.id])
      : rival.query('SELECT * FROM skus WHERE id = ? FOR UPDATE', [skus[0]]));
    const reading = inTransaction(db.packets, async (tx) => {
      // Were it to wait, its own deadline would come first, which is another error.
      await tx.query('SET SESSION innodb_lock_wait_timeout = 50');
      try {
        await readSnapshot(tx, [commandOf(buyers[0]!)], guard, 'nowait');
      } finally {
        await tx.query(`SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
      }
    });
    const failure: unknown = await reading.catch((error: unknown) => error);
    await rival.rollbackTransaction();
    await rival.release();
    expect(failure).toMatchObject({ driverError: { errno: 1205 } });
  });

  it('is locked, products only under the pessimistic guard', async () => {
    const { buyers, skus } = await shoppers(1);
    const isFree = async (sql: string, parameter: unknown) =>
      db.sql(`${sql} FOR UPDATE NOWAIT`, [parameter]).then(
        () => true,
        () => false,
      );
    for (const guard of ['pessimistic', 'optimistic'] as const) {
      await inTransaction(db.packets, async (tx) => {
        await readSnapshot(tx, [commandOf(buyers[0]!)], guard, 'wait');
        expect(await isFree('SELECT * FROM cart_lines WHERE user_id = ?', buyers[0]?.id)).toBe(
          false,
        );
        expect(await isFree('SELECT id FROM skus WHERE id = ?', skus[0])).toBe(
          guard === 'optimistic',
        );
      });
    }
  });

  it('is a cart as it is now, selected lines by product', async () => {
    const { buyers, skus } = await shoppers(1, { kinds: 3, units: 2 });
    const [buyer] = buyers as [Buyer];
    await db.sql('UPDATE cart_lines SET selected = FALSE WHERE user_id = ? AND sku_id = ?', [
      buyer.id,
      skus[1],
    ]);
    expect(await readCart(db.dataSource, buyer.id)).toEqual([
      { skuId: skus[0], count: 2 },
      { skuId: skus[2], count: 2 },
    ]);
  });

  it('are the orders that exist of those that are named', async () => {
    const { buyers } = await shoppers(1);
    const command = commandOf(buyers[0]!);
    await runnerOf().run([command]);
    const found = await inTransaction(db.dataSource, (tx) =>
      existingOrders(tx, [command.orderId, nextId()]),
    );
    expect([...found]).toEqual([command.orderId]);
  });
});

describe.each<SkuGuard>(['pessimistic', 'optimistic'])(
  'what is written under the %s guard',
  (guard) => {
    /** Reads and decides for one buyer, lets `meanwhile` happen, and then writes. */
    const write = async (meanwhile: (sku: number, buyer: Buyer) => string) => {
      const { buyers, skus } = await shoppers(1, { kinds: 2 });
      const [buyer] = buyers as [Buyer];
      let tries = 0;
      const written = inTransaction(db.packets, async (tx) => {
        tries += 1;
        if (tries > 1) {
          throw new Error('once is enough');
        }
        const command = commandOf(buyer);
        const snapshot = await readSnapshot(tx, [command], guard, 'wait');
        const orders = decide([command], snapshot, TERMS).flatMap((d): OrderDraft[] =>
          d.kind === 'placed' ? [d.order] : [],
        );
        await tx.query(meanwhile(skus[1] ?? 0, buyer));
        await writeOrders(tx, orders, snapshot, { guard, expiresMs: 1 }).catch((error: unknown) => {
          throw Object.assign(new Error((error as Error).message), {
            conflict: error instanceof ConflictError,
          });
        });
      });
      return { written, buyers, skus };
    };

    it('is refused as a whole when a product is not as it was read', async () => {
      const { written, buyers, skus } = await write(
        (sku) => `UPDATE skus SET version = version + 1 WHERE id = ${sku}`,
      );
      await expect(written).rejects.toMatchObject({
        conflict: true,
        message: 'of 2 SKU rows, 1 were as they were read',
      });
      expect([await ordersOf(buyers), await unitsOf(db, skus[0])]).toEqual([[], [10, 0]]);
    });

    it('is refused as a whole when a cart is not as it was read', async () => {
      const { written, buyers, skus } = await write(
        (sku, { id }) => `DELETE FROM cart_lines WHERE user_id = ${id} AND sku_id = ${sku}`,
      );
      await expect(written).rejects.toMatchObject({
        conflict: true,
        message: 'of 2 cart rows, 1 were as they were read',
      });
      expect([await ordersOf(buyers), await unitsOf(db, skus[0])]).toEqual([[], [10, 0]]);
    });
  },
);

/** A database whose every transaction fails. */
function failing(fault: Error): DataSource {
  return wrapped(db.packets, () => () => Promise.reject(fault));
}

/**
 * The database over connections that break at COMMIT, one transaction after the other: `before` it
 * is done, `after` it, or not at all.
 */
function losing(dataSource: DataSource, script: ('before' | 'after' | undefined)[]): DataSource {
  return wrapped(dataSource, (query) => async (sql, parameters) => {
    const breaks = sql === 'COMMIT' ? script.shift() : undefined;
    if (breaks === 'before') {
      await query('ROLLBACK', []);
    }
    const result = breaks === 'before' ? undefined : await query(sql, parameters);
    if (breaks) {
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    }
    return result;
  });
}

/** The database as it is to the first reading of keys: an order is not seen yet. */
function blindFor(dataSource: DataSource, orderId: string): DataSource {
  let isBlind = true;
  return wrapped(dataSource, (query) => async (sql, parameters) => {
    const results = await query(sql, parameters);
    const hides = isBlind && JSON.stringify(results ?? '').includes(orderId);
    if (!hides) {
      return results;
    }
    isBlind = false;
    return (results as unknown[]).map((rows) =>
      JSON.stringify(rows).includes(orderId) ? [] : rows,
    );
  });
}
