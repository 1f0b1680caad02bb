/** Giving money back: what may be asked for, what is written with it, and how it is made true. */
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refundTries } from '../../../src/common/metrics.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { OrderStatus } from '../../../src/orders/order-status.js';
import {
  GatewayUnknownError,
  type PaymentGateway,
  type RefundAnswer,
  type RefundRequest,
  type RefundState,
} from '../../../src/payment/gateway/payment-gateway.js';
import { RefundRunner } from '../../../src/payment/refunds/refund-runner.js';
import { RefundsService } from '../../../src/payment/refunds/refunds.service.js';
import {
  askedSoFar,
  bookRefunded,
  claimRefund,
  finishRefund,
  insertRefund,
  postponeRefund,
} from '../../../src/payment/refunds/refunds.store.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { blocked } from '../../kit/transactions.js';
import { type BuiltOrder, buildOrder, historyOf, statusOf, unitsOf } from '../../kit/orders.js';
import { wrapped } from '../../kit/wrapped.js';

const AT = new Date('2026-03-04T05:06:07.000Z');
const MOVED: RefundAnswer = { kind: 'moved', at: AT };
const NONE: RefundState = { kind: 'none' };
const DONE: RefundState = { kind: 'done', at: AT };

type Scripted<T> = T | Error | (() => Promise<T>);

/** A gateway that answers what the test has written down, and remembers what it was asked. */
class ScriptedGateway {
  readonly calls: string[] = [];
  refunds: Scripted<RefundAnswer>[] = [];
  states: Scripted<RefundState>[] = [];

  refund({ orderId, outRequestNo, amountFen, reason }: RefundRequest) {
    this.calls.push(`refund ${outRequestNo} of ${orderId}: ${amountFen} ${reason}`);
    return play(this.refunds, MOVED);
  }
  refundState({ orderId, outRequestNo }: RefundRequest) {
    this.calls.push(`ask ${outRequestNo} of ${orderId}`);
    return play(this.states, NONE);
  }
}

async function play<T>(script: Scripted<T>[], otherwise: T): Promise<T> {
  const next = script.shift() ?? otherwise;
  if (next instanceof Error) {
    throw next;
  }
  return typeof next === 'function' ? (next as () => Promise<T>)() : next;
}

let db: TestDatabase;
let gateway: ScriptedGateway;
let runner: RefundRunner;
let service: RefundsService;
let log: string[];
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  gateway = new ScriptedGateway();
  runner = new RefundRunner(db.dataSource, gateway as unknown as PaymentGateway);
  service = new RefundsService(db.dataSource, runner);
  log = [];
  const at = (level: string) => (text: string) => log.push(`${level} ${text}`);
  const say = { log: at('log'), warn: at('warn'), error: at('error') };
  Logger.overrideLogger(say);
});
afterEach(async () => {
  Logger.overrideLogger(false);
  // What a test leaves undone is nobody's next refund.
  await db.sql(`UPDATE refunds SET next_try_at = '2100-01-01' WHERE status = 1`);
});

const paid = (more: Parameters<typeof buildOrder>[1] = {}) =>
  buildOrder(db, { status: 2, tradeNo: `T${Math.random()}`, ...more });

const refundsOf = ({ paymentId }: BuiltOrder) =>
  db.sql(
    `SELECT out_request_no AS no, amount_fen AS fen, status, reason, attempts,
       finished_at AS at, last_answer AS answer
     FROM refunds WHERE payment_id = ? ORDER BY id`,
    [paymentId],
  );
const refundedOf = async ({ paymentId }: BuiltOrder) =>
  (
    await db.sql<{ fen: number }>('SELECT refunded_fen AS fen FROM payments WHERE id = ?', [
      paymentId,
    ])
  )[0]?.fen;
const typesOf = async ({ id }: BuiltOrder) =>
  (await historyOf(db, id)).map((event) => (event as { type: string }).type);

/** Nothing at all has happened to the order. */
const untouched = async (order: BuiltOrder, status = 2) => {
  expect([await statusOf(db, order.id), await refundsOf(order), await typesOf(order)]).toEqual([
    status,
    [],
    [],
  ]);
  expect(await unitsOf(db, order.skus[0])).toEqual([8, 2]);
  expect(gateway.calls).toEqual([]);
};

