/**
 * The payment loop with the real SDK against the sandbox. Names in brackets are the cases of the
 * test matrix in docs/alipay.md. Every test ends with the invariants holding.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { tellChecked } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';

describe('payment', () => {
  let shop: ShopWithSandbox;
  beforeAll(async () => {
    shop = await startShopWithSandbox();
  });
  beforeEach(async () => {
    await shop.sandbox.post('/sandbox/reset');
    await shop.sandbox.post('/sandbox/notifies/hold', { hold: true });
  });
  let checked = 0;
  afterEach(async () => {
    expect(await violations(shop.db)).toEqual([]);
    checked += 1;
  });
  afterAll(async () => {
    tellChecked(checked);
    await shop.close();
  });

  /** A buyer with an unpaid order of one product. */
  async function unpaid(payMethod = 2) {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const [sku = 0] = await buildSkus(shop.db, 1, { stock: 5, priceFen: 649_900 });
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: [sku] }]);
    const client = new Client(shop.url, tokenFor(buyer.id));
    const { body } = await client.post('/orders/', {
      address: buyer.addressId,
      pay_method: payMethod,
    });
    const id = body['order_id'] as string;
    const payUrl = async () =>
      (await client.get(`/orders/${id}/payment/`)).body['alipay_url'] as string;
    return { buyer, client, id, sku, payUrl };
  }
  const status = async (order: Awaited<ReturnType<typeof unpaid>>) =>
    (await order.client.get(`/orders/${order.id}/`)).body['status'];
  const confirm = (returnUrl: string) =>
    new Client(shop.url).put(`/payment/status/${new URL(returnUrl).search}`, {});
  const resend = (outTradeNo: string, more: Record<string, unknown> = {}) =>
    shop.sandbox.post<{ copies: { status: number; answer: string }[] }>(
      '/sandbox/notifies/resend',
      {
        out_trade_no: outTradeNo,
        ...more,
      },
    );
  const notices = (id: string) =>
    shop.db.sql<{ verdict: string; quarantined: number }>(
      'SELECT verdict, quarantined FROM alipay_notices WHERE out_trade_no = ?',
      [id],
    );

  it('login to paid: order, page, pay, notify, return [P1, N1]', async () => {
    const order = await unpaid();
    const url = new URL(await order.payUrl());
    expect(url.searchParams.get('method')).toBe('alipay.trade.page.pay');
    const content = JSON.parse(url.searchParams.get('biz_content') ?? '{}') as Record<
      string,
      string
    >;
    expect(content).toMatchObject({
      out_trade_no: order.id,
      total_amount: '6509.00',
      subject: `美多商城${order.id}`,
    });
    const paid = await shop.pay(url.toString());
    expect(await status(order)).toBe(1);
    await shop.flush();
    expect(await status(order)).toBe(2);
    expect(await notices(order.id)).toEqual([{ verdict: 'applied', quarantined: 0 }]);

    for (let i = 0; i < 2; i += 1) {
      expect(await confirm(paid.return_url)).toMatchObject({
        status: 200,
        body: { trade_id: paid.trade_no },
      });
    }
    const detail = await order.client.get(`/orders/${order.id}/`);
    expect(detail.body).toMatchObject({
      payment: { status: 'success', amount: '6509.00', trade_id: paid.trade_no },
      history: [
        { type: 'placed' },
        { type: 'paid', actor: 'alipay', from_status: 1, to_status: 2 },
      ],
    });
  });

  it('no page for another buyer’s, a paid, a canceled, a cash or an unknown order [P2]', async () => {
    const order = await unpaid();
    const other = await unpaid();
    const cash = await unpaid(1);
    await shop.pay(await order.payUrl());
    await shop.flush();
    await other.client.post(`/orders/${other.id}/cancel/`);
    const sessions = async () => (await shop.sandbox.get('/sandbox/sessions')).body['sessions'];
    const before = await sessions();
    expect(before).not.toEqual([]);
    expect((await other.client.get(`/orders/${order.id}/payment/`)).status).toBe(404);
    expect((await order.client.get('/orders/12345/payment/')).status).toBe(404);
    for (const one of [order, other, cash]) {
      const answer = await one.client.get(`/orders/${one.id}/payment/`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'ORDER_NOT_PAYABLE' } });
    }
    expect(await sessions()).toEqual(before);
  });

  it('the page asked for 50 times is one payment, and cannot be paid twice [P3]', async () => {
    const order = await unpaid();
    const urls = await Promise.all(Array.from({ length: 50 }, () => order.payUrl()));
    expect(
      await shop.db.sql('SELECT COUNT(*) AS n FROM payments WHERE order_id = ?', [order.id]),
    ).toEqual([{ n: 1 }]);
    const paid = await shop.pay(urls[0] as string);
    expect(paid.trade_no).toBeTruthy();
    const again = await shop.sandbox.post('/sandbox/trades/pay', { page_url: urls[49] });
    expect(again.status).toBeGreaterThanOrEqual(400);
  });

  it('30 copies of a notify at once are one transition and 30 times success [N2]', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    const { body } = await resend(order.id, { times: 30 });
    expect(body.copies.map((copy) => copy.answer)).toEqual(Array(30).fill('success'));
    expect(await status(order)).toBe(2);
    expect((await notices(order.id)).map(({ verdict }) => verdict).toSorted()).toEqual([
      ...Array<string>(29).fill('already'),
      'applied',
    ]);
  });

  it('a notify changed after it was signed changes nothing [N3]', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    for (const after of [
      { total_amount: '0.01' },
      { trade_status: 'TRADE_FINISHED' },
      { out_trade_no: '1' },
      { extra: 'x' },
    ]) {
      const { body } = await resend(order.id, { after });
      expect(body.copies).toEqual([expect.objectContaining({ status: 200, answer: 'fail' })]);
    }
    expect(await status(order)).toBe(1);
    expect(await notices(order.id)).toEqual([]);
  });

  it('a genuine notify that does not fit is quarantined and changes nothing [N4]', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    for (const before of [
      { notify_id: 'odd-1', total_amount: '0.01' },
      { notify_id: 'odd-2', app_id: '9021999999999999' },
      { notify_id: 'odd-3', seller_id: '2088999999999999' },
    ]) {
      const { body } = await resend(order.id, { before });
      expect(body.copies[0]?.answer).toBe('success');
    }
    expect(await status(order)).toBe(1);
    expect(await notices(order.id)).toEqual(
      Array.from({ length: 3 }, () => ({ verdict: 'mismatch', quarantined: 1 })),
    );
    const unknown = await resend(order.id, { before: { out_trade_no: '2600000000000000000' } });
    expect(unknown.body.copies[0]?.answer).toBe('fail');
    expect(await notices('2600000000000000000')).toEqual([
      { verdict: 'unknown_order', quarantined: 1 },
    ]);
  });

  it('a forged or broken notify is refused without a fault [N5]', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    for (const more of [
      { foreign_key: true },
      { omit: ['sign'] },
      { duplicate: ['sign'] },
      { after: { sign_type: 'FOO' } },
      { after: { sign: '%%%' } },
      { empty: true },
      { charset: 'gbk', before: { subject: '美多' } },
      { content_type: 'text/html' },
      { content_type: 'application/json' },
    ]) {
      const { body } = await resend(order.id, more);
      const [copy] = body.copies;
      expect(copy?.status, JSON.stringify(more)).toBeLessThan(500);
      expect(copy?.answer).not.toBe('success');
    }
    expect(await status(order)).toBe(1);
  });

  it('a genuine notify with a new field is accepted [N6]', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    const { body } = await resend(order.id, { before: { new_field: '值' } });
    expect(body.copies[0]?.answer).toBe('success');
    expect(await status(order)).toBe(2);
  });

  it('a return without any notify asks the gateway and pays the order [N9]', async () => {
    const order = await unpaid();
    const paid = await shop.pay(await order.payUrl());
    await shop.sandbox.post('/sandbox/notifies/drop', {});
    expect(await confirm(paid.return_url)).toMatchObject({ body: { trade_id: paid.trade_no } });
    expect(await status(order)).toBe(2);
  });

  it('parameters of a return are no notify [N11]', async () => {
    const order = await unpaid();
    const paid = await shop.pay(await order.payUrl());
    const response = await fetch(new URL('/payment/alipay/notify/', shop.url), {
      method: 'POST',
      body: new URL(paid.return_url).searchParams,
    });
    expect([response.status, await response.text()]).toEqual([200, 'fail']);
    expect(await status(order)).toBe(1);
  });

  it('a changed or unsigned return is refused [R1]', async () => {
    const order = await unpaid();
    const paid = await shop.pay(await order.payUrl());
    for (const [name, value] of [
      ['total_amount', '0.01'],
      ['out_trade_no', '1'],
      ['sign', ''],
    ] as const) {
      const forged = new URL(paid.return_url);
      forged.searchParams.set(name, value);
      expect(await confirm(forged.toString())).toMatchObject({
        status: 403,
        body: { code: 'PAYMENT_PROOF_INVALID', message: '非法请求' },
      });
    }
    expect((await new Client(shop.url).put('/payment/status/', {})).status).toBe(403);
    expect(await status(order)).toBe(1);
  });

  it('a genuine return pays nothing while the gateway cannot be asked [R2]', async () => {
    const order = await unpaid();
    const paid = await shop.pay(await order.payUrl());
    await shop.sandbox.post('/sandbox/faults', {
      method: 'alipay.trade.query',
      kind: 'http_500',
      times: 1,
    });
    expect(await confirm(paid.return_url)).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_PENDING' },
    });
    expect(await status(order)).toBe(1);
    expect((await confirm(paid.return_url)).status).toBe(200);
  });

  it('a payment after the cancel is booked and its refund asked for; the order stays closed', async () => {
    const order = await unpaid();
    const url = await order.payUrl();
    expect((await order.client.post(`/orders/${order.id}/cancel/`)).status).toBe(200);
    const paid = await shop.pay(url);
    expect(await confirm(paid.return_url)).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_RETURNED' },
    });
    await shop.flush();
    await shop.flush();
    expect(await status(order)).toBe(6);
    const detail = await order.client.get(`/orders/${order.id}/`);
    expect(detail.body).toMatchObject({
      payment: { status: 'success' },
      refunds: [{ refund_id: `${order.id}-late`, amount: '6509.00', status: 'asked' }],
    });
    expect(await shop.db.sql('SELECT stock FROM skus WHERE id = ?', [order.sku])).toEqual([
      { stock: 5 },
    ]);
  });

  it('a cancel of a paid order is refused, and settles it when the notify is late', async () => {
    const order = await unpaid();
    await shop.pay(await order.payUrl());
    const answer = await order.client.post(`/orders/${order.id}/cancel/`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_CANCELABLE' } });
    expect(await status(order)).toBe(2);
  });

  it('asking for the status of a payment settles it [N10]', async () => {
    const order = await unpaid();
    expect((await order.client.get(`/orders/${order.id}/payment/status/`)).body).toEqual({
      order_id: order.id,
      status: 1,
      paid: false,
      trade_id: null,
    });
    const paid = await shop.pay(await order.payUrl());
    expect((await order.client.get(`/orders/${order.id}/payment/status/`)).body).toEqual({
      order_id: order.id,
      status: 2,
      paid: true,
      trade_id: paid.trade_no,
    });
  });
});
