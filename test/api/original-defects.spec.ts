/**
 * What was wrong in the original shop and has no test beside the feature it belongs to: order ids
 * that collide within a second, and orders that change when something else does.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OrderIds } from '../../src/orders/order-id.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('defects of the original that ours does not have', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startBareShop();
  });
  afterEach(async () => expect(await violations(shop.db)).toEqual([]));
  afterAll(() => shop.close());

  async function person() {
    const [{ id, addressId }] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const [sku = 0] = await buildSkus(shop.db, 1, { stock: 50, priceFen: 649_900 });
    const me = new Client(shop.url, tokenFor(id));
    const order = async (): Promise<string> => {
      await fillCarts(shop.db, [{ userId: id, skuIds: [sku] }]);
      const answer = await me.post('/orders/', { address: addressId, pay_method: 1 });
      expect(answer.status).toBe(201);
      return String(answer.body['order_id']);
    };
    return { sku, me, order, addressId };
  }

  it('an order id was the second and the buyer: a second order in that second failed', async () => {
    const { order, me } = await person();
    const ids: string[] = [];
    const seconds = new Set<unknown>();
    // One after the other, until two have come within one second.
    while (seconds.size === ids.length && ids.length < 50) {
      ids.push(await order());
      seconds.add((await me.get(`/orders/${String(ids.at(-1))}/`)).body['create_time']);
    }
    expect(seconds.size).toBe(ids.length - 1);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('an order id stood for a second: here 25,000 of one process in one second differ', () => {
    const stopped = new OrderIds(() => Date.UTC(2026, 10, 22, 13, 50, 36));
    const ids = Array.from({ length: 25_000 }, () => stopped.next());
    expect(new Set(ids).size).toBe(25_000);
    expect(ids.every((id) => /^2611222150\d{9}$/.test(id))).toBe(true);
  });

  it('an order named its products as they are named today: here name and price stay as placed', async () => {
    const { sku, me, order } = await person();
    const id = await order();
    const before = (await me.get('/orders/')).body;
    await shop.db.sql("UPDATE skus SET price_fen = 1, name = '改名' WHERE id = ?", [sku]);
    expect((await me.get('/orders/')).body).toEqual(before);
    const detail = await me.get(`/orders/${id}/`);
    expect(detail.body).toMatchObject({
      total_amount: '6509.00',
      skus: [{ price: '6499.00', sku: { name: `商品 ${sku}` } }],
    });
  });

  it('an order followed its address when that was edited: here it stays as placed', async () => {
    const { me, order, addressId } = await person();
    const path = `/orders/${await order()}/`;
    const before = (await me.get(path)).body['address'];
    await shop.db.sql("UPDATE addresses SET place = '别处', receiver = '别人' WHERE id = ?", [
      addressId,
    ]);
    expect((await me.get(path)).body['address']).toEqual(before);
    expect((await me.delete(`/addresses/${addressId}/`)).status).toBe(204);
    expect((await me.get(path)).body['address']).toEqual(before);
  });
});
