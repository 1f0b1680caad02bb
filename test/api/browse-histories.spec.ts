/** What a buyer has looked at: newest first, each SKU once, five at most, nobody else's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { insist } from '../kit/insist.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('browse histories', () => {
  let shop: Shop;
  let skus: number[];
  beforeAll(async () => {
    shop = await startBareShop();
    skus = await buildSkus(shop.db, 8);
  });
  afterAll(() => shop.close());

  async function buyer() {
    const [{ id }] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const me = new Client(shop.url, tokenFor(id));
    const look = (sku_id: unknown) => me.post('/browse_histories/', { sku_id });
    const seen = async () =>
      (await me.get<{ id: number }[]>('/browse_histories/')).body.map((sku) => sku.id);
    const stored = () => shop.db.sql('SELECT sku_id FROM browse_histories WHERE user_id = ?', [id]);
    return { id, look, seen, stored };
  }

  it('begin empty, and keep the newest five, newest first', async () => {
    const { look, seen, stored } = await buyer();
    expect(await seen()).toEqual([]);
    for (const id of skus) {
      const answer = await look(String(id));
      expect([answer.status, answer.body]).toEqual([201, { sku_id: id }]);
    }
    expect(await seen()).toEqual(skus.toReversed().slice(0, 5));
    expect(await stored()).toHaveLength(5);
  });

  it('have a SKU once: looked at again it comes to the front', async () => {
    const { look, seen } = await buyer();
    const [a = 0, b = 0, c = 0] = skus;
    for (const id of [a, b, c, a, a]) {
      await look(id);
    }
    expect(await seen()).toEqual([a, c, b]);
  });

  it('are each buyer’s own', async () => {
    const one = await buyer();
    const other = await buyer();
    await one.look(skus[0]);
    expect(await other.seen()).toEqual([]);
    const anybody = new Client(shop.url);
    expect((await anybody.get('/browse_histories/')).status).toBe(401);
    expect((await anybody.post('/browse_histories/', { sku_id: '3' })).status).toBe(401);
  });

  it('leave out what is off sale, and take nothing that is off sale or was never there', async () => {
    const { look, seen } = await buyer();
    const [a = 0, b = 0] = skus;
    await look(a);
    await look(b);
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = ?', [a]);
    expect(await seen()).toEqual([b]);
    for (const id of [a, 4_000_000]) {
      expect(await look(id)).toMatchObject({
        status: 400,
        body: { code: 'SKU_NOT_FOUND', non_field_errors: ['商品不存在'] },
      });
    }
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = ?', [a]);
    expect(await seen()).toEqual([b, a]);
  });

  it.each(['', 'x', '0', -1, 1.5, null, undefined, true, [3], {}])(
    'refuse %j as a SKU, naming the field',
    async (skuId) => {
      const { look, stored } = await buyer();
      expect(await look(skuId)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', sku_id: ['商品编号有误'] },
      });
      expect(await stored()).toEqual([]);
    },
  );

  it('stay at five when forty come at once, and show what came last', async () => {
    const { look, seen, stored } = await buyer();
    await look(skus[0]);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => insist(() => look(skus[i % skus.length]))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    await look(skus[7]);
    expect(await stored()).toHaveLength(5);
    expect(await seen()).toHaveLength(5);
    expect((await seen())[0]).toBe(skus[7]);
  });
});
