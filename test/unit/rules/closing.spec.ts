/** Canceling and closing: the gateway decides whether the buyer paid first, and goods come back once. */
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../src/database/transaction.js';
import { ClosingService } from '../../../src/payment/closing/closing.service.js';
import {
  type CloseAnswer,
  GatewayUnknownError,
  type PaymentGateway,
  type QueryAnswer,
  type TradeFacts,
} from '../../../src/payment/gateway/payment-gateway.js';
import { PaymentService } from '../../../src/payment/payment.service.js';
import { ensurePayment } from '../../../src/payment/payments.locks.js';
import type { RefusedNotices } from '../../../src/payment/quarantine/refused-notices.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { ACCOUNT_CONFIG, answered, factsOf } from '../../kit/gateway-facts.js';
import { type BuiltOrder, buildOrder, historyOf, statusOf, unitsOf } from '../../kit/orders.js';

const UNKNOWN = new GatewayUnknownError('alipay.trade.close', 0);

/** Answers what the test has written down: closes, and what it says when it is asked. */
class ScriptedGateway {
  calls: string[] = [];
  closes: (CloseAnswer | Error)[] = [];
  queries: (QueryAnswer | Error)[] = [];

  close(orderId: string) {
    this.calls.push(`close ${orderId}`);
    return answered(this.closes.shift() ?? 'closed');
  }
  query(orderId: string) {
    this.calls.push(`query ${orderId}`);
    return answered(this.queries.shift() ?? { kind: 'none' });
  }
}

let db: TestDatabase;
let gateway: ScriptedGateway;
let closing: ClosingService;
beforeAll(async () => {
  db = await freshDatabase();
  Logger.overrideLogger(false);
});
afterAll(() => db.close());
beforeEach(() => {
  gateway = new ScriptedGateway();
  const asGateway = gateway as unknown as PaymentGateway;
  const payments = new PaymentService(
    db.dataSource,
    asGateway,
    {} as RefusedNotices,
    ACCOUNT_CONFIG,
  );
  closing = new ClosingService(db.dataSource, asGateway, payments);
});

const cancel = ({ id, buyer }: BuiltOrder) => closing.cancel(buyer.id, id);
const EVENT = { type: 'expired', actor: 'system' } as const;

/** An order whose payment page was opened. */
const begun = async (more: Parameters<typeof buildOrder>[1] = {}) => {
  const order = await buildOrder(db, more);
  await inTransaction(db.dataSource, (tx) =>
    ensurePayment(tx, order.id, order.totalFen, new Date()),
  );
  return order;
};
const paymentOf = async ({ id }: BuiltOrder) =>
  (await db.sql<{ status: number }>('SELECT status FROM payments WHERE order_id = ?', [id]))[0]
    ?.status;
const found = (order: BuiltOrder, status: string, more: Partial<TradeFacts> = {}): QueryAnswer => ({
  kind: 'found',
  facts: factsOf(order, { status, ...more }),
});

const canceled = async (order: BuiltOrder, event: object) => {
  expect(await statusOf(db, order.id)).toBe(6);
  expect(await unitsOf(db, order.skus[0])).toEqual([10, 0]);
  expect(await historyOf(db, order.id)).toEqual([event]);
};
const kept = async (order: BuiltOrder, status: number) => {
  expect([await statusOf(db, order.id), await unitsOf(db, order.skus[0])]).toEqual([
    status,
    [8, 2],
  ]);
};

