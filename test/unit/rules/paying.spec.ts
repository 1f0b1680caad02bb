/** Paying: what is signed, whom the shop believes, and what it does with what the gateway says. */
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../../src/common/metrics.js';
import {
  GatewayUnknownError,
  type PaymentGateway,
  type PayRequest,
  type QrAnswer,
  type QueryAnswer,
  type TradeFacts,
} from '../../../src/payment/gateway/payment-gateway.js';
import type { SignedFields } from '../../../src/payment/gateway/signature.js';
import { PaymentService, type Scene } from '../../../src/payment/payment.service.js';
import type { RefusedNotices } from '../../../src/payment/quarantine/refused-notices.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { ACCOUNT_CONFIG, answered, factsOf } from '../../kit/gateway-facts.js';
import { type BuiltOrder, buildOrder, historyOf, statusOf } from '../../kit/orders.js';

const UNKNOWN = new GatewayUnknownError('alipay.trade.query', 0);

/** Signs by saying what it signs; believes what says `sign=ok`; answers as the test has written. */
class ScriptedGateway {
  readonly requests: PayRequest[] = [];
  queries: (QueryAnswer | Error)[] = [];
  asked = 0;
  qr: QrAnswer | Error = { kind: 'code', qrCode: 'https://qr/1' };
  facts: TradeFacts | undefined;

  payUrl(request: PayRequest, scene: string) {
    this.requests.push(request);
    return `${scene} ${request.orderId}`;
  }
  orderString(request: PayRequest) {
    this.requests.push(request);
    return `app ${request.orderId}`;
  }
  qrCode(request: PayRequest) {
    this.requests.push(request);
    return answered(this.qr);
  }
  readNotify(fields: SignedFields) {
    return fields['sign'] === 'ok' ? this.facts : undefined;
  }
  readReturn(fields: SignedFields) {
    return fields['sign'] === 'ok' ? { outTradeNo: fields['out_trade_no'] ?? '' } : undefined;
  }
  query() {
    this.asked += 1;
    return answered(this.queries.shift() ?? { kind: 'none' });
  }
}

let db: TestDatabase;
let gateway: ScriptedGateway;
let payments: PaymentService;
let refused: unknown[];
let log: string[];
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  gateway = new ScriptedGateway();
  refused = [];
  const notices = { take: (body: unknown) => Promise.resolve(void refused.push(body)) };
  payments = new PaymentService(
    db.dataSource,
    gateway as unknown as PaymentGateway,
    notices as unknown as RefusedNotices,
    ACCOUNT_CONFIG,
  );
  log = [];
  const at = (level: string) => (text: string) => log.push(`${level} ${text}`);
  Logger.overrideLogger({ log: at('log'), warn: at('warn'), error: at('error') });
});
afterEach(() => Logger.overrideLogger(false));

const found = (order: BuiltOrder, more: Partial<TradeFacts> = {}): QueryAnswer => ({
  kind: 'found',
  facts: factsOf(order, more),
});
const pay = (order: BuiltOrder, scene: Scene = 'page') =>
  payments.wayToPay(order.buyer.id, order.id, scene);
const paymentsOf = ({ id }: BuiltOrder) =>
  db.sql('SELECT status, amount_fen AS fen, expires_at AS at FROM payments WHERE order_id = ?', [
    id,
  ]);
const noticesOf = ({ id }: BuiltOrder) =>
  db.sql(
    'SELECT verdict, quarantined, source FROM alipay_notices WHERE out_trade_no = ? ORDER BY id',
    [id],
  );
/** What was counted, by its labels. */
const counted = async (name: string, labels: Record<string, string>) =>
  (await registry.getSingleMetric(name)!.get()).values.find(
    (one) => JSON.stringify(one.labels) === JSON.stringify(labels),
  )?.value ?? 0;

