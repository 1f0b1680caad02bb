/** Orders over HTTP: the contract of API.md, refusals that change nothing, and idempotency. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('orders', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startBareShop();
  });
  afterEach(async () => expect(await violations(shop.db)).toEqual([]));
  afterAll(() => shop.close());

  const client = (buyer: Buyer) => new Client(shop.url, tokenFor(buyer.id));

  /** A buyer with these products in the cart, one of each. */
  async function shopper(stocks: readonly number[] = [10], count = 1) {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const skus: number[] = [];
    for (const stock of stocks) {
      skus.push(...(await buildSkus(shop.db, 1, { stock })));
    }
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: skus }], count);
    return { buyer, skus, wish: { address: buyer.addressId, pay_method: '2' } };
  }

  /** Stock, cart and number of orders: what a refusal must leave alone. */
  async function footprint(buyer: Buyer) {
    return {
      skus: await shop.db.sql('SELECT id, stock, sales, version FROM skus ORDER BY id'),
      cart: await shop.db.sql('SELECT * FROM cart_lines WHERE user_id = ?', [buyer.id]),
      orders: await shop.db.sql('SELECT COUNT(*) AS n FROM orders'),
      events: await shop.db.sql('SELECT COUNT(*) AS n FROM order_events'),
    };
  }

  it('turns the selected cart lines into an order and leaves the others', async () => {
    const { buyer, skus, wish } = await shopper([10, 10], 2);
    const [left = 0] = await buildSkus(shop.db, 1);
    await shop.db.sql('INSERT INTO cart_lines VALUES (?, ?, 1, FALSE, NOW(3))', [buyer.id, left]);
    const settlement = await client(buyer).get('/orders/settlement/');
    expect(settlement.body).toMatchObject({
      freight: '10.00',
      skus: skus.map((id) => ({ id, count: 2, price: '10.00' })),
    });

    const created = await client(buyer).post('/orders/', wish);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ order_id: expect.stringMatching(/^\d{19}$/) });
    expect(created.headers.get('idempotent-replayed')).toBeNull();

    const detail = await client(buyer).get(`/orders/${created.body['order_id'] as string}/`);
    expect(detail.body).toMatchObject({
      status: 1,
      pay_method: 2,
      total_amount: '50.00',
      freight: '10.00',
      total_count: 4,
      create_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      address: { receiver: `买家${buyer.id}`, province: '试验省', district: '试验区' },
      payment: null,
      refunds: [],
      history: [{ type: 'placed', from_status: null, to_status: 1, actor: 'buyer' }],
    });
    expect(await client(buyer).get('/orders/settlement/')).toMatchObject({ body: [] });
    expect(
      await shop.db.sql('SELECT sku_id FROM cart_lines WHERE user_id = ?', [buyer.id]),
    ).toEqual([{ sku_id: left }]);
  });

  it('lists a buyer’s own orders, newest first, in pages', async () => {
    const { buyer, skus, wish } = await shopper();
    const ids: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      if (i > 0) {
        await fillCarts(shop.db, [{ userId: buyer.id, skuIds: skus }]);
      }
      ids.unshift((await client(buyer).post('/orders/', wish)).body['order_id']);
    }
    const first = await client(buyer).get<Record<string, { order_id: string }[]>>('/orders/');
    expect(first.body).toMatchObject({ count: 3, previous: null });
    expect(first.body['results']?.map((o) => o.order_id)).toEqual(ids.slice(0, 2));
    const second = await client(buyer).get<Record<string, { order_id: string }[]>>(
      '/orders/?page=2&page_size=2',
    );
    expect(second.body['results']?.map((o) => o.order_id)).toEqual(ids.slice(2));
    expect((await client(buyer).get('/orders/?page=3')).status).toBe(404);
    const other = (await buildBuyers(shop.db, 1))[0] as Buyer;
    expect((await client(other).get('/orders/')).body).toMatchObject({ count: 0, results: [] });
    expect((await client(other).get(`/orders/${String(ids[0])}/`)).status).toBe(404);
  });

  it('starts an order to be paid on delivery as one to be sent', async () => {
    const { buyer, wish } = await shopper();
    const { body } = await client(buyer).post('/orders/', { ...wish, pay_method: 1 });
    const detail = await client(buyer).get(`/orders/${body['order_id'] as string}/`);
    expect(detail.body).toMatchObject({ status: 2, pay_method: 1, expire_time: null });
  });

  describe('refuses and changes nothing', () => {
    const cases: [string, number, string, (s: Awaited<ReturnType<typeof shopper>>) => unknown][] = [
      ['an unknown address', 400, 'ADDRESS_NOT_FOUND', ({ wish }) => ({ ...wish, address: 4e9 })],
      ['a broken way to pay', 400, 'VALIDATION_FAILED', ({ wish }) => ({ ...wish, pay_method: 3 })],
      ['a missing address', 400, 'VALIDATION_FAILED', () => ({ pay_method: 2 })],
      ['goods in the body', 400, 'VALIDATION_FAILED', ({ wish }) => ({ ...wish, total: '0.01' })],
      ['other prices', 409, 'PRICE_CHANGED', ({ wish }) => ({ ...wish, expected_amount: '9.00' })],
    ];
    it.each(cases)('%s: %i %s', async (_, status, code, body) => {
      const one = await shopper();
      const before = await footprint(one.buyer);
      const answer = await client(one.buyer).post('/orders/', body(one));
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({ code, status, '0': expect.any(String) });
      expect(await footprint(one.buyer)).toEqual(before);
    });

    it('another buyer’s address and a deleted one', async () => {
      const one = await shopper();
      const [other] = (await buildBuyers(shop.db, 1)) as [Buyer];
      const before = await footprint(one.buyer);
      const foreign = { ...one.wish, address: other.addressId };
      expect((await client(one.buyer).post('/orders/', foreign)).body['code']).toBe(
        'ADDRESS_NOT_FOUND',
      );
      await shop.db.sql('UPDATE addresses SET deleted_at = NOW(3) WHERE id = ?', [
        one.buyer.addressId,
      ]);
      expect((await client(one.buyer).post('/orders/', one.wish)).body['code']).toBe(
        'ADDRESS_NOT_FOUND',
      );
      expect(await footprint(one.buyer)).toEqual(before);
    });

    it('too little stock of one of several products, naming it', async () => {
      const one = await shopper([10, 1, 10], 2);
      const before = await footprint(one.buyer);
      const answer = await client(one.buyer).post('/orders/', one.wish);
      expect(answer).toMatchObject({
        status: 409,
        body: {
          code: 'STOCK_INSUFFICIENT',
          '0': '商品库存不足',
          skus: [{ sku_id: one.skus[1], requested: 2, available: 1 }],
        },
      });
      expect(await footprint(one.buyer)).toEqual(before);
    });

    it('a product that was taken off sale, and an empty cart', async () => {
      const one = await shopper();
      await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = ?', [one.skus[0]]);
      const before = await footprint(one.buyer);
      const answer = await client(one.buyer).post('/orders/', one.wish, {
        'Accept-Language': 'en',
      });
      expect(answer.body).toMatchObject({
        code: 'SKU_UNAVAILABLE',
        detail: 'A product is no longer on sale',
      });
      expect(await footprint(one.buyer)).toEqual(before);
      await shop.db.sql('DELETE FROM cart_lines WHERE user_id = ?', [one.buyer.id]);
      expect((await client(one.buyer).post('/orders/', one.wish)).body['code']).toBe('CART_EMPTY');
    });
  });

  describe('with an Idempotency-Key', () => {
    it('50 parallel posts make one order and all answer it', async () => {
      const { buyer, wish } = await shopper();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          client(buyer).post('/orders/', wish, { 'Idempotency-Key': 'k1' }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => body['order_id'])).size).toBe(1);
      const fresh = answers.filter(({ headers }) => !headers.has('idempotent-replayed'));
      expect(fresh).toHaveLength(1);
      expect(
        await shop.db.sql('SELECT COUNT(*) AS n FROM orders WHERE user_id = ?', [buyer.id]),
      ).toEqual([{ n: 1 }]);
    });

    it('refuses the key for another body, and keeps keys of different case and users apart', async () => {
      const { buyer, skus, wish } = await shopper();
      const post = (key: string, body: unknown) =>
        client(buyer).post('/orders/', body, { 'Idempotency-Key': key });
      const first = await post('k1', wish);
      expect(await post('k1', { ...wish, pay_method: 1 })).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
      await fillCarts(shop.db, [{ userId: buyer.id, skuIds: skus }]);
      const second = await post('K1', wish);
      expect(second.status).toBe(201);
      expect(second.body['order_id']).not.toBe(first.body['order_id']);
      const other = await shopper();
      const third = await client(other.buyer).post('/orders/', other.wish, {
        'Idempotency-Key': 'k1',
      });
      expect(third.status).toBe(201);
    });

    it('refuses a key that is no key', async () => {
      const { buyer, wish } = await shopper();
      const answer = await client(buyer).post('/orders/', wish, { 'Idempotency-Key': 'a b' });
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    });

    it('does not use the key up when the order is refused', async () => {
      const { buyer, skus, wish } = await shopper([1], 2);
      const key = { 'Idempotency-Key': 'again' };
      expect((await client(buyer).post('/orders/', wish, key)).status).toBe(409);
      await shop.db.sql('UPDATE cart_lines SET count = 1 WHERE sku_id = ?', [skus[0]]);
      expect((await client(buyer).post('/orders/', wish, key)).status).toBe(201);
    });
  });

  it('orders a cart once, however many requests come without a key', async () => {
    const { buyer, wish } = await shopper();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => client(buyer).post('/orders/', wish)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body['code']))).toEqual(
      new Set([undefined, 'CART_EMPTY']),
    );
  });

  describe('cancel', () => {
    it('gives the goods back once, however often it is asked for', async () => {
      const { buyer, skus, wish } = await shopper([5], 3);
      const { body } = await client(buyer).post('/orders/', wish);
      const path = `/orders/${body['order_id'] as string}/cancel/`;
      const answers = await Promise.all(Array.from({ length: 20 }, () => client(buyer).post(path)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(answers[0]?.body).toEqual({ order_id: body['order_id'], status: 6 });
      expect(await shop.db.sql('SELECT stock, sales FROM skus WHERE id = ?', [skus[0]])).toEqual([
        { stock: 5, sales: 0 },
      ]);
    });

    it('is for the buyer’s own orders only', async () => {
      const { buyer, wish } = await shopper();
      const [other] = (await buildBuyers(shop.db, 1)) as [Buyer];
      const { body } = await client(buyer).post('/orders/', wish);
      const path = `/orders/${body['order_id'] as string}/cancel/`;
      expect((await client(other).post(path)).status).toBe(404);
      expect((await client(buyer).post('/orders/1/cancel/')).status).toBe(404);
    });
  });
});
