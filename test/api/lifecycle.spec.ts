/**
 * An order after it was placed: shipment, receipt, comments, done. Every step is for the right
 * person in the right state only, happens once however often it is asked for, and stands in the
 * history. Every test ends with the invariants holding.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jobFailures } from '../../src/common/metrics.js';
import { FulfilmentService } from '../../src/orders/fulfilment.service.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { insist } from '../kit/insist.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const PARCEL = { carrier: '顺丰速运', tracking_number: 'SF1234567890' };

describe('the life of an order', () => {
  let shop: Shop;
  let admin: Client;
  beforeAll(async () => {
    shop = await startBareShop();
    const [person] = (await buildBuyers(shop.db, 1)) as [Buyer];
    await shop.db.sql("UPDATE users SET role = 'admin' WHERE id = ?", [person.id]);
    admin = new Client(shop.url, tokenFor(person.id, 'admin'));
  });
  afterEach(async () => expect(await violations(shop.db)).toEqual([]));
  afterAll(() => shop.close());

  /** An order of these many products, to be paid on delivery unless said otherwise. */
  async function ordered({ products = 1, payMethod = 1 } = {}) {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const skus = await buildSkus(shop.db, products);
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: skus }]);
    const client = new Client(shop.url, tokenFor(buyer.id));
    const { body } = await client.post('/orders/', {
      address: buyer.addressId,
      pay_method: payMethod,
    });
    const id = body['order_id'] as string;
    const ship = (parcel: unknown = PARCEL) => admin.post(`/admin/orders/${id}/shipment/`, parcel);
    const receive = () => client.post(`/orders/${id}/receipt/`);
    const comment = (sku: number | undefined, more: Record<string, unknown> = {}) =>
      client.post(`/orders/${id}/comments/`, {
        order: id,
        sku,
        comment: '很好',
        score: 5,
        ...more,
      });
    const detail = async () => (await client.get(`/orders/${id}/`)).body;
    return { buyer, skus, client, id, ship, receive, comment, detail };
  }
  async function received(products = 1) {
    const order = await ordered({ products });
    await order.ship();
    await order.receive();
    return order;
  }
  const setAge = (id: string, days: number) =>
    shop.db.sql(
      `UPDATE shipments SET shipped_at = UTC_TIMESTAMP(3) - INTERVAL ? SECOND WHERE order_id = ?`,
      [days * 86_400, id],
    );

  it('goes from placed to done, and the history tells all of it', async () => {
    const order = await ordered({ products: 2 });
    expect(await order.detail()).toMatchObject({ status: 2, shipment: null });
    expect(await order.ship()).toMatchObject({
      status: 201,
      body: { order_id: order.id, status: 3, ...PARCEL },
    });
    expect(await order.detail()).toMatchObject({
      status: 3,
      shipment: { ...PARCEL, ship_time: expect.any(String), receive_time: null },
    });
    expect(await order.receive()).toMatchObject({
      status: 200,
      body: { order_id: order.id, status: 4 },
    });
    const [first, second] = order.skus;
    const path = `/orders/${order.id}/uncommentgoods/`;
    const open = await order.client.get<{ sku: { id: number } }[]>(path);
    expect(open.body).toEqual([
      {
        id: expect.any(Number),
        sku: {
          id: first,
          name: `商品 ${first}`,
          default_image_url: expect.stringContaining(`/pictures/${first}.svg`),
        },
        count: 1,
        price: '10.00',
      },
      expect.objectContaining({ sku: expect.objectContaining({ id: second }) }),
    ]);
    expect(await order.comment(first, { is_anonymous: true })).toMatchObject({
      status: 201,
      body: { sku: first, comment: '很好', score: 5, is_anonymous: true },
    });
    expect((await order.client.get<unknown[]>(path)).body).toMatchObject([{ sku: { id: second } }]);
    expect((await order.detail())['status']).toBe(4);
    // Null is as good as nothing where nothing need be said.
    expect(await order.comment(second, { is_anonymous: null })).toMatchObject({
      status: 201,
      body: { is_anonymous: false },
    });
    expect((await order.client.get(path)).body).toEqual([]);
    expect(await order.detail()).toMatchObject({
      status: 5,
      shipment: { receive_time: expect.any(String) },
      history: [
        { type: 'placed', from_status: null, to_status: 2, actor: 'buyer' },
        { type: 'shipped', from_status: 2, to_status: 3, actor: 'admin' },
        { type: 'received', from_status: 3, to_status: 4, actor: 'buyer' },
        { type: 'completed', from_status: 4, to_status: 5, actor: 'buyer' },
      ],
    });
  });

  describe('shipment', () => {
    it('is for administrators only', async () => {
      const order = await ordered();
      const answer = await order.client.post(`/admin/orders/${order.id}/shipment/`, PARCEL);
      expect(answer).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
      expect((await order.detail())['status']).toBe(2);
    });

    it('of an unpaid, canceled or unknown order is refused', async () => {
      const order = await ordered({ payMethod: 2 });
      const refused = { status: 409, body: { code: 'ORDER_NOT_SHIPPABLE' } };
      expect(await order.ship()).toMatchObject(refused);
      await order.client.post(`/orders/${order.id}/cancel/`);
      expect(await order.ship()).toMatchObject(refused);
      expect((await admin.post('/admin/orders/12345/shipment/', PARCEL)).status).toBe(404);
      expect(await shop.db.sql('SELECT * FROM shipments WHERE order_id = ?', [order.id])).toEqual(
        [],
      );
    });

    it('told twice is one; another one is refused', async () => {
      const order = await ordered();
      const answers = await Promise.all(Array.from({ length: 10 }, () => insist(order.ship)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(await order.ship({ ...PARCEL, tracking_number: 'OTHER' })).toMatchObject({
        status: 409,
        body: { code: 'ORDER_NOT_SHIPPABLE' },
      });
      expect(await order.detail()).toMatchObject({
        shipment: PARCEL,
        history: [{ type: 'placed' }, { type: 'shipped' }],
      });
    });

    it.each([
      [{ carrier: '', tracking_number: 'A1' }, 'carrier'],
      [{ carrier: ' ', tracking_number: 'A1' }, 'carrier'],
      [{ carrier: 'x'.repeat(41), tracking_number: 'A1' }, 'carrier'],
      [{ carrier: ['a'], tracking_number: 'A1' }, 'carrier'],
      [{ carrier: '顺丰' }, 'tracking_number'],
      [{ carrier: '顺丰', tracking_number: 'a b' }, 'tracking_number'],
      [{ carrier: '顺丰', tracking_number: '1'.repeat(65) }, 'tracking_number'],
      [{ ...PARCEL, status: 5 }, 'status'],
    ])('as %j is refused, naming the field', async (parcel, field) => {
      const order = await ordered();
      expect(await order.ship(parcel)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
      });
      expect((await order.detail())['status']).toBe(2);
    });
  });

  describe('receipt', () => {
    it('is the buyer’s own, of a sent order, and counts once', async () => {
      const order = await ordered();
      expect(await order.receive()).toMatchObject({
        status: 409,
        body: { code: 'ORDER_NOT_SHIPPED' },
      });
      await order.ship();
      const other = await ordered();
      expect((await other.client.post(`/orders/${order.id}/receipt/`)).status).toBe(404);
      const answers = await Promise.all(Array.from({ length: 10 }, () => insist(order.receive)));
      expect(
        new Set(answers.map(({ status, body }) => `${status} ${String(body['status'])}`)),
      ).toEqual(new Set(['200 4']));
      expect((await order.detail())['history']).toHaveLength(3);
    });

    it('comes by itself after ten days, not before, once on any number of instances', async () => {
      const fulfilment = shop.app.get(FulfilmentService);
      const orders: Awaited<ReturnType<typeof ordered>>[] = [];
      while (orders.length < 12) {
        orders.push(await ordered());
      }
      const young = await ordered();
      for (const order of [...orders, young]) {
        expect((await order.ship()).status).toBe(201);
        await setAge(order.id, order === young ? 9.9 : 10.1);
      }
      const counts = await Promise.all(Array.from({ length: 4 }, () => fulfilment.receiveDue()));
      const rest = await fulfilment.receiveDue();
      expect(counts.reduce((sum, n) => sum + n, rest)).toBe(12);
      for (const order of orders) {
        expect(await order.detail()).toMatchObject({
          status: 4,
          history: [
            { type: 'placed' },
            { type: 'shipped' },
            { type: 'received', actor: 'system', from_status: 3, to_status: 4 },
          ],
        });
      }
      expect((await young.detail())['status']).toBe(3);
    });

    it('by itself passes over an order that somebody holds, and takes it later', async () => {
      const fulfilment = shop.app.get(FulfilmentService);
      const [held, free] = [await ordered(), await ordered()];
      for (const order of [held, free]) {
        await order.ship();
        await setAge(order.id, 11);
      }
      const rival = shop.db.dataSource.createQueryRunner();
      await rival.startTransaction();
      await rival.query('SELECT id FROM orders WHERE id = ? FOR UPDATE', [held.id]);
      expect(await fulfilment.receiveDue()).toBe(1);
      await rival.rollbackTransaction();
      await rival.release();
      expect((await free.detail())['status']).toBe(4);
      expect(await fulfilment.receiveDue()).toBe(1);
      expect((await held.detail())['status']).toBe(4);
    });

    it('by itself is not kept from an order by another one that fails, which is counted', async () => {
      const fulfilment = shop.app.get(FulfilmentService);
      const [broken, good] = [await ordered(), await ordered()];
      for (const [order, days] of [[broken, 12] as const, [good, 11] as const]) {
        await order.ship();
        await setAge(order.id, days);
      }
      const failures = async () => {
        const { values } = await jobFailures.get();
        return values.find(({ labels }) => labels.job === 'receipt')?.value ?? 0;
      };
      const before = await failures();
      await shop.db.sql(
        `ALTER TABLE shipments ADD CONSTRAINT ck_broken
         CHECK (order_id <> ${broken.id} OR received_at IS NULL)`,
      );
      // In batches of one, the broken order is the whole first batch.
      expect(await fulfilment.receiveDue({ batch: 1 })).toBe(1);
      expect((await good.detail())['status']).toBe(4);
      expect(await broken.detail()).toMatchObject({
        status: 3,
        history: [{ type: 'placed' }, { type: 'shipped' }],
      });
      expect(await failures()).toBe(before + 1);
      await shop.db.sql('ALTER TABLE shipments DROP CONSTRAINT ck_broken');
      expect(await fulfilment.receiveDue({ batch: 1 })).toBe(1);
      expect((await broken.detail())['status']).toBe(4);
    });
  });

  describe('comments', () => {
    it('on one line asked for 20 times at once are one, and are counted', async () => {
      const order = await received(2);
      const [sku] = order.skus;
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => insist(() => order.comment(sku))),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(new Set(answers.map(({ body }) => body['code']))).toEqual(
        new Set([undefined, 'ALREADY_COMMENTED']),
      );
      expect(await shop.db.sql('SELECT comments FROM skus WHERE id = ?', [sku])).toEqual([
        { comments: 1 },
      ]);
    });

    it('on all lines at once complete the order once', async () => {
      const order = await received(5);
      const answers = await Promise.all(order.skus.map((sku) => insist(() => order.comment(sku))));
      expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
      const { status, history } = await order.detail();
      expect([status, (history as unknown[]).length]).toEqual([5, 4]);
    });

    it('are the buyer’s, of this order’s products, and not before the receipt', async () => {
      const order = await ordered();
      const [sku] = order.skus;
      await order.ship();
      expect(await order.comment(sku)).toMatchObject({
        status: 409,
        body: { code: 'ORDER_NOT_RECEIVED' },
      });
      expect((await order.client.get(`/orders/${order.id}/uncommentgoods/`)).body).toEqual([]);
      await order.receive();
      const other = await received();
      expect(await order.comment(other.skus[0])).toMatchObject({
        status: 400,
        body: { code: 'ORDER_LINE_NOT_FOUND' },
      });
      const foreign = await other.client.post(`/orders/${order.id}/comments/`, {
        sku,
        comment: '很好',
        score: 1,
      });
      expect(foreign.status).toBe(404);
      expect((await other.client.get(`/orders/${order.id}/uncommentgoods/`)).status).toBe(404);
      expect(await shop.db.sql('SELECT id FROM comments WHERE sku_id = ?', [sku])).toEqual([]);
    });

    it.each([
      [{ score: 6 }, 'score'],
      [{ score: -1 }, 'score'],
      [{ score: 2.5 }, 'score'],
      [{ score: null }, 'score'],
      [{ comment: '  ' }, 'comment'],
      [{ comment: '长'.repeat(501) }, 'comment'],
      [{ comment: 5 }, 'comment'],
      [{ comment: 'a\0b' }, 'comment'],
      [{ is_anonymous: 'yes' }, 'is_anonymous'],
      [{ order: '12345' }, 'order'],
      [{ user: 1 }, 'user'],
    ])('with %j are refused, naming the field', async (more, field) => {
      const order = await received();
      expect(await order.comment(order.skus[0], more)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
      });
    });

    /** Comments on every line of an order as if they were on one product. */
    async function gather(orderId: string, sku: number, userId: number, text: string) {
      await shop.db.sql(
        `INSERT INTO comments (order_line_id, sku_id, user_id, comment, score, is_anonymous,
           created_at)
         SELECT id, ?, ?, ?, 0, TRUE, NOW(3) FROM order_lines WHERE order_id = ?`,
        [sku, userId, text, orderId],
      );
      await shop.db.sql(
        'UPDATE skus SET comments = (SELECT COUNT(*) FROM comments WHERE sku_id = ?) WHERE id = ?',
        [sku, sku],
      );
    }

    it('are shown on the product, newest first, with masked names', async () => {
      const order = await received();
      const [sku = 0] = order.skus;
      await shop.db.sql('UPDATE users SET username = ? WHERE id = ?', ['python', order.buyer.id]);
      const text = '好👍\n"引号"';
      expect((await order.comment(sku, { comment: text, score: '4' })).status).toBe(201);
      const again = await received();
      await gather(again.id, sku, again.buyer.id, '匿名评价');
      const shown = await new Client(shop.url).get(`/skus/${sku}/comments/`);
      expect(shown).toMatchObject({ status: 200 });
      expect(shown.body).toEqual([
        { score: 0, comment: '匿名评价', username: '匿***名' },
        { score: 4, comment: text, username: 'p***n' },
      ]);
      const { body } = await new Client(shop.url).get(`/skus/${sku}/`);
      expect(body['comments']).toBe(2);
    });

    it('are shown up to 30, none of an unknown product', async () => {
      const order = await ordered({ products: 40 });
      const [sku = 0] = order.skus;
      await gather(order.id, sku, order.buyer.id, '好');
      const { body } = await new Client(shop.url).get<unknown[]>(`/skus/${sku}/comments/`);
      expect(body).toHaveLength(30);
      const quiet = await new Client(shop.url).get(`/skus/${String(order.skus[1])}/comments/`);
      expect(quiet.body).toEqual([]);
      expect((await new Client(shop.url).get('/skus/4000000/comments/')).status).toBe(404);
    });
  });
});
