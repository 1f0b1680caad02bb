/**
 * Ways to pay: cases P1, P4 and C5 of the matrix in docs/alipay.md. One order is one trade of a
 * fixed amount, whichever way it is paid.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { shanghaiTime } from '../../src/common/clock.js';
import { Bench, type Order } from './kit.js';

const zone = process.env['TZ'];

describe('paying', () => {
  const bench = new Bench();
  afterAll(() => {
    if (zone === undefined) {
      delete process.env['TZ'];
    } else {
      process.env['TZ'] = zone;
    }
  });

  const wayToPay = async (order: Order, scene: string) =>
    (await order.client.get<Record<string, string>>(`/orders/${order.id}/payment/?scene=${scene}`))
      .body;
  const session = async (order: Order) =>
    (await bench.look<{ sessions: Record<string, string>[] }>('sessions')).sessions.findLast(
      (one) => one['out_trade_no'] === order.id,
    );
  /** What the gateway was asked for must be what the order says. */
  async function expectFrozen(order: Order, product: string): Promise<void> {
    const { expire_time } = await order.detail();
    const end = new Date(`${(expire_time as string).replace(' ', 'T')}+08:00`);
    expect(await session(order)).toMatchObject({
      product,
      total_amount: '6509.00',
      subject: `美多商城${order.id}`,
      time_expire: shanghaiTime(new Date(end.getTime() - 60_000)),
    });
  }

  /** A scene, the member of its answer, its product, and the field that opens it in the sandbox. */
  const SCENES = [
    ['page', 'alipay_url', 'page', 'page_url'],
    ['wap', 'alipay_url', 'wap', 'page_url'],
    ['app', 'order_string', 'app', 'order_string'],
    ['qr', 'qr_code', 'precreate', 'page_url'],
  ] as const;

  it('by a page, a mobile page, an app and a code: the order’s amount and time [P1]', async () => {
    for (const [scene, member, product, field] of SCENES) {
      const order = await bench.unpaid();
      const way = await wayToPay(order, scene);
      expect(Object.keys(way)).toEqual([member]);
      await bench.control('trades/pay', { [field]: way[member] });
      await expectFrozen(order, product);
      await bench.shop.flush();
      expect(await order.status(), scene).toBe(2);
    }
  });

  it('paid one way, the order cannot be paid another way [P1, P3]', async () => {
    const order = await bench.unpaid();
    const ways = {
      page_url: (await wayToPay(order, 'wap'))['alipay_url'],
      order_string: (await wayToPay(order, 'app'))['order_string'],
    };
    const qr = (await wayToPay(order, 'qr'))['qr_code'];
    await bench.shop.pay(await order.payUrl());
    for (const target of [{ page_url: ways.page_url }, { order_string: ways.order_string }]) {
      await expect(bench.control('trades/pay', target)).rejects.toThrow('TRADE_HAS_SUCCESS');
    }
    await expect(bench.control('trades/pay', { page_url: qr })).rejects.toThrow('HAS_SUCCESS');
    // The gateway refuses another code, which is how we hear of the payment.
    const { status, body } = await order.client.get(`/orders/${order.id}/payment/?scene=qr`);
    expect([status, body['code'], await order.status()]).toEqual([400, 'ORDER_NOT_PAYABLE', 2]);
  });

  it('a page that was begun is gone on with by a code, where Alipay allows it [P3]', async () => {
    const order = await bench.unpaid();
    await bench.control('trades/login', { page_url: await order.payUrl() });
    const { qr_code } = await wayToPay(order, 'qr');
    await bench.control('trades/pay', { page_url: qr_code });
    await bench.shop.flush();
    expect(await order.status()).toBe(2);
  });

  it('where Alipay does not, the buyer is sent back to where it was begun, and can pay there [P3]', async () => {
    const order = await bench.unpaid();
    const page = await order.payUrl();
    await bench.control('trades/login', { page_url: page });
    await bench.fault('trade.precreate', 'inconsistent');
    expect(await order.client.get(`/orders/${order.id}/payment/?scene=qr`)).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_BEGUN', message: '该订单已用其他方式发起支付，请在原支付页面继续' },
    });
    expect([await order.status(), await order.stock()]).toEqual([1, 4]);
    await bench.shop.pay(page);
    await bench.shop.flush();
    expect(await order.status()).toBe(2);
  });

  it('a code the gateway does not give is refused for now; a scene of nobody’s is refused', async () => {
    const order = await bench.unpaid();
    await bench.fault('trade.precreate', 'http_500');
    const answer = await order.client.get(`/orders/${order.id}/payment/?scene=qr`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'GATEWAY_UNAVAILABLE' } });
    const wrong = await order.client.get(`/orders/${order.id}/payment/?scene=fax`);
    expect(wrong).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(wrong.body['scene']).toHaveLength(1);
  });

  it('names of products, whatever is in them, do no harm to what is signed [P4]', async () => {
    const order = await bench.unpaid();
    const odd = 'Q&D 100% a+b <b>"x"</b> &copy 😀'.repeat(4).slice(0, 100);
    await bench.shop.db.sql('UPDATE order_lines SET name = ? WHERE order_id = ?', [odd, order.id]);
    await bench.shop.pay(await order.payUrl());
    // A subject like that comes back in a genuine notify, and verifies.
    const before = { subject: odd.repeat(2), body: odd, passback_params: 'a%3D1%26b%3D%2B' };
    expect((await bench.resend(order.id, { before }))[0]?.answer).toBe('success');
    expect(await order.status()).toBe(2);
  });

  it.each(['UTC', 'America/New_York', 'Asia/Shanghai'])(
    'in a process that lives in %s every cashier shows the Beijing deadline [C5]',
    async (name) => {
      process.env['TZ'] = name;
      for (const [scene, member, product, field] of SCENES) {
        const order = await bench.unpaid();
        const way = await wayToPay(order, scene);
        await bench.control('trades/login', { [field]: way[member] });
        await expectFrozen(order, product);
      }
    },
  );
});
