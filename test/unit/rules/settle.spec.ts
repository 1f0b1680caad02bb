/** The one door through which an order becomes paid: what passes it, and what changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../src/database/transaction.js';
import type { TradeFacts } from '../../../src/payment/gateway/payment-gateway.js';
import {
  bookPayment,
  closePayment,
  ensurePayment,
  isTradeOfAnother,
  lockPayment,
} from '../../../src/payment/payments.locks.js';
import { QUARANTINED, settle, type Source, type Verdict } from '../../../src/payment/settle.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { ACCOUNT, factsOf as factsOfPaid } from '../../kit/gateway-facts.js';
import { type BuiltOrder, buildOrder, historyOf, statusOf, unitsOf } from '../../kit/orders.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

const PAID_AT = new Date('2026-01-02T03:04:05.000Z');

const factsOf = (order: BuiltOrder, more: Partial<TradeFacts> = {}) =>
  factsOfPaid(order, { paidAt: PAID_AT, ...more });

const settled = (facts: TradeFacts, source: Source = 'notify') =>
  inTransaction(db.dataSource, (tx) => settle(tx, facts, ACCOUNT, source));

const paymentOf = async ({ id }: BuiltOrder) => {
  const [row] = await db.sql(
    `SELECT status, amount_fen AS amountFen, trade_no AS tradeNo, source, paid_at AS paidAt
     FROM payments WHERE order_id = ?`,
    [id],
  );
  return row;
};

const refundsOf = ({ id }: BuiltOrder) =>
  db.sql(
    `SELECT r.out_request_no AS no, r.amount_fen AS fen, r.status, r.reason, r.requested_by AS asker
     FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = ?`,
    [id],
  );

const booked = (order: BuiltOrder, more: object = {}) => ({
  status: 2,
  amountFen: order.totalFen,
  tradeNo: `T${order.id}`,
  source: 'notify',
  paidAt: PAID_AT,
  ...more,
});

describe('money for an unpaid order', () => {
  it('pays it: the payment is booked with the gateway’s time, and the history says by what', async () => {
    const order = await buildOrder(db);
    expect(await settled(factsOf(order))).toBe('applied');
    expect(await statusOf(db, order.id)).toBe(2);
    expect(await paymentOf(order)).toEqual(booked(order));
    expect(await historyOf(db, order.id)).toEqual([
      {
        type: 'paid',
        actor: 'alipay',
        from: 1,
        to: 2,
        detail: { trade_no: `T${order.id}`, source: 'notify' },
      },
    ]);
    expect(await refundsOf(order)).toEqual([]);
  });

  it('pays it as well when the trade is finished, or when it was we who asked', async () => {
    const order = await buildOrder(db);
    expect(await settled(factsOf(order, { status: 'TRADE_FINISHED' }), 'query')).toBe('applied');
    expect(await paymentOf(order)).toEqual(booked(order, { source: 'query' }));
    expect(await historyOf(db, order.id)).toMatchObject([{ detail: { source: 'query' } }]);
  });

  it('is booked at our time when the gateway does not tell its own', async () => {
    const order = await buildOrder(db);
    await settled(factsOf(order, { paidAt: undefined }));
    const [row] = await db.sql(
      'SELECT paid_at > UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE AS now FROM payments WHERE order_id = ?',
      [order.id],
    );
    expect(row).toEqual({ now: 1 });
  });

  it('pays the payment that was begun, and does not make another', async () => {
    const order = await buildOrder(db);
    await inTransaction(db.dataSource, (tx) =>
      ensurePayment(tx, order.id, order.totalFen, new Date()),
    );
    const before = await db.sql('SELECT id FROM payments WHERE order_id = ?', [order.id]);
    expect(await settled(factsOf(order))).toBe('applied');
    expect(await db.sql('SELECT id FROM payments WHERE order_id = ?', [order.id])).toEqual(before);
  });

  it('told again is known; the same money by another trade waits for a person', async () => {
    const order = await buildOrder(db);
    await settled(factsOf(order));
    expect(await settled(factsOf(order, { paidAt: new Date() }), 'query')).toBe('already');
    expect(await settled(factsOf(order, { tradeNo: 'T-other' }))).toBe('second_trade');
    expect(await paymentOf(order)).toEqual(booked(order));
    expect(await historyOf(db, order.id)).toHaveLength(1);
  });
});

describe('what fits no order', () => {
  const nothing = async (order: BuiltOrder) => {
    expect([await statusOf(db, order.id), await historyOf(db, order.id)]).toEqual([1, []]);
    expect(await paymentOf(order)).toBeUndefined();
  };

  it.each<[string, Partial<TradeFacts>]>([
    ['for another application', { appId: '9022' }],
    ['for another seller', { sellerId: '2089' }],
    ['for no seller', { sellerId: undefined }],
    ['of a fen less', { totalFen: 5999 }],
    ['of a fen more', { totalFen: 6001 }],
    ['of no amount', { totalFen: undefined }],
  ])('is a mismatch: money %s', async (_, more) => {
    const order = await buildOrder(db);
    expect(order.totalFen).toBe(6000);
    expect(await settled(factsOf(order, more))).toBe('mismatch');
    await nothing(order);
  });

  it('is a mismatch before anything else is looked at: money for another seller and no order', async () => {
    const order = await buildOrder(db);
    expect(await settled(factsOf(order, { sellerId: '1', outTradeNo: 'x' }))).toBe('mismatch');
  });

  it('is a mismatch: money for an order that is paid at the door', async () => {
    const order = await buildOrder(db, { payMethod: 1, status: 2 });
    expect(await settled(factsOf(order))).toBe('mismatch');
    expect(await paymentOf(order)).toBeUndefined();
  });

  it('is a mismatch: the trade that paid another order', async () => {
    const [paid, order] = [await buildOrder(db), await buildOrder(db)];
    await settled(factsOf(paid));
    expect(await settled(factsOf(order, { tradeNo: `T${paid.id}` }))).toBe('mismatch');
    expect([await statusOf(db, order.id), await historyOf(db, order.id)]).toEqual([1, []]);
    expect(await paymentOf(order)).toMatchObject({ status: 1, tradeNo: null });
    expect(await settled(factsOf(order))).toBe('applied');
  });

  it('is unknown: a number that is none of an order, or nearly one', async () => {
    const order = await buildOrder(db);
    const numbers = [
      '2699999999999999999',
      `${order.id}x`,
      `${order.id} `,
      `0${order.id}`,
      `x${order.id}`,
      '0',
      '',
      "1' OR '1'='1",
    ];
    for (const outTradeNo of numbers) {
      expect([outTradeNo, await settled(factsOf(order, { outTradeNo }))]).toEqual([
        outTradeNo,
        'unknown_order',
      ]);
    }
    await nothing(order);
  });

  it.each<[string, Partial<TradeFacts>]>([
    ['a trade that waits for its buyer', { status: 'WAIT_BUYER_PAY' }],
    ['a trade that was closed', { status: 'TRADE_CLOSED' }],
    ['a refund', { refund: true }],
    ['a state nobody knows', { status: 'TRADE_SUCCESS_X' }],
  ])('is ignored: %s', async (_, more) => {
    const order = await buildOrder(db);
    expect(await settled(factsOf(order, more))).toBe('ignored');
    await nothing(order);
  });

  it('is put before a person where money or claims fit nothing, and nowhere else', () => {
    const verdicts: Verdict[] = ['applied', 'already', 'late', 'ignored'];
    const odd: Verdict[] = ['mismatch', 'second_trade', 'unknown_order'];
    expect([...verdicts, ...odd].filter((verdict) => QUARANTINED.has(verdict))).toEqual(odd);
  });
});

describe('money for a canceled order', () => {
  it('is booked and asked back in full, once; the order stays canceled and keeps its goods', async () => {
    const order = await buildOrder(db, { status: 6 });
    expect(await settled(factsOf(order))).toBe('late');
    expect(await paymentOf(order)).toEqual(booked(order));
    expect(await refundsOf(order)).toEqual([
      {
        no: `${order.id}-late`,
        fen: order.totalFen,
        status: 1,
        reason: '订单取消后付款',
        asker: null,
      },
    ]);
    expect(await historyOf(db, order.id)).toEqual([
      {
        type: 'paid_late',
        actor: 'alipay',
        from: 6,
        to: 6,
        detail: { trade_no: `T${order.id}` },
      },
    ]);
    expect(await settled(factsOf(order))).toBe('already');
    expect(await refundsOf(order)).toHaveLength(1);
    expect(await statusOf(db, order.id)).toBe(6);
    expect(await unitsOf(db, order.skus[0])).toEqual([10, 0]);
  });

  it('is booked as well where its payment was closed', async () => {
    const order = await buildOrder(db, { status: 6 });
    await inTransaction(db.dataSource, async (tx) => {
      await ensurePayment(tx, order.id, order.totalFen, new Date());
      await closePayment(tx, await lockPayment(tx, order.id));
    });
    expect(await paymentOf(order)).toMatchObject({ status: 3 });
    expect(await settled(factsOf(order))).toBe('late');
    expect(await paymentOf(order)).toEqual(booked(order));
  });
});

describe('the payment of an order', () => {
  const ensured = (order: BuiltOrder, expiresAt: Date) =>
    inTransaction(db.dataSource, (tx) => ensurePayment(tx, order.id, order.totalFen, expiresAt));
  /** Seconds from a time of the database to the first check. */
  const checkAfter = async ({ id }: BuiltOrder, from: string) => {
    const [row] = await db.sql<{ s: number }>(
      `SELECT ROUND(TIMESTAMPDIFF(MICROSECOND, ${from}, next_check_at) / 1000000) AS s
       FROM payments WHERE order_id = ?`,
      [id],
    );
    return Number(row?.s);
  };

  it('is made when it is asked for and then stays the same one, with the end it had', async () => {
    const order = await buildOrder(db);
    const first = await ensured(order, new Date('2026-05-01T00:00:00Z'));
    expect(first).toEqual({
      id: expect.any(Number),
      status: 1,
      amountFen: order.totalFen,
      tradeNo: null,
    });
    expect(await ensured(order, new Date('2027-05-01T00:00:00Z'))).toEqual(first);
    const [row] = await db.sql('SELECT id, expires_at AS at FROM payments WHERE order_id = ?', [
      order.id,
    ]);
    expect(row).toEqual({ id: first.id, at: new Date('2026-05-01T00:00:00Z') });
    expect(await checkAfter(order, 'created_at')).toBe(30);
  });

  it('ends with its order; made for one that never ends, it ends now', async () => {
    const order = await buildOrder(db);
    await settled(factsOf(order));
    const [row] = await db.sql(
      'SELECT p.expires_at = o.expires_at AS same FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.id = ?',
      [order.id],
    );
    expect(row).toEqual({ same: 1 });
    const endless = await buildOrder(db);
    await db.sql('UPDATE orders SET expires_at = NULL WHERE id = ?', [endless.id]);
    expect(await settled(factsOf(endless))).toBe('applied');
    const [at] = await db.sql(
      `SELECT ABS(TIMESTAMPDIFF(SECOND, expires_at, UTC_TIMESTAMP(3))) < 60 AS now
       FROM payments WHERE order_id = ?`,
      [endless.id],
    );
    expect(at).toEqual({ now: 1 });
  });

  it('is locked when it is there, as it is, and is nothing when it is not', async () => {
    const [order, other] = [await buildOrder(db, { tradeNo: 'T-lock' }), await buildOrder(db)];
    await inTransaction(db.dataSource, async (tx) => {
      expect(await lockPayment(tx, other.id)).toBeUndefined();
      expect(await lockPayment(tx, order.id)).toEqual({
        id: order.paymentId,
        status: 2,
        amountFen: order.totalFen,
        tradeNo: 'T-lock',
      });
      const held = db.sql('SELECT id FROM payments WHERE order_id = ? FOR UPDATE NOWAIT', [
        order.id,
      ]);
      await expect(held).rejects.toThrow(/lock/i);
    });
  });

  it('is booked once: one that is in another state by now is a fault, and stays as it is', async () => {
    const order = await buildOrder(db);
    const payment = await ensured(order, new Date());
    await settled(factsOf(order));
    const again = inTransaction(db.dataSource, (tx) =>
      bookPayment(tx, payment, { tradeNo: 'T-again', paidAt: undefined }, 'query'),
    );
    await expect(again).rejects.toThrow(`payment ${payment.id} was not in state 1`);
    expect(await paymentOf(order)).toEqual(booked(order));
  });

  it('is closed while it is pending, and looked at again two minutes after its end', async () => {
    const [order, paid] = [await buildOrder(db), await buildOrder(db)];
    await ensured(order, new Date());
    await settled(factsOf(paid));
    await inTransaction(db.dataSource, async (tx) => {
      await closePayment(tx, await lockPayment(tx, order.id));
      await closePayment(tx, await lockPayment(tx, paid.id));
    });
    expect(await paymentOf(order)).toMatchObject({ status: 3, tradeNo: null });
    expect(await checkAfter(order, 'expires_at')).toBe(120);
    expect(await paymentOf(paid)).toEqual(booked(paid));
  });

  it('has a trade of its own: that of another payment is another’s', async () => {
    const [one, other] = [await buildOrder(db, { tradeNo: 'T-one' }), await buildOrder(db)];
    const ofAnother = (tradeNo: string, orderId: string) =>
      inTransaction(db.dataSource, (tx) => isTradeOfAnother(tx, orderId, tradeNo));
    expect(await ofAnother('T-one', other.id)).toBe(true);
    expect(await ofAnother('T-one', one.id)).toBe(false);
    expect(await ofAnother('T-none', other.id)).toBe(false);
  });
});