describe('a buyer who cancels', () => {
  const event = { type: 'canceled', actor: 'buyer', from: 1, to: 6 };

  it('gets an order without a payment page canceled at once, and once', async () => {
    const order = await buildOrder(db);
    await cancel(order);
    await cancel(order);
    await canceled(order, event);
    expect(gateway.calls).toEqual([]);
  });

  it('may cancel an order that is paid at the door until it is sent', async () => {
    const order = await buildOrder(db, { payMethod: 1, status: 2 });
    await cancel(order);
    await canceled(order, { ...event, from: 2 });
  });

  it.each([
    [2, 2],
    [3, 2],
    [3, 1],
    [4, 1],
    [5, 2],
  ])('may not cancel in state %i with payment method %i', async (status, payMethod) => {
    const order = await buildOrder(db, { status, payMethod });
    await expect(cancel(order)).rejects.toMatchObject({ code: 'ORDER_NOT_CANCELABLE' });
    await kept(order, status);
    expect(gateway.calls).toEqual([]);
  });

  it('may cancel no order but their own', async () => {
    const [order, other] = [await buildOrder(db), await buildOrder(db)];
    const notFound = { code: 'NOT_FOUND' };
    await expect(closing.cancel(other.buyer.id, order.id)).rejects.toMatchObject(notFound);
    await expect(closing.cancel(other.buyer.id, '1')).rejects.toMatchObject(notFound);
    await kept(order, 1);
  });

  it('with a page open gets it canceled once its trade is closed or was never there', async () => {
    for (const answer of ['closed', 'none'] as const) {
      const order = await begun();
      gateway.closes = [answer];
      await cancel(order);
      await canceled(order, event);
      expect(await paymentOf(order)).toBe(3);
      expect(gateway.calls).toEqual([`close ${order.id}`]);
      gateway.calls = [];
    }
  });

  it('who has paid a moment ago has paid: the order is not canceled, but to be sent', async () => {
    const order = await begun();
    gateway.closes = ['refused'];
    gateway.queries = [found(order, 'TRADE_SUCCESS')];
    await expect(cancel(order)).rejects.toMatchObject({ code: 'ORDER_NOT_CANCELABLE' });
    await kept(order, 2);
    expect(await paymentOf(order)).toBe(2);
    expect(await historyOf(db, order.id)).toMatchObject([{ detail: { source: 'query' } }]);
  });

  it('whose money does not fit has paid nothing, and cannot cancel either', async () => {
    const order = await begun();
    gateway.closes = ['refused'];
    gateway.queries = [found(order, 'TRADE_SUCCESS', { totalFen: 1 })];
    await expect(cancel(order)).rejects.toMatchObject({ code: 'ORDER_NOT_CANCELABLE' });
    await kept(order, 1);
  });

  it('is told to come again while nobody knows, and nothing has changed', async () => {
    const order = await begun();
    gateway.closes = [UNKNOWN];
    await expect(cancel(order)).rejects.toMatchObject({
      code: 'GATEWAY_UNAVAILABLE',
      extras: { retryAfterSeconds: 5 },
    });
    gateway.closes = [new Error('a fault')];
    await expect(cancel(order)).rejects.toThrow('a fault');
    await kept(order, 1);
    expect(await paymentOf(order)).toBe(1);
  });
});

describe('closing an order', () => {
  it('cancels it with the event it is given once the gateway knows of no trade or a closed one', async () => {
    for (const answer of [{ kind: 'none' } as const, 'closed']) {
      const order = await begun();
      gateway.closes = ['refused'];
      gateway.queries = [typeof answer === 'string' ? found(order, 'TRADE_CLOSED') : answer];
      expect(await closing.close(order.id, EVENT)).toBe('canceled');
      await canceled(order, { ...EVENT, from: 1, to: 6 });
    }
  });

  it('asks three times while the buyer stands at the cashier, and then nobody knows', async () => {
    const order = await begun();
    const wait = found(order, 'WAIT_BUYER_PAY');
    gateway.closes = ['refused', 'refused', 'closed'];
    gateway.queries = [wait, wait];
    expect(await closing.close(order.id, EVENT)).toBe('canceled');
    expect(gateway.calls).toHaveLength(5);
    const other = await begun();
    gateway.closes = ['refused', 'refused', 'refused', 'closed'];
    gateway.queries = [wait, wait, wait];
    await expect(closing.close(other.id, EVENT)).rejects.toThrow(
      new GatewayUnknownError('alipay.trade.close', 'refused again and again'),
    );
    await kept(other, 1);
    expect(gateway.calls).toHaveLength(11);
  });

  it('finds the money that came first, whether it fits or not', async () => {
    const [order, odd] = [await begun(), await begun()];
    gateway.closes = ['refused', 'refused'];
    gateway.queries = [
      found(order, 'TRADE_FINISHED'),
      found(odd, 'TRADE_SUCCESS', { sellerId: '1' }),
    ];
    expect(await closing.close(order.id, EVENT)).toBe('paid');
    expect(await closing.close(odd.id, EVENT)).toBe('quarantined');
    await kept(order, 2);
    await kept(odd, 1);
  });

  it('does not take a state it does not know for paid or for unpaid', async () => {
    const order = await begun();
    gateway.closes = ['refused'];
    gateway.queries = [found(order, 'TRADE_PENDING')];
    await expect(closing.close(order.id, EVENT)).rejects.toThrow(
      new GatewayUnknownError('alipay.trade.query', 'state TRADE_PENDING'),
    );
    await kept(order, 1);
  });

  it('leaves what was canceled or paid meanwhile as it is', async () => {
    const [gone, paid, after] = [
      await begun({ status: 6 }),
      await begun({ status: 2 }),
      await begun({ status: 3 }),
    ];
    expect(await closing.cancelUnpaid(gone.id, EVENT)).toBe('already');
    expect(await closing.cancelUnpaid('1', EVENT)).toBe('already');
    expect(await closing.cancelUnpaid(paid.id, EVENT)).toBe('paid');
    expect(await closing.cancelUnpaid(after.id, EVENT)).toBe('paid');
    await kept(paid, 2);
    expect(await historyOf(db, gone.id)).toEqual([]);
    expect(await paymentOf(paid)).toBe(1);
  });
});