describe('the way to pay', () => {
  it.each<[Scene, object]>([
    ['page', { alipay_url: 'page ID' }],
    ['wap', { alipay_url: 'wap ID' }],
    ['app', { order_string: 'app ID' }],
    ['qr', { qr_code: 'https://qr/1' }],
  ])('for %s is signed for the order’s sum, until a minute before it ends', async (scene, way) => {
    const order = await buildOrder(db);
    const text = JSON.stringify(await pay(order, scene)).replace(order.id, 'ID');
    expect(JSON.parse(text)).toEqual(way);
    const [row] = await db.sql<{ at: Date }>('SELECT expires_at AS at FROM orders WHERE id = ?', [
      order.id,
    ]);
    const expiresAt = new Date(row!.at.getTime() - 60_000);
    expect(gateway.requests).toEqual([{ orderId: order.id, amountFen: order.totalFen, expiresAt }]);
    expect(await paymentsOf(order)).toEqual([{ status: 1, fen: order.totalFen, at: expiresAt }]);
    await pay(order, 'page');
    expect(await paymentsOf(order)).toHaveLength(1);
  });

  it('is for the buyer’s own order', async () => {
    const [order, other] = [await buildOrder(db), await buildOrder(db)];
    const notFound = { code: 'NOT_FOUND' };
    await expect(payments.wayToPay(other.buyer.id, order.id, 'page')).rejects.toMatchObject(
      notFound,
    );
    await expect(payments.wayToPay(other.buyer.id, '1', 'page')).rejects.toMatchObject(notFound);
    expect([await paymentsOf(order), gateway.requests]).toEqual([[], []]);
  });

  it.each<[string, Parameters<typeof buildOrder>[1], number]>([
    ['is paid', { status: 2 }, 1800],
    ['is canceled', { status: 6 }, 1800],
    ['is paid at the door', { status: 1, payMethod: 1 }, 1800],
    ['ends within the minute', {}, 59],
  ])('is refused for an order that %s, and nothing is begun', async (_, more, seconds) => {
    const order = await buildOrder(db, more);
    await db.sql(
      'UPDATE orders SET expires_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE id = ?',
      [seconds, order.id],
    );
    await expect(pay(order)).rejects.toMatchObject({ code: 'ORDER_NOT_PAYABLE' });
    expect([await paymentsOf(order), gateway.requests]).toEqual([[], []]);
  });

  it('is refused for an order that never ends', async () => {
    const order = await buildOrder(db);
    await db.sql('UPDATE orders SET expires_at = NULL WHERE id = ?', [order.id]);
    await expect(pay(order)).rejects.toMatchObject({ code: 'ORDER_NOT_PAYABLE' });
  });

  it('by code is none while the gateway is silent, and none for a trade it has closed or paid', async () => {
    const order = await buildOrder(db);
    gateway.qr = UNKNOWN;
    await expect(pay(order, 'qr')).rejects.toMatchObject({
      code: 'GATEWAY_UNAVAILABLE',
      extras: { retryAfterSeconds: 5 },
    });
    gateway.qr = new Error('a fault');
    await expect(pay(order, 'qr')).rejects.toThrow('a fault');
    gateway.qr = { kind: 'refused' };
    gateway.queries = [found(order)];
    await expect(pay(order, 'qr')).rejects.toMatchObject({ code: 'ORDER_NOT_PAYABLE' });
    expect(await statusOf(db, order.id)).toBe(2);
  });
});

describe('a notify', () => {
  const fields = (order: BuiltOrder) => ({ sign: 'ok', out_trade_no: order.id, notify_id: 'n1' });

  it('that is genuine is settled, kept and counted', async () => {
    const order = await buildOrder(db);
    gateway.facts = factsOf(order);
    const labels = { source: 'notify', verdict: 'applied' };
    const before = await counted('payment_settlements_total', labels);
    expect(await payments.notify(fields(order), true)).toBe(true);
    expect(await statusOf(db, order.id)).toBe(2);
    expect(await noticesOf(order)).toEqual([
      { verdict: 'applied', quarantined: 0, source: 'notify' },
    ]);
    expect((await counted('payment_settlements_total', labels)) - before).toBe(1);
    expect(await historyOf(db, order.id)).toMatchObject([{ detail: { source: 'notify' } }]);
    expect([refused, log]).toEqual([[], []]);
  });

  it('that fits nothing waits for a person once, is counted, and is an error in the log', async () => {
    const order = await buildOrder(db);
    gateway.facts = factsOf(order, { totalFen: 1 });
    const labels = { verdict: 'mismatch' };
    const before = await counted('payment_quarantined_total', labels);
    expect(await payments.notify(fields(order), true)).toBe(true);
    expect(await payments.notify(fields(order), true)).toBe(true);
    expect(await noticesOf(order)).toEqual([
      { verdict: 'mismatch', quarantined: 1, source: 'notify' },
      { verdict: 'mismatch', quarantined: 0, source: 'notify' },
    ]);
    expect((await counted('payment_quarantined_total', labels)) - before).toBe(1);
    expect(log).toEqual([
      `error notify for order ${order.id}: mismatch, expected 6000 fen, got 1 fen`,
    ]);
    expect(await statusOf(db, order.id)).toBe(1);
  });

  it('of an order we do not know is kept and not acknowledged: it may come too early', async () => {
    const order = await buildOrder(db);
    gateway.facts = factsOf(order, { outTradeNo: '2699999999999999999' });
    expect(await payments.notify(fields(order), true)).toBe(false);
    expect(await noticesOf(order)).toMatchObject([{ verdict: 'unknown_order', quarantined: 1 }]);
  });

  it.each<[string, (order: BuiltOrder) => unknown, boolean]>([
    ['no form', fields, false],
    ['not the gateway’s', (order) => ({ ...fields(order), sign: 'forged' }), true],
    ['of doubled fields', (order) => ({ ...fields(order), total: ['1', '2'] }), true],
  ])('that is %s is refused and changes nothing', async (_, body, isForm) => {
    const order = await buildOrder(db);
    gateway.facts = factsOf(order);
    const sent = body(order);
    expect(await payments.notify(sent, isForm)).toBe(false);
    expect(refused).toEqual([sent]);
    expect([await statusOf(db, order.id), await noticesOf(order)]).toEqual([1, []]);
  });
});

