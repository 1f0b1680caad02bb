/**
 * Asking, closing and racing: cases Q1 to Q3 and C1 to C4 of the matrix in docs/alipay.md. An answer
 * nobody can trust changes nothing; the gateway decides who came first.
 */
import { describe, expect, it, vi } from 'vitest';
import { ClosingService } from '../../src/payment/closing/closing.service.js';
import { paymentChecks } from '../../src/common/metrics.js';
import { checkDelayS } from '../../src/payment/closing/check-rules.js';
import { PaymentGateway } from '../../src/payment/gateway/payment-gateway.js';
import { transactionsOf } from '../kit/transactions.js';
import { Bench, type Order } from './kit.js';

describe('closing and asking', () => {
  const bench = new Bench({ ALIPAY_TIMEOUT_MS: '3000' });

  const payment = async (order: Order) =>
    (
      await bench.shop.db.sql<{ status: number; checks: number; later: number | null }>(
        `SELECT status, checks, next_check_at > UTC_TIMESTAMP(3) AS later
         FROM payments WHERE order_id = ?`,
        [order.id],
      )
    )[0];
  const login = async (order: Order) =>
    bench.control('trades/login', { page_url: await order.payUrl() });

  for (const kind of ['bad_sign', 'no_sign', 'tamper', 'foreign_sign']) {
    it(`an answer that is not the gateway’s (${kind}) is no answer [Q1]`, async () => {
      const order = await bench.unpaid();
      await login(order);
      await bench.due(order);
      await bench.fault('trade.query', kind);
      await bench.sweep();
      expect(await order.status()).toBe(1);
      expect(await payment(order)).toEqual({ status: 1, checks: 1, later: 1 });
    });
  }

  it('a genuine answer about another order is refused [Q2]', async () => {
    await bench.paid();
    const order = await bench.unpaid();
    await login(order);
    await bench.due(order);
    await bench.fault('trade.query', 'replay');
    await bench.sweep();
    expect(await order.status()).toBe(1);
    expect(await payment(order)).toEqual({ status: 1, checks: 1, later: 1 });
  });

  for (const kind of ['unknown', 'system_error', 'http_500', 'garbage', 'hang']) {
    it(`a failed query (${kind}) leaves the order alone and is asked again later [Q3]`, async () => {
      const order = await bench.unpaid();
      await bench.shop.pay(await order.payUrl());
      await bench.expire(order);
      await bench.fault('trade.query', kind);
      await bench.sweep();
      expect([await order.status(), await order.stock()]).toEqual([1, 4]);
      expect(await payment(order)).toEqual({ status: 1, checks: 1, later: 1 });
      await bench.due(order);
      await bench.sweep();
      expect(await order.status()).toBe(2);
    });
  }

  it('asks at growing distances, at most a quarter of an hour apart [Q3]', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map(checkDelayS)).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });

  it('an order whose page was never asked for is canceled without a call [C1]', async () => {
    const order = await bench.unpaid();
    await bench.sweep();
    expect(await order.status()).toBe(1);
    await bench.expire(order);
    await bench.sweep();
    await bench.sweep();
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await bench.calls('trade.query', order.id)).toBe(0);
    expect(await order.detail()).toMatchObject({
      history: [{ type: 'placed' }, { type: 'canceled', actor: 'system' }],
    });
  });

  it('an order whose cashier was never opened is canceled after its time [C1]', async () => {
    const order = await bench.unpaid();
    const url = await order.payUrl();
    await bench.due(order);
    await bench.sweep();
    expect(await order.status()).toBe(1);
    await bench.expire(order);
    await bench.sweep();
    await bench.sweep();
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await payment(order)).toMatchObject({ status: 3 });
    // The gateway's own deadline is earlier than ours, so the open page cannot be paid any more.
    await expect(bench.control('trades/pay', { page_url: url })).rejects.toThrow('EXPIRE');
  });

  it('a trade the buyer began and did not pay is closed there and then here [C1]', async () => {
    const order = await bench.unpaid();
    await login(order);
    await bench.expire(order);
    await bench.sweep();
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    const { trade_status } = await bench.look<{ trade_status: string }>(`trades/${order.id}`);
    expect(trade_status).toBe('TRADE_CLOSED');
  });

  it('five sweepers at once cancel each order once [C1]', async () => {
    const orders: Order[] = [];
    for (let i = 0; i < 12; i += 1) {
      const order = await bench.unpaid();
      if (i % 2) {
        await login(order);
      }
      await bench.expire(order, '0s');
      orders.push(order);
    }
    await Promise.all(Array.from({ length: 5 }, () => bench.sweep()));
    for (const order of orders) {
      expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    }
  });

  it('100 times cancel against pay: one of both, and the money fits [C2]', async () => {
    let paidOrders = 0;
    for (let round = 0; round < 100; round += 1) {
      const order = await bench.unpaid();
      const url = await order.payUrl();
      const [cancel, pay] = await Promise.all([
        order.client.post(`/orders/${order.id}/cancel/`),
        bench.shop.sandbox.post('/sandbox/trades/pay', { page_url: url }),
      ]);
      await bench.shop.flush();
      const status = await order.status();
      expect([200, 409]).toContain(cancel.status);
      expect(status).toBe(cancel.status === 200 ? 6 : 2);
      expect(await order.stock()).toBe(status === 6 ? 5 : 4);
      expect(pay.status === 200 || status === 6).toBe(true);
      paidOrders += status === 2 ? 1 : 0;
    }
    await bench.runRefunds();
    expect(await bench.sellerBalance()).toBe(`${paidOrders * 6509}.00`);
  }, 180_000);

  it('paid after the cancel: booked, given back once, and the order stays canceled [C3]', async () => {
    const order = await bench.unpaid();
    const url = await order.payUrl();
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    await bench.shop.pay(url);
    await bench.shop.flush();
    await bench.resend(order.id, { times: 5 });
    expect(await order.verdicts()).toEqual(['late', ...Array<string>(5).fill('already')]);
    expect(await bench.runRefunds()).toBe(1);
    expect(await order.detail()).toMatchObject({
      status: 6,
      payment: { status: 'success', refunded: '6509.00' },
      refunds: [{ refund_id: `${order.id}-late`, status: 'done' }],
    });
    expect(await order.stock()).toBe(5);
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  it('paid after the cancel with every notify lost: found when the page’s time is over [C3, N10]', async () => {
    const order = await bench.unpaid();
    const url = await order.payUrl();
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    await bench.shop.pay(url);
    await bench.control('notifies/drop');
    await bench.sweep();
    expect(await payment(order)).toMatchObject({ status: 3, later: 1 });
    await bench.due(order);
    await bench.fault('trade.query', 'unknown');
    await bench.sweep();
    expect(await payment(order)).toMatchObject({ status: 3, later: 1 });
    await bench.due(order);
    await bench.sweep();
    expect(await payment(order)).toMatchObject({ status: 2, later: null });
    expect(await bench.runRefunds()).toBe(1);
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  it('a canceled order nobody paid is asked about once more and then never again [C1]', async () => {
    const order = await bench.unpaid();
    await login(order);
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    const [{ seconds } = { seconds: 0 }] = await bench.shop.db.sql<{ seconds: number }>(
      `SELECT TIMESTAMPDIFF(SECOND, o.expires_at, p.next_check_at) AS seconds
       FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.id = ?`,
      [order.id],
    );
    // The page could be paid until a minute before the order expires; a minute after it is asked.
    expect(seconds).toBe(60);
    await bench.expire(order);
    const before = await bench.calls('trade.query', order.id);
    await bench.sweep();
    await bench.sweep();
    expect(await bench.calls('trade.query', order.id)).toBe(before + 1);
    expect(await payment(order)).toMatchObject({ status: 3, later: null });
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
  });

  for (const kind of [
    'hang_after',
    'http_500_after',
    'reset_after',
    'bad_sign',
    'no_sign',
    'foreign_sign',
    'tamper',
    'tamper_before',
    'foreign_sign_before',
    'unknown',
  ]) {
    it(`a close whose answer was lost or is nobody’s (${kind}) is made good by the next turn [C4]`, async () => {
      const late = await bench.unpaid();
      await login(late);
      // The gateway's clock stays behind, or the trade would be closed by its own deadline.
      await bench.expire(late, '0s');
      await bench.fault('trade.close', kind, kind === 'reset_after' ? 2 : 1);
      await bench.sweep();
      expect([await late.status(), await late.stock()]).toEqual([1, 4]);
      expect(await payment(late)).toEqual({ status: 1, checks: 1, later: 1 });
      await bench.due(late);
      await bench.sweep();
      expect([await late.status(), await late.stock()]).toEqual([6, 5]);
    });
  }

  it('a buyer’s cancel is refused while nobody knows, and works when asked again [C4]', async () => {
    const order = await bench.unpaid();
    await login(order);
    await bench.fault('trade.close', 'http_500_after');
    expect(await order.client.post(`/orders/${order.id}/cancel/`)).toMatchObject({
      status: 503,
      body: { code: 'GATEWAY_UNAVAILABLE' },
    });
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
  });

  it('no transaction is open while the gateway is asked, by the sweeper or for a refund [C4, F2]', async () => {
    const { db } = bench.shop;
    // Other lanes may still look for more; what is asked about holds none until it is answered.
    const noneOpen = (method: string) =>
      vi.waitFor(
        async () => expect(await transactionsOf(db), method).toEqual({ open: 0, waiting: 0 }),
        { timeout: 30_000 },
      );
    const paid = await bench.paid();
    const order = await bench.unpaid();
    await login(order);
    await bench.expire(order, '0s');
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM skus LIMIT 1 FOR UPDATE');
    expect(await transactionsOf(db)).toEqual({ open: 1, waiting: 0 });
    await rival.rollbackTransaction();
    await rival.release();

    for (const method of ['query', 'close'] as const) {
      await bench.due(order);
      await bench.fault(`trade.${method}`, 'unknown');
      const call = stopped(method);
      const turn = bench.sweep();
      await call.reached;
      await noneOpen(method);
      call.release();
      await turn;
    }
    await bench.fault('trade.refund', 'unknown');
    const call = stopped('refund');
    const refund = paid.client.post(`/orders/${paid.id}/refunds/`, {});
    await call.reached;
    await noneOpen('refund');
    call.release();
    expect((await refund).body['status']).toBe('asked');
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);

    const odd = await bench.paidAtGateway();
    await spoilTotal(odd);
    await bench.due(odd);
    await bench.sweep();
    const admin = await bench.admin();
    const { body } = await admin.get<{ results: { id: number }[] }>('/admin/alipay/quarantine/');
    for (const method of ['query', 'refund'] as const) {
      await bench.fault(`trade.${method}`, 'unknown');
      const asked = stopped(method);
      const path = `/admin/alipay/quarantine/${body.results[0]?.id}/refund/`;
      const decision = admin.post(path, { note: '金额不符' });
      await asked.reached;
      await noneOpen(`odd ${method}`);
      asked.release();
      expect((await decision).status).toBe(method === 'query' ? 503 : 200);
    }
    expect([await odd.status(), await odd.stock()]).toEqual([6, 5]);
  });

  /** Stops the next call of the gateway until it is released. */
  function stopped(method: 'query' | 'close' | 'refund') {
    const gateway = bench.shop.app.get<PaymentGateway>(PaymentGateway);
    let reach = () => {};
    let release = () => {};
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const until = new Promise<void>((resolve) => (release = resolve));
    const ask = gateway[method].bind(gateway) as (request: unknown) => Promise<never>;
    vi.spyOn(gateway, method).mockImplementationOnce(async (request: unknown) => {
      reach();
      await until;
      return ask(request);
    });
    return { reached, release };
  }

  it('a payment that came just before the close is settled by it [C2]', async () => {
    const order = await bench.paidAtGateway();
    const result = await bench.shop.app
      .get(ClosingService)
      .close(order.id, { type: 'canceled', actor: 'system' });
    expect([result, await order.status()]).toEqual(['paid', 2]);
  });

  it('a payment before the close that does not fit is neither settled nor canceled [C2, N4]', async () => {
    const order = await bench.paidAtGateway();
    await spoilTotal(order);
    const result = await bench.shop.app
      .get(ClosingService)
      .close(order.id, { type: 'canceled', actor: 'system' });
    expect(result).toBe('quarantined');
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).body['code']).toBe(
      'ORDER_NOT_CANCELABLE',
    );
    // The query that comes before the close in a turn was answered before the buyer paid.
    vi.spyOn(bench.shop.app.get(PaymentGateway), 'query').mockResolvedValueOnce({ kind: 'none' });
    await bench.expire(order, '0s');
    const before = await quarantinedChecks();
    await bench.sweep();
    expect((await quarantinedChecks()) - before).toBe(1);
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);
    expect(await order.verdicts()).toEqual(['mismatch']);
    expect(await payment(order)).toEqual({ status: 1, checks: 1, later: 1 });
  });

  it('a trade in a state nobody knows is no payment; the cancel is refused for now [C2]', async () => {
    const order = await bench.paidAtGateway();
    const gateway = bench.shop.app.get(PaymentGateway);
    const answer = await gateway.query(order.id);
    const facts = answer.kind === 'found' ? { ...answer.facts, status: 'TRADE_NEW' } : undefined;
    vi.spyOn(gateway, 'query').mockResolvedValueOnce({ kind: 'found', facts: facts! });
    expect(await order.client.post(`/orders/${order.id}/cancel/`)).toMatchObject({
      status: 503,
      body: { code: 'GATEWAY_UNAVAILABLE' },
    });
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);
  });

  /** Makes the order one that its money does not fit. */
  const spoilTotal = (order: Order) =>
    bench.shop.db.sql(
      `UPDATE orders o JOIN order_lines l ON l.order_id = o.id JOIN payments p
         ON p.order_id = o.id
       SET o.total_fen = 700000, p.amount_fen = 700000, l.price_fen = 699000 WHERE o.id = ?`,
      [order.id],
    );

  async function quarantinedChecks(): Promise<number> {
    const { values } = await paymentChecks.get();
    return values.find(({ labels }) => labels['outcome'] === 'quarantined')?.value ?? 0;
  }
});