/** Seconds until something is due, to the next ten below: the statements in between take time. */
const secondsUntil = async (column: string, paymentId: number) => {
  const [row] = await db.sql<{ s: number }>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), ${column}) / 1000000 AS s
     FROM payments p JOIN refunds r ON r.payment_id = p.id WHERE p.id = ? ORDER BY r.id LIMIT 1`,
    [paymentId],
  );
  return Number(row?.s);
};

describe('a buyer’s refund of the whole order', () => {
  const ask = (order: BuiltOrder, reason = '不想要了', key?: string, by = order.buyer.id) =>
    service.refundWhole(by, order.id, reason, key);

  it('cancels it at once, gives its goods back, and moves all of its money', async () => {
    const order = await paid();
    const asked = await ask(order);
    expect(asked).toEqual({ refundId: expect.any(Number), replayed: false });
    expect(await statusOf(db, order.id)).toBe(6);
    expect(await unitsOf(db, order.skus[0])).toEqual([10, 0]);
    expect(await refundsOf(order)).toEqual([
      {
        no: `${order.id}-1`,
        fen: order.totalFen,
        status: 2,
        reason: '不想要了',
        attempts: 1,
        at: AT,
        answer: 'fund_change=Y',
      },
    ]);
    expect(await refundedOf(order)).toBe(order.totalFen);
    expect(gateway.calls).toEqual([
      `refund ${order.id}-1 of ${order.id}: ${order.totalFen} 不想要了`,
    ]);
    const detail = { refund_id: `${order.id}-1`, amount_fen: order.totalFen };
    expect(await historyOf(db, order.id)).toEqual([
      { type: 'canceled', actor: 'buyer', from: 2, to: 6, detail },
      {
        type: 'refunded',
        actor: 'alipay',
        from: 6,
        to: 6,
        detail: { ...detail, answer: 'fund_change=Y' },
      },
    ]);
    expect(log).toEqual([]);
  });

  it('is not for another buyer, whose order it seems not to be, nor for none', async () => {
    const [order, other] = [await paid(), await paid()];
    const notFound = { code: 'NOT_FOUND' };
    await expect(ask(order, '', undefined, other.buyer.id)).rejects.toMatchObject(notFound);
    await expect(service.refundWhole(order.buyer.id, '1', '')).rejects.toMatchObject(notFound);
    await untouched(order);
  });

  it.each([OrderStatus.Unpaid, OrderStatus.Shipped, OrderStatus.Received, OrderStatus.Done])(
    'is refused in state %i, though there is money of it',
    async (status) => {
      const order = await paid({ status });
      await expect(ask(order)).rejects.toMatchObject({ code: 'ORDER_NOT_REFUNDABLE' });
      await untouched(order, status);
    },
  );

  it('is refused where no money came through the gateway, and where none is left', async () => {
    const cash = await buildOrder(db, { status: 2, payMethod: 1 });
    await expect(ask(cash)).rejects.toMatchObject({ code: 'ORDER_NOT_REFUNDABLE' });
    await untouched(cash);
    const begun = await buildOrder(db, { status: 2 });
    await db.sql(
      `INSERT INTO payments (order_id, status, amount_fen, expires_at) VALUES (?, 1, ?, UTC_TIMESTAMP(3))`,
      [begun.id, begun.totalFen],
    );
    await expect(ask(begun)).rejects.toMatchObject({ code: 'ORDER_NOT_REFUNDABLE' });
    await untouched(begun);
  });

  it('asked for again is the same one: the money moves once', async () => {
    const order = await paid();
    const { refundId } = await ask(order);
    expect(await ask(order)).toEqual({ refundId, replayed: true });
    expect(await ask(order, '别的理由')).toEqual({ refundId, replayed: true });
    expect([await refundsOf(order), gateway.calls]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });

  it('is not found for a canceled order that nobody has asked it for', async () => {
    const order = await paid({ status: 6 });
    await insertAsked(order, { by: undefined });
    await expect(ask(order)).rejects.toMatchObject({ code: 'ORDER_NOT_REFUNDABLE' });
  });

  it('with a key is found by it, in whatever state the order is by now', async () => {
    const order = await paid();
    const { refundId } = await ask(order, '理由', 'k');
    expect(await ask(order, '理由', 'k')).toEqual({ refundId, replayed: true });
    await db.sql('UPDATE orders SET status = 3, stock_restored_at = NULL WHERE id = ?', [order.id]);
    expect(await ask(order, '理由', 'k')).toEqual({ refundId, replayed: true });
    await expect(ask(order, '理由')).rejects.toMatchObject({ code: 'ORDER_NOT_REFUNDABLE' });
  });

  it('refuses a key that was used for another wish, and one that cannot be kept', async () => {
    const order = await paid();
    await ask(order, '理由', 'k2');
    await expect(ask(order, '别的', 'k2')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    const next = await paid();
    await expect(ask(next, '', 'no blanks')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(service.refundPart(1, next.id, PART, ' ')).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(await refundsOf(next)).toEqual([]);
  });

  it('takes a part that failed for one that was never asked for, and the rest for the whole', async () => {
    const order = await paid();
    await insertAsked(order, { fen: 1000 });
    await insertAsked(order, { fen: 1500, status: 3 });
    await ask(order);
    expect(await refundsOf(order)).toMatchObject([
      { fen: 1000 },
      { fen: 1500, status: 3 },
      { no: `${order.id}-3`, fen: order.totalFen - 1000, status: 1 },
    ]);
    expect(await statusOf(db, order.id)).toBe(6);
  });
});

const PART = { amountFen: 2000, reason: '破损', returns: [] };

/** A refund that is there already. */
async function insertAsked(
  { id, paymentId }: BuiltOrder,
  { fen = 1, status = 1, by }: { fen?: number; status?: number; by?: number | undefined } = {},
): Promise<void> {
  const [row] = await db.sql<{ n: number }>(
    'SELECT COUNT(*) AS n FROM refunds WHERE payment_id = ?',
    [paymentId],
  );
  await db.sql(
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status, requested_by, finished_at,
       next_try_at)
     VALUES (?, ?, ?, ?, ?, IF(? = 1, NULL, UTC_TIMESTAMP(3)), '2100-01-01')`,
    [paymentId, `${id}-${Number(row?.n) + 1}`, fen, status, by ?? null, status],
  );
  await db.sql(
    'UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) + INTERVAL 3 SECOND WHERE id = ?',
    [paymentId],
  );
}

