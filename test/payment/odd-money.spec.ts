/**
 * Money that does not fit its order, found by asking: nothing settles or closes the order by itself
 * (N4 in docs/alipay.md), so an administrator decides that it is over and the money goes back.
 */
import { describe, expect, it, vi } from 'vitest';
import { shanghaiTime } from '../../src/common/clock.js';
import { BillService } from '../../src/payment/bill/bill.service.js';
import { RefundRunner } from '../../src/payment/refunds/refund-runner.js';
import type { Client } from '../kit/client.js';
import { Bench, type Order } from './kit.js';

const PATH = '/admin/alipay/quarantine/';
const NOTE = { note: '支付宝收到的金额与订单不符，已取消并退款' };

describe('money that does not fit its order', () => {
  const bench = new Bench({ ALIPAY_TIMEOUT_MS: '1500' });

  /** An order whose time is over, paid with money that does not fit, as a sweep has found. */
  async function misfit(): Promise<Order> {
    const order = await bench.paidAtGateway();
    await setTotal(order, 700_000);
    await bench.expire(order, '0s');
    await bench.sweep();
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);
    return order;
  }

  const setTotal = (order: Order, fen: number) =>
    bench.shop.db.sql(
      `UPDATE orders o JOIN order_lines l ON l.order_id = o.id JOIN payments p
         ON p.order_id = o.id
       SET o.total_fen = ?, p.amount_fen = ?, l.price_fen = ? WHERE o.id = ?`,
      [fen, fen, fen - 1000, order.id],
    );

  const noticeOf = async ({ id }: Order) =>
    (
      await bench.shop.db.sql<{ id: number }>(
        'SELECT MAX(id) AS id FROM alipay_notices WHERE out_trade_no = ? AND quarantined',
        [id],
      )
    )[0]?.id;

  const giveBack = async (admin: Client, order: Order) =>
    admin.post(`${PATH}${await noticeOf(order)}/refund/`, NOTE);

  const open = async (order: Order) =>
    (
      await bench.shop.db.sql<{ n: number }>(
        `SELECT CAST(COUNT(*) AS SIGNED) AS n FROM alipay_notices
         WHERE out_trade_no = ? AND quarantined AND resolved_at IS NULL`,
        [order.id],
      )
    )[0]?.n;

  const rowsOf = ({ id }: Order) =>
    bench.shop.db.sql('SELECT status, amount_fen FROM odd_refunds WHERE order_id = ?', [id]);

  it('goes back in full when an administrator says so, and the order is over [N4]', async () => {
    const order = await misfit();
    const admin = await bench.admin();
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(409);
    expect((await order.client.post(`${PATH}${await noticeOf(order)}/refund/`, NOTE)).status).toBe(
      403,
    );
    expect(await rowsOf(order)).toEqual([]);
    const answer = await giveBack(admin, order);
    expect(answer).toMatchObject({
      status: 200,
      body: { refund_id: `${order.id}-odd`, amount: '6509.00', status: 'done', returns: [] },
    });
    expect(await order.detail()).toMatchObject({
      status: 6,
      payment: { status: 'closed', refunded: '0.00' },
      refunds: [{ refund_id: `${order.id}-odd`, amount: '6509.00', status: 'done' }],
      history: [{ type: 'placed' }, { type: 'canceled', actor: 'admin' }, { type: 'refunded' }],
    });
    expect([await order.stock(), await bench.sellerBalance()]).toEqual([5, '0.00']);
    expect((await order.client.get(`/orders/${order.id}/refunds/`)).body).toMatchObject([
      { refund_id: `${order.id}-odd`, reason: '付款金额与订单不符' },
    ]);
    // Everything that was said about it is resolved, with the note.
    const { body } = await admin.get(`${PATH}?state=resolved`);
    expect(body).toMatchObject({ results: [{ ...NOTE, refund_status: 'done' }] });
    expect(await open(order)).toBe(0);
  });

  it('is told to the buyer who comes back from the cashier, and Alipay is not asked again [R1]', async () => {
    const order = await bench.unpaid();
    const { return_url } = await bench.shop.pay(await order.payUrl());
    await setTotal(order, 700_000);
    expect((await bench.confirm(return_url)).body['code']).toBe('PAYMENT_PENDING');
    expect((await giveBack(await bench.admin(), order)).body['status']).toBe('done');
    const asked = await bench.calls('trade.query', order.id);
    expect(await bench.confirm(return_url)).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_RETURNED' },
    });
    const status = await order.client.get(`/orders/${order.id}/payment/status/`);
    expect(status.body).toEqual({ order_id: order.id, status: 6, paid: false, trade_id: null });
    expect(await bench.calls('trade.query', order.id)).toBe(asked);
  });

  it('is nobody’s matter any more afterwards, whatever Alipay says of it [N4]', async () => {
    const order = await misfit();
    const admin = await bench.admin();
    await bench.fault('trade.refund', 'unknown');
    expect((await giveBack(admin, order)).body['status']).toBe('asked');
    // Told and asked while the money is on its way, and when it is back.
    await bench.shop.flush();
    await bench.due(order);
    await bench.sweep();
    await moneyDue(order);
    expect(await bench.runRefunds()).toBe(1);
    const refunded = { trade_status: 'TRADE_CLOSED', refund_fee: '6509.00' };
    expect((await bench.resend(order.id, { before: refunded }))[0]?.answer).toBe('success');
    await bench.due(order);
    await bench.sweep();
    expect(await order.verdicts()).toEqual(['mismatch', 'ignored', 'ignored']);
    expect([await order.status(), await order.stock(), await open(order)]).toEqual([6, 5, 0]);
    const [checks] = await bench.shop.db.sql(
      'SELECT next_check_at FROM payments WHERE order_id = ?',
      [order.id],
    );
    expect(checks).toEqual({ next_check_at: null });
  });

  it('goes back once, however often and by how many at once it is asked for [N4]', async () => {
    const order = await misfit();
    const admin = await bench.admin();
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => giveBack(admin, order)),
      bench.sweep(),
    ]);
    expect(answers.slice(0, 6).map((answer) => answer?.status)).toEqual(Array(6).fill(200));
    await bench.runRefunds();
    const again = await giveBack(admin, order);
    expect(again.body).toMatchObject({ refund_id: `${order.id}-odd`, status: 'done' });
    expect(await bench.calls('trade.refund', order.id)).toBe(1);
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await bench.sellerBalance()).toBe('0.00');
    expect((await order.detail())['history']).toHaveLength(3);
  });

  for (const kind of ['unknown', 'http_500', 'bad_sign', 'hang']) {
    it(`nothing is decided while Alipay does not say what it holds (${kind}) [Q3]`, async () => {
      const order = await misfit();
      await bench.fault('trade.query', kind);
      expect(await giveBack(await bench.admin(), order)).toMatchObject({
        status: 503,
        body: { code: 'GATEWAY_UNAVAILABLE' },
      });
      expect([await order.status(), await order.stock(), await open(order)]).toEqual([1, 4, 1]);
      expect(await rowsOf(order)).toEqual([]);
    });
  }

  for (const kind of ['hang_after', 'http_500_after', 'bad_sign', 'unknown']) {
    it(`a refund whose answer is lost or is none (${kind}) is made good under its number [F2]`, async () => {
      const order = await misfit();
      await bench.fault('trade.refund', kind);
      expect((await giveBack(await bench.admin(), order)).body['status']).toBe('asked');
      expect([await order.status(), await order.stock(), await open(order)]).toEqual([6, 5, 1]);
      // Not before its time.
      expect(await bench.runRefunds()).toBe(0);
      await moneyDue(order);
      expect(await bench.runRefunds()).toBe(1);
      expect(await rowsOf(order)).toEqual([{ status: 2, amount_fen: 650_900 }]);
      expect([await bench.sellerBalance(), await open(order)]).toEqual(['0.00', 0]);
    });
  }

  it('a decision whose process died before the call is carried out by another turn [F2]', async () => {
    const order = await misfit();
    vi.spyOn(bench.shop.app.get(RefundRunner), 'runOdd').mockRejectedValueOnce(new Error('died'));
    expect((await giveBack(await bench.admin(), order)).body['status']).toBe('asked');
    expect(await bench.calls('trade.refund', order.id)).toBe(0);
    expect(await bench.runRefunds()).toBe(1);
    expect([await order.status(), await bench.sellerBalance()]).toEqual([6, '0.00']);
  });

  it('a refund that Alipay refuses waits for a person, and can be asked for again [F4]', async () => {
    const order = await misfit();
    const admin = await bench.admin();
    await bench.control('trades/finish', { out_trade_no: order.id });
    for (let tries = 1; tries <= 2; tries += 1) {
      expect((await giveBack(admin, order)).body['status']).toBe('failed');
      expect(await bench.calls('trade.refund', order.id)).toBe(tries);
    }
    expect([await order.status(), await order.stock(), await open(order)]).toEqual([6, 5, 1]);
    expect((await admin.get(`${PATH}?state=open`)).body['results']).toContainEqual(
      expect.objectContaining({ out_trade_no: order.id, refund_status: 'failed' }),
    );
  });

  it('what fits after all is settled, and money that is not there cannot go back [N4]', async () => {
    const admin = await bench.admin();
    const fits = await misfit();
    await setTotal(fits, 650_900);
    expect(await giveBack(admin, fits)).toMatchObject({
      status: 409,
      body: { code: 'MONEY_NOT_RETURNABLE' },
    });
    expect([await fits.status(), await rowsOf(fits)]).toEqual([2, []]);
    // Claimed by a notify, and nobody has paid.
    const unpaid = await bench.unpaid();
    const paid = await bench.paid();
    await bench.resend(paid.id, { before: { out_trade_no: unpaid.id, total_amount: '0.01' } });
    expect(await giveBack(admin, unpaid)).toMatchObject({ status: 409 });
    expect([await unpaid.status(), await unpaid.stock(), await rowsOf(unpaid)]).toEqual([1, 4, []]);
    // A second trade and an order nobody knows are no mismatch: by hand.
    await bench.resend(paid.id, { before: { trade_no: '2026112222001400000000000001' } });
    expect(await giveBack(admin, paid)).toMatchObject({ status: 409 });
    expect([await paid.status(), await bench.sellerBalance()]).toEqual([2, '13018.00']);
    expect((await admin.post(`${PATH}4000000000/refund/`, NOTE)).status).toBe(404);
    expect((await admin.post(`${PATH}1/refund/`, { note: ' ' })).status).toBe(400);
  });

  it('of an order canceled before goes back too, and stock comes back once [C3]', async () => {
    const order = await bench.unpaid();
    const url = await order.payUrl();
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    await bench.shop.pay(url);
    await setTotal(order, 700_000);
    await bench.shop.flush();
    expect(await order.verdicts()).toEqual(['mismatch']);
    expect((await giveBack(await bench.admin(), order)).body['status']).toBe('done');
    expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  it('is in the bill and in the books [B1]', async () => {
    await bench.shop.db.sql(`UPDATE odd_refunds
      SET paid_at = paid_at - INTERVAL 9 DAY, finished_at = finished_at - INTERVAL 9 DAY`);
    await bench.shop.db.sql(`UPDATE payments SET paid_at = paid_at - INTERVAL 9 DAY`);
    const order = await misfit();
    await giveBack(await bench.admin(), order);
    const date = shanghaiTime(new Date()).slice(0, 10);
    await bench.control('clock/advance', { by: '26h' });
    expect(await bench.shop.app.get(BillService).compareDay(date)).toEqual({
      date,
      payments: 1,
      refunds: 1,
      differences: [],
    });
  });

  const moneyDue = (order: Order) =>
    bench.shop.db.sql('UPDATE odd_refunds SET next_try_at = UTC_TIMESTAMP(3) WHERE order_id = ?', [
      order.id,
    ]);
});
