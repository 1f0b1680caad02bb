/**
 * Giving money back: cases F1 to F6 of the matrix in docs/alipay.md, with the real SDK against the
 * sandbox. The money is counted on both sides: in our books and in the seller's balance.
 */
import { describe, expect, it, vi } from 'vitest';
import { registry } from '../../src/common/metrics.js';
import { inTransaction } from '../../src/database/transaction.js';
import { PaymentGateway } from '../../src/payment/gateway/payment-gateway.js';
import { RefundRunner } from '../../src/payment/refunds/refund-runner.js';
import { claimRefund } from '../../src/payment/refunds/refunds.store.js';
import { violations } from '../kit/invariants.js';
import { Bench, type Order } from './kit.js';

describe('refunds', () => {
  const bench = new Bench({ ALIPAY_TIMEOUT_MS: '3000' });

  const refunds = async (order: Order) =>
    bench.shop.db.sql<{ no: string; status: number; attempts: number }>(
      `SELECT r.out_request_no AS no, r.status, r.attempts FROM refunds r
       JOIN payments p ON p.id = r.payment_id WHERE p.order_id = ? ORDER BY r.id`,
      [order.id],
    );
  const refundedThere = async (order: Order) =>
    (await bench.look<{ refunded_amount: string }>(`trades/${order.id}`)).refunded_amount;
  const askWhole = (order: Order, key?: string) =>
    order.client.post(
      `/orders/${order.id}/refunds/`,
      { reason: '不想要了' },
      key ? { 'Idempotency-Key': key } : {},
    );
  const part = (amount: string, returns: object[] = []) => ({ amount, reason: '破损', returns });

  it('the buyer gets all back before shipping; the order is canceled, its goods in stock [F1]', async () => {
    const order = await bench.paid();
    expect(await order.stock()).toBe(4);
    const answer = await askWhole(order);
    expect(answer).toMatchObject({
      status: 201,
      body: { refund_id: `${order.id}-1`, amount: '6509.00', status: 'done', reason: '不想要了' },
    });
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await refundedThere(order)).toBe('6509.00');
    expect(await bench.sellerBalance()).toBe('0.00');
    expect((await order.client.get(`/orders/${order.id}/refunds/`)).body).toEqual([answer.body]);
    expect(await order.detail()).toMatchObject({
      payment: { status: 'success', refunded: '6509.00' },
      history: [
        { type: 'placed' },
        { type: 'paid' },
        { type: 'canceled', actor: 'buyer', to_status: 6 },
        { type: 'refunded', actor: 'alipay', to_status: 6 },
      ],
    });
  });

  it('partial refunds up to the total, and not a fen more, here or there [F1]', async () => {
    const order = await bench.paid({ count: 2 });
    const admin = await bench.admin();
    const path = `/admin/orders/${order.id}/refunds/`;
    const first = await admin.post(path, part('3008.00', [{ sku_id: order.sku, count: 1 }]));
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'done', returns: [{ sku_id: order.sku, count: 1 }] },
    });
    expect([await order.status(), await order.stock()]).toEqual([2, 4]);

    // No goods need come back with it, and null is none.
    expect(await admin.post(path, { ...part('10000.01'), returns: null })).toMatchObject({
      status: 409,
      body: { code: 'REFUND_TOO_LARGE', refundable: '10000.00' },
    });
    const tooMany = part('1.00', [{ sku_id: order.sku, count: 2 }]);
    expect((await admin.post(path, tooMany)).body['code']).toBe('RETURN_TOO_LARGE');

    // Past our own check, the gateway and the schema would still refuse it.
    await bench.control('clock/advance', { by: '4s' });
    const { app, db } = bench.shop;
    expect(
      await app.get(PaymentGateway).refund({
        orderId: order.id,
        outRequestNo: `${order.id}-over`,
        amountFen: 1_000_001,
        reason: '多退',
      }),
    ).toEqual({ kind: 'refused', code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' });
    await expect(
      db.sql('UPDATE payments SET refunded_fen = amount_fen + 1 WHERE order_id = ?', [order.id]),
    ).rejects.toThrow('ck_payments_refunded');

    // Three seconds between two refunds of one trade: the second waits for its turn.
    const second = await admin.post(path, part('10000.00'));
    expect(second.body['status']).toBe('asked');
    expect(await bench.runRefunds()).toBe(0);
    await bench.due(order);
    await bench.control('clock/advance', { by: '4s' });
    expect(await bench.runRefunds()).toBe(1);
    expect(await refundedThere(order)).toBe('13008.00');
    // Nothing of the payment is left of an order that was not sent: it is canceled with it.
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect((await admin.post(path, part('0.01'))).body['code']).toBe('ORDER_NOT_REFUNDABLE');
  });

  it('a refund the gateway refuses for good fails, and what it held can be asked for again [F1]', async () => {
    const order = await bench.paid();
    const admin = await bench.admin();
    await bench.control('trades/finish', { out_trade_no: order.id });
    const answer = await admin.post(`/admin/orders/${order.id}/refunds/`, part('1.00'));
    expect(answer).toMatchObject({ status: 201, body: { status: 'failed' } });
    expect(
      await bench.shop.db.sql('SELECT refunded_fen AS n FROM payments WHERE order_id = ?', [
        order.id,
      ]),
    ).toEqual([{ n: 0 }]);
    expect((await admin.post(`/admin/orders/${order.id}/refunds/`, part('6509.01'))).status).toBe(
      409,
    );
  });

  it('goods of a canceled order whose refund failed do not come back twice; asked again, it is given back [F1]', async () => {
    const order = await bench.paid();
    const admin = await bench.admin();
    const path = `/admin/orders/${order.id}/refunds/`;
    // What the sandbox refuses for good it refuses for ever; Alipay may allow it when called.
    const code = 'ACQ.TRADE_NOT_ALLOW_REFUND';
    vi.spyOn(bench.shop.app.get(PaymentGateway), 'refund').mockResolvedValueOnce({
      kind: 'refused',
      code,
    });
    expect((await askWhole(order)).body['status']).toBe('failed');
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    // The books say that this money is owed, until somebody asks for it again.
    expect(await violations(bench.shop.db)).toEqual([expect.stringContaining('I14')]);

    const goods = [{ sku_id: order.sku, count: 1 }];
    expect(await admin.post(path, part('6509.00', goods))).toMatchObject({
      status: 409,
      body: { code: 'RETURN_TOO_LARGE', sku_id: order.sku },
    });
    expect([await order.stock(), await refunds(order)]).toEqual([
      5,
      [{ no: `${order.id}-1`, status: 3, attempts: 1 }],
    ]);

    await bench.due(order);
    expect((await admin.post(path, part('6509.00'))).body['status']).toBe('done');
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  it('goods that come back are locked with the others of the order, by id [F3]', async () => {
    const order = await bench.paid({ kinds: 2 });
    const [low = 0, high = 0] = order.skus;
    const admin = await bench.admin();
    const rival = bench.shop.db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM skus WHERE id = ? FOR UPDATE', [low]);
    const all = part('13008.00', [{ sku_id: high, count: 1 }]);
    const answer = admin.post(`/admin/orders/${order.id}/refunds/`, all);
    await bench.blocked(1);
    // Whoever waits for the lower id does not hold the higher one.
    await rival.query('SELECT id FROM skus WHERE id = ? FOR UPDATE NOWAIT', [high]);
    await rival.rollbackTransaction();
    await rival.release();
    expect(await answer).toMatchObject({ status: 201, body: { status: 'done' } });
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
  });

  for (const kind of ['reset_after', 'unknown_after', 'http_500_after', 'hang_after', 'bad_sign']) {
    it(`a refund whose answer was lost (${kind}) is found by the query; money moves once [F2]`, async () => {
      const order = await bench.paid();
      await bench.fault('trade.refund', kind, kind === 'reset_after' ? 2 : 1);
      expect((await askWhole(order)).body['status']).toBe('asked');
      // Not before ten seconds have passed: the query cannot be believed earlier.
      expect(await bench.runRefunds()).toBe(0);
      await bench.due(order);
      expect(await bench.runRefunds()).toBe(1);
      expect(await refunds(order)).toEqual([{ no: `${order.id}-1`, status: 2, attempts: 2 }]);
      expect(await refundedThere(order)).toBe('6509.00');
      expect(await bench.sellerBalance()).toBe('0.00');
    });
  }

  it.each([
    'unknown',
    'system_error',
    'http_500',
    'bad_sign_before',
    'no_sign_before',
    'foreign_sign_before',
    'tamper_before',
  ])('a refund that never arrived (%s) is sent again under the same number [F2]', async (kind) => {
    const order = await bench.paid();
    await bench.fault('trade.refund', kind);
    expect((await askWhole(order)).body['status']).toBe('asked');
    await bench.due(order);
    await bench.runRefunds();
    expect(await refunds(order)).toEqual([{ no: `${order.id}-1`, status: 2, attempts: 2 }]);
    const { refunds: there } = await bench.look<{ refunds: object[] }>(`trades/${order.id}`);
    expect(there).toEqual([expect.objectContaining({ out_request_no: `${order.id}-1` })]);
  });

  it('an instance that died with a claim leaves it to the next one [F2]', async () => {
    const order = await bench.paid();
    // Another refund of the payment is under way, so this one is written down and not yet sent.
    await bench.shop.db.sql(
      `UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND
       WHERE order_id = ?`,
      [order.id],
    );
    expect((await askWhole(order)).body['status']).toBe('asked');
    await bench.due(order);
    // What a killed process leaves: a claim, and a call whose answer nobody has read.
    const claimed = await inTransaction(bench.shop.db.dataSource, (tx) => claimRefund(tx));
    await bench.shop.app.get(PaymentGateway).refund(claimed!);
    expect(await bench.runRefunds()).toBe(0);
    await bench.due(order);
    expect(await bench.runRefunds()).toBe(1);
    expect(await refunds(order)).toEqual([{ no: `${order.id}-1`, status: 2, attempts: 2 }]);
    expect(await bench.calls('trade.refund', order.id)).toBe(1);
  });

  it('a gateway that hangs on one refund keeps no other from being made [F2]', async () => {
    const orders = [await bench.paid(), await bench.paid()];
    for (const order of orders) {
      // Another refund of the payment is under way, so this one is written down and not yet sent.
      await bench.shop.db.sql(
        `UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND
         WHERE order_id = ?`,
        [order.id],
      );
      expect((await askWhole(order)).body['status']).toBe('asked');
      await bench.due(order);
    }
    const gateway = bench.shop.app.get(PaymentGateway);
    const send = gateway.refund.bind(gateway);
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (answer = resolve));
    vi.spyOn(gateway, 'refund').mockImplementationOnce(async (request) => {
      await hanging;
      return send(request);
    });
    const states = async () =>
      (await Promise.all(orders.map(refunds)))
        .map(([refund]) => refund?.status)
        .toSorted((a = 0, b = 0) => a - b);
    const run = bench.runRefunds();
    await vi.waitFor(async () => expect(await states()).toEqual([1, 2]), { timeout: 20_000 });
    answer();
    expect(await run).toBe(2);
    expect(await states()).toEqual([2, 2]);
  });

  it('how long the oldest refund is open is told, odd money included, and 0 when none is [F2]', async () => {
    const { app, db } = bench.shop;
    const told = async () => {
      await app.get(RefundRunner).tellOldest();
      const [, value] = /^refunds_open_oldest_seconds (\S+)$/m.exec(await registry.metrics()) ?? [];
      return Number(value);
    };
    await db.sql('UPDATE refunds SET status = 3, finished_at = UTC_TIMESTAMP(3) WHERE status = 1');
    expect(await told()).toBe(0);
    const order = await bench.paid();
    await bench.fault('trade.refund', 'unknown');
    expect((await askWhole(order)).body['status']).toBe('asked');
    const age = (table: string, by: string) =>
      db.sql(`UPDATE ${table} SET created_at = UTC_TIMESTAMP(3) - INTERVAL ${by} WHERE status = 1`);
    await age('refunds', '2 HOUR');
    expect(Math.floor((await told()) / 3600)).toBe(2);
    await db.sql(
      `INSERT INTO odd_refunds (order_id, trade_no, out_request_no, amount_fen, paid_at, status, asked_by, note)
       VALUES (?, 'x', 'x', 1, UTC_TIMESTAMP(3), 1, ?, '')`,
      [order.id, order.buyer.id],
    );
    await age('odd_refunds', '5 HOUR');
    expect(Math.floor((await told()) / 3600)).toBe(5);
    await db.sql('DELETE FROM odd_refunds WHERE order_id = ?', [order.id]);
    await bench.due(order);
    await bench.runRefunds();
    expect(await told()).toBe(0);
  });

  it('a double click is one refund, with a key and without [F3]', async () => {
    const order = await bench.paid();
    const answers = await Promise.all([askWhole(order), askWhole(order), askWhole(order)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await refunds(order)).toHaveLength(1);

    const other = await bench.paid();
    const admin = await bench.admin();
    const path = `/admin/orders/${other.id}/refunds/`;
    const twice = await Promise.all(
      [1, 2].map(() => admin.post(path, part('100.00'), { 'Idempotency-Key': 'click' })),
    );
    expect(new Set(twice.map(({ body }) => body['refund_id'])).size).toBe(1);
    expect(
      twice.filter(({ headers }) => headers.get('idempotent-replayed') === 'true'),
    ).toHaveLength(1);
    const different = await admin.post(path, part('200.00'), { 'Idempotency-Key': 'click' });
    expect(different).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await refunds(other)).toHaveLength(1);
  });

  it('one key for two orders at the same moment is used for one of them [F3]', async () => {
    const orders = [await bench.paid(), await bench.paid()];
    const admin = await bench.admin();
    // Both have looked for the key before either writes it.
    const rival = bench.shop.db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM payments WHERE order_id IN (?) FOR UPDATE', [
      orders.map(({ id }) => id),
    ]);
    const asked = orders.map(({ id }) =>
      admin.post(`/admin/orders/${id}/refunds/`, part('100.00'), { 'Idempotency-Key': 'both' }),
    );
    await bench.blocked(2);
    await rival.rollbackTransaction();
    await rival.release();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422]);
    expect(answers.find(({ status }) => status === 422)?.body['code']).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    const made = await Promise.all(orders.map((order) => refunds(order)));
    expect(made.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  it('two partial refunds at once never give back more than was paid [F3]', async () => {
    const order = await bench.paid();
    const admin = await bench.admin();
    const answers = await Promise.all(
      [1, 2, 3].map(() => admin.post(`/admin/orders/${order.id}/refunds/`, part('4000.00'))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
  });

  it('without money in the seller’s account a refund waits and succeeds later [F4]', async () => {
    const order = await bench.paid();
    await bench.control('seller/withdraw', { amount: '6509.00' });
    expect((await askWhole(order)).body['status']).toBe('asked');
    await bench.due(order);
    await bench.runRefunds();
    expect(await refunds(order)).toEqual([{ no: `${order.id}-1`, status: 1, attempts: 2 }]);
    await bench.control('seller/deposit', { amount: '6509.00' });
    await bench.due(order);
    await bench.runRefunds();
    expect(await refunds(order)).toEqual([{ no: `${order.id}-1`, status: 2, attempts: 3 }]);
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  it('the notify of a refund is no payment [F5]', async () => {
    const order = await bench.paid();
    const admin = await bench.admin();
    await admin.post(`/admin/orders/${order.id}/refunds/`, part('9.00'));
    await bench.shop.flush();
    expect(await order.verdicts()).toEqual(['applied', 'ignored']);
    expect(await order.status()).toBe(2);
  });

  for (const kind of ['fund_change_n', 'fund_change_n_after']) {
    it(`a success without moved money (${kind}) is decided by the refund query [F6]`, async () => {
      const order = await bench.paid();
      await bench.fault('trade.refund', kind);
      const done = kind === 'fund_change_n_after';
      expect((await askWhole(order)).body['status']).toBe(done ? 'done' : 'asked');
      await bench.due(order);
      await bench.runRefunds();
      expect(await refunds(order)).toEqual([
        { no: `${order.id}-1`, status: 2, attempts: done ? 1 : 2 },
      ]);
      expect(await bench.sellerBalance()).toBe('0.00');
    });
  }

  it('a sent, an unpaid, a cash and another buyer’s order are not given back', async () => {
    const unpaid = await bench.unpaid();
    const cash = await bench.unpaid({ payMethod: 1 });
    for (const order of [unpaid, cash]) {
      expect((await askWhole(order)).body['code']).toBe('ORDER_NOT_REFUNDABLE');
    }
    expect((await cash.client.post(`/orders/${unpaid.id}/refunds/`, {})).status).toBe(404);
    expect((await cash.client.get(`/orders/${unpaid.id}/refunds/`)).status).toBe(404);
    const admin = await bench.admin();
    const path = `/admin/orders/${unpaid.id}/refunds/`;
    expect((await admin.post(path, part('1.00'))).body['code']).toBe('ORDER_NOT_REFUNDABLE');
    expect((await unpaid.client.post(path, part('1.00'))).status).toBe(403);
    for (const amount of ['0', '0.00', '-1', '1.005', 'x', 5]) {
      expect((await admin.post(path, { amount, reason: 'x' })).status, String(amount)).toBe(400);
    }
    expect(await unpaid.status()).toBe(1);
  });
});