describe('an administrator’s refund of a part', () => {
  let admin: number;
  beforeAll(async () => {
    admin = (await buildOrder(db)).buyer.id;
  });
  const ask = (order: BuiltOrder, more: Partial<typeof PART> & object = {}, key?: string) =>
    service.refundPart(admin, order.id, { ...PART, ...more }, key);
  /** Lets the next refund of the payment be tried at once. */
  const free = ({ paymentId }: BuiltOrder) =>
    db.sql('UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) WHERE id = ?', [paymentId]);

  it('moves so much, leaves the order as it is, and is numbered', async () => {
    const order = await paid();
    expect(await ask(order)).toEqual({ refundId: expect.any(Number), replayed: false });
    await free(order);
    await ask(order, { amountFen: 500 });
    expect(await statusOf(db, order.id)).toBe(2);
    expect(await refundedOf(order)).toBe(2500);
    expect(await refundsOf(order)).toMatchObject([
      { no: `${order.id}-1`, fen: 2000, status: 2, reason: '破损' },
      { no: `${order.id}-2`, fen: 500, status: 2 },
    ]);
    expect((await historyOf(db, order.id))[0]).toEqual({
      type: 'refund_asked',
      actor: 'admin',
      from: 2,
      to: 2,
      detail: { refund_id: `${order.id}-1`, amount_fen: 2000 },
    });
    expect(await unitsOf(db, order.skus[0])).toEqual([8, 2]);
  });

  it('may be all that is left and not a fen more: the refusal says what is left', async () => {
    const order = await paid({ status: 4 });
    await insertAsked(order, { fen: 2000 });
    await expect(ask(order, { amountFen: 4001 })).rejects.toMatchObject({
      code: 'REFUND_TOO_LARGE',
      extras: { members: { refundable: '40.00' } },
    });
    expect(await refundsOf(order)).toHaveLength(1);
    await ask(order, { amountFen: 4000 });
    await expect(ask(order, { amountFen: 1 })).rejects.toMatchObject({
      code: 'ORDER_NOT_REFUNDABLE',
    });
    expect(await refundsOf(order)).toHaveLength(2);
    expect(await statusOf(db, order.id)).toBe(4);
  });

  it('of the last money of an order not sent yet cancels it', async () => {
    const order = await paid();
    await ask(order);
    await ask(order, { amountFen: 4000 });
    expect(await statusOf(db, order.id)).toBe(6);
    expect(await unitsOf(db, order.skus[0])).toEqual([10, 0]);
    expect(await typesOf(order)).toEqual(['refund_asked', 'refunded', 'canceled']);
  });

  it('of the last money of an order that was sent leaves it where it is, and its goods', async () => {
    const order = await paid({ status: 3 });
    await ask(order, { amountFen: order.totalFen });
    expect(await statusOf(db, order.id)).toBe(3);
    expect(await unitsOf(db, order.skus[0])).toEqual([8, 2]);
    expect(await typesOf(order)).toEqual(['refund_asked', 'refunded']);
  });

  it('takes goods back into stock, and remembers which', async () => {
    const order = await paid({ status: 4, kinds: 2, count: 3 });
    const [first = 0, second = 0] = order.skus;
    const returns = [
      { skuId: first, count: 3 },
      { skuId: second, count: 1 },
    ];
    const { refundId } = await ask(order, { returns } as object);
    expect([await unitsOf(db, first), await unitsOf(db, second)]).toEqual([
      [10, 0],
      [8, 2],
    ]);
    const lines = await db.sql(
      'SELECT sku_id AS skuId, count FROM refund_lines WHERE refund_id = ? ORDER BY sku_id',
      [refundId],
    );
    expect(lines).toEqual(returns);
    const returned = await db.sql(
      'SELECT returned_count AS n FROM order_lines WHERE order_id = ? ORDER BY sku_id',
      [order.id],
    );
    expect(returned).toEqual([{ n: 3 }, { n: 1 }]);
    expect(await db.sql('SELECT version FROM skus WHERE id = ?', [first])).toEqual([
      { version: 1 },
    ]);
  });

  it('takes no more goods back than the order still holds, and none of another order', async () => {
    const [order, other] = [await paid({ status: 4 }), await paid()];
    const [sku = 0] = order.skus;
    const tooMany = (skuId: number, count: number) => ({
      wish: ask(order, { returns: [{ skuId, count }] } as object),
      refusal: { code: 'RETURN_TOO_LARGE', extras: { members: { sku_id: skuId } } },
    });
    for (const [skuId, count] of [
      [sku, 3],
      [other.skus[0] ?? 0, 1],
    ] as const) {
      const { wish, refusal } = tooMany(skuId, count);
      await expect(wish).rejects.toMatchObject(refusal);
    }
    await untouched(order, 4);
    await ask(order, { returns: [{ skuId: sku, count: 2 }] } as object);
    await free(order);
    const { wish, refusal } = tooMany(sku, 1);
    await expect(wish).rejects.toMatchObject(refusal);
    expect(await unitsOf(db, sku)).toEqual([10, 0]);
    expect(await refundsOf(order)).toHaveLength(1);
  });

  it('takes no goods back of a canceled order, which gave all of them back', async () => {
    const order = await paid({ status: 6 });
    const [skuId = 0] = order.skus;
    // Sold to others meanwhile, so that no bound of the table refuses it.
    await db.sql('UPDATE skus SET stock = stock - 5, sales = sales + 5 WHERE id = ?', [skuId]);
    const wish = ask(order, { returns: [{ skuId, count: 1 }] } as object);
    await expect(wish).rejects.toMatchObject({
      code: 'RETURN_TOO_LARGE',
      extras: { members: { sku_id: skuId } },
    });
    expect(await unitsOf(db, skuId)).toEqual([5, 5]);
    await ask(order);
    expect(await refundedOf(order)).toBe(2000);
  });

  it('is for orders that exist', async () => {
    const wish = service.refundPart(admin, '1', PART);
    await expect(wish).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('with a key is one, by all that was asked for with it, and each administrator has their own', async () => {
    const order = await paid();
    const first = await ask(order, {}, 'part');
    expect(await ask(order, {}, 'part')).toEqual({ ...first, replayed: true });
    const next = await paid();
    const others = [
      () => ask(order, { amountFen: 1999 }, 'part'),
      () => ask(order, { reason: '迟到' }, 'part'),
      () => ask(order, { returns: [{ skuId: order.skus[0], count: 1 }] } as object, 'part'),
      () => ask(next, {}, 'part'),
    ];
    for (const other of others) {
      await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    }
    expect(await refundsOf(order)).toHaveLength(1);
    const buyer = (await buildOrder(db)).buyer.id;
    expect(await service.refundPart(buyer, order.id, PART, 'part')).toMatchObject({
      replayed: false,
    });
  });

  it('finds the key of another order that was taken while it waited for it', async () => {
    const [one, other] = [await paid(), await paid()];
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query(
      `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status, requested_by,
         idempotency_key, request_hash, next_try_at)
       VALUES (?, 'rival', 1, 1, ?, 'race', UNHEX(REPEAT('0', 64)), '2100-01-01')`,
      [other.paymentId, admin],
    );
    const wish = ask(one, {}, 'race').catch((error: unknown) => error);
    await blocked(db, 1);
    await rival.commitTransaction();
    await rival.release();
    expect(await wish).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await untouched(one);
  });

  it('passes on any other fault of the database, and does not try again', async () => {
    const order = await paid();
    let tries = 0;
    const dataSource = wrapped(db.dataSource, (query) => (sql, parameters) => {
      tries += sql.includes('INSERT INTO refunds') ? 1 : 0;
      return query(sql, parameters);
    });
    service = new RefundsService(dataSource, runner);
    await expect(ask(order, { reason: 'x'.repeat(300) })).rejects.toMatchObject({
      driverError: { errno: 1406 },
    });
    expect(tries).toBe(1);
    // Another unique number is no key.
    await insertAsked(order);
    await db.sql('UPDATE refunds SET out_request_no = ? WHERE payment_id = ?', [
      `${order.id}-2`,
      order.paymentId,
    ]);
    await expect(ask(order)).rejects.toMatchObject({ driverError: { errno: 1062 } });
    expect([tries, (await refundsOf(order)).length]).toEqual([2, 1]);
  });

  it('is undone and asked for anew when another one appears under its lock', async () => {
    const order = await paid();
    let appears = true;
    const dataSource = wrapped(db.dataSource, (query) => async (sql, parameters) => {
      if (appears && sql.includes('INSERT INTO refunds')) {
        appears = false;
        await query(
          'INSERT INTO refunds (payment_id, out_request_no, amount_fen, status) VALUES (?, ?, ?, 1)',
          [order.paymentId, 'another', order.totalFen],
        );
      }
      return query(sql, parameters);
    });
    await new RefundsService(dataSource, runner).refundPart(admin, order.id, PART);
    expect(await refundsOf(order)).toMatchObject([{ no: `${order.id}-1`, fen: 2000 }]);
    expect([appears, await refundedOf(order)]).toEqual([false, 2000]);
  });

  it('is asked for even when it cannot be tried now, which the log says', async () => {
    const order = await paid();
    gateway.refunds = [new Error('a fault')];
    const { refundId } = await ask(order);
    expect(await refundsOf(order)).toMatchObject([{ status: 1, attempts: 1 }]);
    expect(log).toEqual([`warn refund ${refundId} was not tried now: Error: a fault`]);
  });
});

describe('a refund that was asked for', () => {
  /** Asked for and never tried, of an order that was sent. */
  const asked = async (attempts = 0) => {
    const order = await paid({ status: 3 });
    const refundId = await inTransaction(db.dataSource, (tx) =>
      insertRefund(tx, {
        paymentId: order.paymentId,
        outRequestNo: `${order.id}-1`,
        amountFen: 1500,
        reason: 'r',
      }),
    );
    await db.sql('UPDATE refunds SET attempts = ? WHERE id = ?', [attempts, refundId]);
    return { ...order, refundId };
  };
  const tries = async (outcome: string) =>
    (await refundTries.get()).values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  const send = ({ id }: BuiltOrder) => `refund ${id}-1 of ${id}: 1500 r`;
  const look = ({ id }: BuiltOrder) => `ask ${id}-1 of ${id}`;
  const detail = ({ id }: BuiltOrder, answer: string) => ({
    refund_id: `${id}-1`,
    amount_fen: 1500,
    answer,
  });

  it.each<[string, RefundAnswer, RefundState, string, string]>([
    ['the call moved the money', MOVED, NONE, 'fund_change=Y', 'one'],
    ['an earlier call had', { kind: 'not_moved' }, DONE, 'REFUND_SUCCESS', 'two'],
    ['refused, and yet done', { kind: 'refused', code: 'X' }, DONE, 'REFUND_SUCCESS', 'two'],
  ])(
    'is done when %s: booked once, with the gateway’s time',
    async (_, answer, state, said, how) => {
      const order = await asked();
      gateway.refunds = [answer];
      gateway.states = [state];
      const before = await tries('done');
      expect(await runner.run(order.refundId)).toBe(true);
      expect(await refundsOf(order)).toMatchObject([{ status: 2, at: AT, answer: said }]);
      expect(await refundedOf(order)).toBe(1500);
      expect(await historyOf(db, order.id)).toEqual([
        { type: 'refunded', actor: 'alipay', from: 3, to: 3, detail: detail(order, said) },
      ]);
      expect(gateway.calls).toEqual(how === 'one' ? [send(order)] : [send(order), look(order)]);
      expect([(await tries('done')) - before, log]).toEqual([1, []]);
      expect(await secondsUntil('p.refund_free_at', order.paymentId)).toBeLessThanOrEqual(3);
      expect(await runner.run(order.refundId)).toBe(false);
    },
  );

  it('has failed when the gateway refuses it and knows of none: nothing is booked', async () => {
    const order = await asked();
    gateway.refunds = [{ kind: 'refused', code: 'ACQ.TRADE_HAS_FINISHED' }];
    const before = await tries('failed');
    await runner.run(order.refundId);
    expect(await refundsOf(order)).toMatchObject([{ status: 3, answer: 'ACQ.TRADE_HAS_FINISHED' }]);
    expect((await refundsOf(order))[0]?.['at']).toBeInstanceOf(Date);
    expect(await refundedOf(order)).toBe(0);
    expect(await historyOf(db, order.id)).toEqual([
      {
        type: 'refund_failed',
        actor: 'alipay',
        from: 3,
        to: 3,
        detail: detail(order, 'ACQ.TRADE_HAS_FINISHED'),
      },
    ]);
    expect((await tries('failed')) - before).toBe(1);
    expect(log).toEqual([`error refund ${order.id}-1: failed (ACQ.TRADE_HAS_FINISHED)`]);
    expect(await runner.run(order.refundId)).toBe(false);
  });

  it.each<[string, Scripted<RefundAnswer>, string, string, number]>([
    [
      'nobody knows',
      new GatewayUnknownError('refund', 0),
      'later',
      'refund: the outcome is unknown',
      20,
    ],
    ['it has not moved', { kind: 'not_moved' }, 'later', 'fund_change=N', 20],
    ['the seller is poor', { kind: 'poor' }, 'poor', 'SELLER_BALANCE_NOT_ENOUGH', 120],
  ])('is tried again when %s, in its time', async (_, answer, outcome, said, delayS) => {
    const order = await asked(1);
    gateway.refunds = [answer];
    const before = await tries(outcome);
    await runner.run(order.refundId);
    expect(await refundsOf(order)).toMatchObject([
      { status: 1, attempts: 2, answer: said, at: null },
    ]);
    expect([await refundedOf(order), await typesOf(order)]).toEqual([0, []]);
    expect((await tries(outcome)) - before).toBe(1);
    expect(log).toEqual([`warn refund ${order.id}-1: ${outcome} (${said})`]);
    const seconds = await secondsUntil('r.next_try_at', order.paymentId);
    expect([seconds <= delayS, seconds > delayS - 10]).toEqual([true, true]);
    expect(await secondsUntil('p.refund_free_at', order.paymentId)).toBeLessThanOrEqual(3);
    expect(await runner.run(order.refundId)).toBe(false);
  });

  it('asks first when it was tried before, and sends nothing when it is done', async () => {
    const order = await asked(1);
    gateway.states = [DONE];
    await runner.run(order.refundId);
    expect(gateway.calls).toEqual([look(order)]);
    expect([await refundedOf(order), await refundsOf(order)]).toMatchObject([
      1500,
      [{ status: 2, at: AT, answer: 'REFUND_SUCCESS' }],
    ]);
  });

  it('asks first when it was tried before, and sends the same number again when it is not', async () => {
    const order = await asked(1);
    await runner.run(order.refundId);
    expect(gateway.calls).toEqual([look(order), send(order)]);
    expect(await refundedOf(order)).toBe(1500);
  });

  it('is one instance’s while it is tried, and so is its payment; both are free when the lease ends', async () => {
    const order = await asked();
    const other = await inTransaction(db.dataSource, (tx) =>
      insertRefund(tx, {
        paymentId: order.paymentId,
        outRequestNo: `${order.id}-2`,
        amountFen: 100,
        reason: '',
      }),
    );
    const seen: unknown[] = [];
    gateway.refunds = [
      async () => {
        seen.push(await runner.run(order.refundId), await runner.run(other));
        for (const column of ['r.next_try_at', 'p.refund_free_at']) {
          const seconds = await secondsUntil(column, order.paymentId);
          seen.push(seconds <= 60 && seconds > 50);
        }
        return MOVED;
      },
    ];
    await runner.run(order.refundId);
    expect(seen).toEqual([false, false, true, true]);
    await db.sql('UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) WHERE id = ?', [
      order.paymentId,
    ]);
    expect(await runner.run(other)).toBe(true);
    expect(await refundedOf(order)).toBe(1600);
  });

  it('that somebody else has booked meanwhile is not booked twice', async () => {
    const order = await asked();
    gateway.refunds = [
      async () => {
        await inTransaction(db.dataSource, async (tx) => {
          const end = { status: 2, at: AT, answer: 'elsewhere' } as const;
          expect(await finishRefund(tx, order.refundId, end)).toBe(true);
          await bookRefunded(tx, order.paymentId, 1500);
        });
        return MOVED;
      },
    ];
    expect(await runner.run(order.refundId)).toBe(true);
    expect([await refundedOf(order), await typesOf(order)]).toEqual([1500, []]);
    expect(await refundsOf(order)).toMatchObject([{ answer: 'elsewhere' }]);
  });

  it('that is at its end is not postponed, and an answer is kept as far as there is room', async () => {
    const [order, open] = [await asked(), await asked()];
    const long = 'x'.repeat(150);
    await inTransaction(db.dataSource, async (tx) => {
      await finishRefund(tx, order.refundId, { status: 3, at: undefined, answer: long });
      await postponeRefund(tx, order.refundId, 500, 'never');
      await postponeRefund(tx, open.refundId, 500, long);
    });
    expect(await refundsOf(order)).toMatchObject([{ status: 3, answer: 'x'.repeat(100) }]);
    expect(await refundsOf(open)).toMatchObject([{ status: 1, answer: 'x'.repeat(100) }]);
  });

  it('keeps a fault of ours from being taken for an answer: the lease ends, and it is due again', async () => {
    const order = await asked();
    gateway.refunds = [new Error('a fault')];
    await expect(runner.run(order.refundId)).rejects.toThrow('a fault');
    expect(await refundsOf(order)).toMatchObject([{ status: 1, attempts: 1, answer: null }]);
  });

  it('waits for its turn: the one that has waited longest comes first, as many as are wanted', async () => {
    const orders = [await asked(), await asked(), await asked()];
    const due = (order: (typeof orders)[number], minutes: number) =>
      db.sql('UPDATE refunds SET next_try_at = UTC_TIMESTAMP(3) - INTERVAL ? MINUTE WHERE id = ?', [
        minutes,
        order.refundId,
      ]);
    const [a, b, c] = orders as [(typeof orders)[0], (typeof orders)[0], (typeof orders)[0]];
    await due(a, 1);
    await due(b, 3);
    await due(c, 2);
    expect(await runner.runDue(2)).toBe(2);
    expect(gateway.calls).toEqual([send(b), send(c)]);
    expect(await runner.runDue(0)).toBe(0);
    expect(await runner.runDue(5, AbortSignal.abort())).toBe(0);
    expect(gateway.calls).toHaveLength(2);
    expect(await runner.runDue()).toBe(1);
    expect(await runner.runDue()).toBe(0);
    expect(gateway.calls).toEqual([send(b), send(c), send(a)]);
  });

  it('is tried alone when it is named, though others have waited longer', async () => {
    const [first, second] = [await asked(), await asked()];
    expect(await runner.run(second.refundId)).toBe(true);
    expect(gateway.calls).toEqual([send(second)]);
    expect(await refundsOf(first)).toMatchObject([{ status: 1, attempts: 0 }]);
  });

  it('is passed over, not waited for, while somebody holds it', async () => {
    const order = await asked();
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM refunds WHERE id = ? FOR UPDATE', [order.refundId]);
    const claimed = await inTransaction(db.dataSource, (tx) => claimRefund(tx, order.refundId));
    await rival.rollbackTransaction();
    await rival.release();
    expect(claimed).toBeUndefined();
    expect(await refundsOf(order)).toMatchObject([{ attempts: 0 }]);
  });

  it('is claimed with all the gateway wants to know of it', async () => {
    const order = await asked(4);
    const claimed = await inTransaction(db.dataSource, (tx) => claimRefund(tx, order.refundId));
    expect(claimed).toEqual({
      id: order.refundId,
      paymentId: order.paymentId,
      orderId: order.id,
      outRequestNo: `${order.id}-1`,
      amountFen: 1500,
      reason: 'r',
      attempts: 5,
    });
  });
});

describe('what was asked for so far', () => {
  it('counts all refunds and takes off all but the failed ones; of an unpaid order it is nothing', async () => {
    const order = await paid();
    const asked = (id: string) => inTransaction(db.dataSource, (tx) => askedSoFar(tx, id));
    expect(await asked(order.id)).toEqual({
      paymentId: order.paymentId,
      refunds: 0,
      leftFen: order.totalFen,
    });
    await insertAsked(order, { fen: 100 });
    await insertAsked(order, { fen: 20, status: 2 });
    await insertAsked(order, { fen: 3, status: 3 });
    expect(await asked(order.id)).toEqual({
      paymentId: order.paymentId,
      refunds: 3,
      leftFen: order.totalFen - 120,
    });
    expect(await asked((await buildOrder(db)).id)).toBeUndefined();
  });

  it('is written with who asked and under which key, and with nobody where the shop decides itself', async () => {
    const order = await paid();
    const base = { paymentId: order.paymentId, amountFen: 1, reason: '' };
    await inTransaction(db.dataSource, async (tx) => {
      const asked = { by: order.buyer.id, idempotencyKey: 'w', requestHash: 'ab'.repeat(32) };
      await insertRefund(tx, { ...base, outRequestNo: 'a', asked });
      await insertRefund(tx, { ...base, outRequestNo: 'b' });
    });
    const rows = await db.sql(
      `SELECT requested_by AS asker, CAST(idempotency_key AS CHAR) AS k,
         LOWER(HEX(request_hash)) AS hash FROM refunds WHERE payment_id = ? ORDER BY id`,
      [order.paymentId],
    );
    expect(rows).toEqual([
      { asker: order.buyer.id, k: 'w', hash: 'ab'.repeat(32) },
      { asker: null, k: null, hash: null },
    ]);
  });
});
