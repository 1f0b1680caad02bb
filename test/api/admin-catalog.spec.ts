/**
 * The administrator's catalogue: prices, sale and stock, changed while buyers order. The stock is
 * always what was there, plus what was booked, minus what live orders hold.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { insist } from '../kit/insist.js';
import { violations } from '../kit/invariants.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe.each(['pessimistic', 'optimistic'])('the administrator’s catalogue (%s)', (strategy) => {
  let shop: Shop;
  let admin: Client;
  let adminId: number;
  beforeAll(async () => {
    shop = await startBareShop({ ORDER_STRATEGY: strategy });
    const [person] = (await buildBuyers(shop.db, 1)) as [Buyer];
    adminId = person.id;
    await shop.db.sql("UPDATE users SET role = 'admin' WHERE id = ?", [adminId]);
    admin = new Client(shop.url, tokenFor(adminId, 'admin'));
  });
  afterEach(async () => {
    expect(await violations(shop.db)).toEqual([]);
    const unexplained = await shop.db.sql(
      `SELECT id FROM skus s WHERE restocked <>
         (SELECT COALESCE(SUM(delta), 0) FROM stock_adjustments a WHERE a.sku_id = s.id)`,
    );
    expect(unexplained).toEqual([]);
  });
  afterAll(() => shop.close());

  async function product(stock = 10) {
    const [id = 0] = await buildSkus(shop.db, 1, { stock });
    const path = `/admin/skus/${id}/`;
    const row = async () =>
      (
        await shop.db.sql<{ stock: number; restocked: number; version: number }>(
          'SELECT stock, restocked, version FROM skus WHERE id = ?',
          [id],
        )
      )[0];
    const restock = (delta: unknown, key?: string, reason: unknown = '入库') =>
      admin.post(`${path}restock/`, { delta, reason }, key ? { 'Idempotency-Key': key } : {});
    return { id, path, row, restock };
  }
  async function buyersOf(sku: number, count: number) {
    const buyers = await buildBuyers(shop.db, count);
    await fillCarts(
      shop.db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    return buyers.map(({ id, addressId }) => (more: Record<string, unknown> = {}) => {
      const client = new Client(shop.url, tokenFor(id));
      return client.post('/orders/', { address: addressId, pay_method: 1, ...more });
    });
  }

  it('is closed to buyers', async () => {
    const { path } = await product();
    const buyer = new Client(shop.url, tokenFor(adminId));
    for (const answer of [
      await buyer.get(path),
      await buyer.put(path, { price: '0.01' }),
      await buyer.post(`${path}restock/`, { delta: 1, reason: 'x' }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
  });

  it('shows and changes price and sale; the shop window follows', async () => {
    const { id, path, row } = await product();
    const before = {
      id,
      name: `商品 ${id}`,
      price: '10.00',
      is_launched: true,
      stock: 10,
      sales: 0,
      restocked: 0,
      comments: 0,
    };
    expect((await admin.get(path)).body).toEqual(before);
    const changed = await admin.put(path, { price: '12.5' });
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body).toEqual({ ...before, price: '12.50' });
    expect((await new Client(shop.url).get(`/skus/${id}/`)).body['price']).toBe('12.50');
    await admin.put(path, { is_launched: false });
    expect((await new Client(shop.url).get(`/skus/${id}/`)).status).toBe(404);
    expect((await admin.get(path)).body).toEqual({ ...before, price: '12.50', is_launched: false });
    expect((await row())?.version).toBe(2);
  });

  it.each([
    [{}, 'price'],
    [{ price: '0' }, 'price'],
    [{ price: '0.00' }, 'price'],
    [{ price: '-1' }, 'price'],
    [{ price: '1.005' }, 'price'],
    [{ price: '999999999' }, 'price'],
    [{ price: 10 }, 'price'],
    [{ price: null }, 'price'],
    [{ is_launched: 'false' }, 'is_launched'],
    [{ is_launched: null }, 'is_launched'],
    [{ price: '1.00', stock: 5 }, 'stock'],
  ])('refuses the change %j, naming the field', async (wish, field) => {
    const { path, row } = await product();
    expect(await admin.put(path, wish)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
    expect((await row())?.version).toBe(0);
  });

  it('is 404 for a SKU that is not there', async () => {
    for (const answer of [
      await admin.get('/admin/skus/4000000/'),
      await admin.put('/admin/skus/4000000/', { price: '1.00' }),
      await admin.post('/admin/skus/4000000/restock/', { delta: 1, reason: 'x' }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });

  it('an order pays the new price, or is refused when it expected the old one', async () => {
    const { id, path } = await product();
    const [first, second] = await buyersOf(id, 2);
    await admin.put(path, { price: '20.00' });
    expect(await first?.({ expected_amount: '20.00' })).toMatchObject({
      status: 409,
      body: { code: 'PRICE_CHANGED', actual_amount: '30.00' },
    });
    expect((await second?.({ expected_amount: '30.00' }))?.status).toBe(201);
  });

  it('every order has one of the prices there were, however often it changes meanwhile', async () => {
    const { id, path } = await product(100);
    const orders = await buyersOf(id, 20);
    const [answers] = await Promise.all([
      Promise.all(orders.map((order) => insist(() => order()))),
      (async () => {
        for (const price of ['20.00', '30.00', '40.00']) {
          expect((await insist(() => admin.put(path, { price }))).status).toBe(200);
        }
      })(),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const prices = await shop.db.sql<{ p: number }>(
      'SELECT DISTINCT price_fen AS p FROM order_lines WHERE sku_id = ?',
      [id],
    );
    expect(prices.filter(({ p }) => ![1000, 2000, 3000, 4000].includes(p))).toEqual([]);
  });

  describe('restock', () => {
    it('books units in and out, down to the stock there is', async () => {
      const { id, row, restock } = await product(10);
      expect(await restock(5)).toMatchObject({
        status: 201,
        body: { id: expect.any(Number), sku_id: id, delta: 5, reason: '入库', stock: 15 },
      });
      expect((await restock(-15)).body).toMatchObject({ delta: -15, stock: 0 });
      expect(await restock(-1)).toMatchObject({
        status: 409,
        body: { code: 'STOCK_INSUFFICIENT', available: 0 },
      });
      expect(await row()).toEqual({ stock: 0, restocked: -10, version: 2 });
      expect(
        await shop.db.sql(
          'SELECT user_id AS userId, delta, reason FROM stock_adjustments WHERE sku_id = ?',
          [id],
        ),
      ).toEqual([
        { userId: adminId, delta: 5, reason: '入库' },
        { userId: adminId, delta: -15, reason: '入库' },
      ]);
    });

    it('asked for 30 times at once with one key books once, and answers the same', async () => {
      const { row, restock } = await product(10);
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => insist(() => restock(7, `once-${strategy}`))),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      const fresh = answers.filter(({ headers }) => !headers.has('idempotent-replayed'));
      expect(fresh).toHaveLength(1);
      expect((await row())?.stock).toBe(17);
      await restock(1);
      expect((await restock(7, `once-${strategy}`)).body['stock']).toBe(17);
    });

    it('refuses the key for another body or SKU, also when both come at once', async () => {
      const [one, other] = [await product(), await product()];
      await one.restock(1, 'k');
      const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
      expect(await one.restock(2, 'k')).toMatchObject(reused);
      expect(await other.restock(1, 'k')).toMatchObject(reused);
      expect((await one.restock(1, 'K')).headers.get('idempotent-replayed')).toBeNull();
      const answers = await Promise.all([one, other].map(({ restock }) => restock(3, 'both')));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422]);
      expect((await one.restock(1, 'a b')).status).toBe(400);
    });

    it('while buyers order loses no unit: what is sold is what was there', async () => {
      const { id, row, restock } = await product(5);
      const orders = await buyersOf(id, 25);
      const [answers] = await Promise.all([
        Promise.all(orders.map((order) => insist(() => order()))),
        ...Array.from({ length: 10 }, () =>
          insist(() => restock(1)).then(({ status }) => expect(status).toBe(201)),
        ),
      ]);
      const sold = answers.filter(({ status }) => status === 201).length;
      expect(await row()).toMatchObject({ stock: 15 - sold, restocked: 10 });
    });

    it.each([
      [0, '入库', 'delta', '须为不等于 0 的整数'],
      [1.5, '入库', 'delta', '须为不等于 0 的整数'],
      ['5', '入库', 'delta', '须为不等于 0 的整数'],
      [null, '入库', 'delta', '须为不等于 0 的整数'],
      [1_000_001, '入库', 'delta', '超出允许范围'],
      [-1_000_001, '入库', 'delta', '超出允许范围'],
      [1, '', 'reason', '原因须为 1 至 200 个字符'],
      [1, ' ', 'reason', '原因须为 1 至 200 个字符'],
      [1, 'x'.repeat(201), 'reason', '原因须为 1 至 200 个字符'],
      [1, 'a\0', 'reason', '含有无效字符'],
    ])('by %j for %j is refused, naming the field', async (delta, reason, field, message) => {
      const { row, restock } = await product();
      expect(await restock(delta, undefined, reason)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field, message }] },
      });
      expect(await row()).toEqual({ stock: 10, restocked: 0, version: 0 });
    });

    it('beyond what the shop can count is refused', async () => {
      const { id, restock } = await product();
      await shop.db.sql('UPDATE skus SET stock = 1e9, initial_stock = 1e9 WHERE id = ?', [id]);
      expect(await restock(1)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'delta' }] },
      });
    });
  });
});