describe('a return', () => {
  const returned = (order: BuiltOrder, sign = 'ok') =>
    payments.confirmReturn({ sign, out_trade_no: order.id });

  it('is no proof: the gateway is asked, and its answer is', async () => {
    const order = await buildOrder(db);
    await pay(order);
    gateway.queries = [{ kind: 'none' }, found(order)];
    await expect(returned(order)).rejects.toMatchObject({
      code: 'PAYMENT_PENDING',
      extras: { retryAfterSeconds: 2 },
    });
    expect(await statusOf(db, order.id)).toBe(1);
    expect(await returned(order)).toBe(`T${order.id}`);
    expect(await historyOf(db, order.id)).toMatchObject([{ detail: { source: 'query' } }]);
    expect(await returned(order)).toBe(`T${order.id}`);
    expect(gateway.asked).toBe(2);
  });

  it('that is not the gateway’s is refused, and nobody is asked', async () => {
    const order = await buildOrder(db);
    await pay(order);
    const bad = { code: 'PAYMENT_PROOF_INVALID' };
    await expect(returned(order, 'forged')).rejects.toMatchObject(bad);
    await expect(payments.confirmReturn({})).rejects.toMatchObject(bad);
    await expect(payments.confirmReturn({ sign: ['ok'] })).rejects.toMatchObject(bad);
    expect(gateway.asked).toBe(0);
  });

  it('of a canceled order says that its money goes back', async () => {
    const order = await buildOrder(db, { status: 6, tradeNo: 'T-late' });
    await expect(returned(order)).rejects.toMatchObject({ code: 'PAYMENT_RETURNED' });
  });

  it('is of an order that exists', async () => {
    const wish = payments.confirmReturn({ sign: 'ok', out_trade_no: '1' });
    await expect(wish).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the state of a payment', () => {
  const stateOf = (order: BuiltOrder, by = order.buyer.id) => payments.status(by, order.id);

  it('is the buyer’s own to ask for', async () => {
    const [order, other] = [await buildOrder(db), await buildOrder(db)];
    await expect(stateOf(order, other.buyer.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await stateOf(order)).toMatchObject({ orderStatus: 1, tradeNo: null });
    expect(gateway.asked).toBe(0);
  });

  it('is asked for while one was begun and none is booked, and then not any more', async () => {
    const order = await buildOrder(db);
    await pay(order);
    gateway.queries = [found(order, { status: 'WAIT_BUYER_PAY' }), found(order)];
    expect(await stateOf(order)).toMatchObject({ orderStatus: 1, tradeNo: null });
    const paid = { orderStatus: 2, tradeNo: `T${order.id}` };
    expect(await stateOf(order)).toMatchObject(paid);
    expect(await stateOf(order)).toMatchObject(paid);
    expect(gateway.asked).toBe(2);
  });

  it('stays what it was while the gateway is silent, which the log tells', async () => {
    const order = await buildOrder(db);
    await pay(order);
    gateway.queries = [UNKNOWN];
    expect(await stateOf(order)).toMatchObject({ orderStatus: 1, tradeNo: null });
    expect(log).toEqual([`warn order ${order.id}: ${String(UNKNOWN)}`]);
  });

  it('that fits nothing is kept once however often it is asked for, and counted once', async () => {
    const order = await buildOrder(db);
    await pay(order);
    const labels = { verdict: 'mismatch' };
    const before = await counted('payment_quarantined_total', labels);
    const odd = found(order, { totalFen: 7 });
    gateway.queries = [odd, odd];
    await stateOf(order);
    await stateOf(order);
    expect(await noticesOf(order)).toEqual([
      { verdict: 'mismatch', quarantined: 1, source: 'query' },
    ]);
    expect((await counted('payment_quarantined_total', labels)) - before).toBe(1);
    expect(log).toEqual([
      `error query for order ${order.id}: mismatch, expected 6000 fen, got 7 fen`,
    ]);
  });

  it('that was settled before is no matter for a person', async () => {
    const order = await buildOrder(db);
    expect(await payments.settleFacts(factsOf(order), 'query')).toBe('applied');
    expect(await payments.settleFacts(factsOf(order), 'query')).toBe('already');
    expect([await noticesOf(order), log]).toEqual([[], []]);
  });
});
