/** The cart of a visitor without a token: a signed cookie, with the shapes and checks of an account's. */
import fc from '../kit/fast-check.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Line } from '../../src/cart/cart.js';
import { cartKey, sealCart } from '../../src/cart/cart-seal.js';
import { Browser } from '../kit/browser.js';
import { buildBuyers, buildSkus } from '../kit/build.js';
import { tokenFor } from '../kit/client.js';
import { TEST_JWT_SECRET } from '../kit/settings.js';
import { type Shop, startShop } from '../kit/shop.js';

let shop: Shop;
let browser: Browser;
let userId: number;

beforeAll(async () => {
  shop = await startShop();
  userId = (await buildBuyers(shop.db, 1))[0]?.id ?? 0;
});
afterAll(() => shop.close());
beforeEach(async () => {
  browser = new Browser(shop.url);
  await shop.db.sql('DELETE FROM cart_lines');
});

const add = (body: unknown) => browser.send('POST', '/cart/', body);
const put = (body: unknown) => browser.send('PUT', '/cart/', body);
const seen = async () => (await browser.send<unknown[]>('GET', '/cart/')).body;
const rows = async (): Promise<number> =>
  Number((await shop.db.sql<{ n: number }>('SELECT COUNT(*) AS n FROM cart_lines'))[0]?.n);

async function withStock<T>(skuId: number, stock: number, work: () => Promise<T>): Promise<T> {
  const set = 'UPDATE skus SET stock = ?, initial_stock = ? WHERE id = ?';
  await shop.db.sql(set, [stock, stock, skuId]);
  try {
    return await work();
  } finally {
    await shop.db.sql(set, [1000, 1000, skuId]);
  }
}

describe('the five calls', () => {
  it('add echoes 201 with the increment, while the cart holds the total', async () => {
    const first = await add({ sku_id: 3, count: 2 });
    expect([first.status, first.body]).toEqual([201, { sku_id: 3, count: 2, selected: true }]);
    const second = await add({ sku_id: '3', count: '3', selected: false });
    expect([second.status, second.body]).toEqual([201, { sku_id: 3, count: 3, selected: false }]);
    expect(await seen()).toEqual([
      {
        id: 3,
        count: 5,
        name: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机',
        default_image_url: 'http://localhost:3000/pictures/3.svg',
        price: '6499.00',
        selected: false,
      },
    ]);
    expect(await rows()).toBe(0);
  });

  it('PUT is absolute, DELETE takes a JSON body, the list is by id, select ticks everything', async () => {
    await add({ sku_id: 9, count: 4 });
    await add({ sku_id: 3, count: 1 });
    const made = await put({ sku_id: 9, count: 2, selected: false });
    expect([made.status, made.body]).toEqual([200, { sku_id: 9, count: 2, selected: false }]);
    expect(await seen()).toMatchObject([
      { id: 3, count: 1, selected: true },
      { id: 9, count: 2, selected: false },
    ]);
    for (const selected of [false, true]) {
      const ticked = await browser.send('PUT', '/cart/selection/', { selected });
      expect([ticked.status, ticked.body]).toEqual([200, { message: 'OK' }]);
      expect(await seen()).toMatchObject([{ selected }, { selected }]);
    }
    for (const sku_id of [3, 3, 77]) {
      expect((await browser.send('DELETE', '/cart/', { sku_id })).status).toBe(204);
      expect(await seen()).toMatchObject([{ id: 9 }]);
    }
    await browser.send('DELETE', '/cart/', { sku_id: 9 });
    expect(await seen()).toEqual([]);
    expect(browser.cookies.size).toBe(0);
  });

  it('the total is checked against the stock, and a refusal leaves the cookie as it was', async () => {
    await withStock(9, 5, async () => {
      await add({ sku_id: 9, count: 3 });
      const before = browser.cookies.get('carts');
      for (const answer of [
        await add({ sku_id: 9, count: 3 }),
        await put({ sku_id: 9, count: 6, selected: true }),
      ]) {
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({
          code: 'CART_STOCK_INSUFFICIENT',
          non_field_errors: ['商品库存不足'],
        });
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
      const unknown = await add({ sku_id: 77, count: 1 });
      expect(unknown.body).toMatchObject({
        code: 'SKU_NOT_FOUND',
        non_field_errors: ['商品不存在'],
      });
      expect(browser.cookies.get('carts')).toBe(before);
      expect((await add({ sku_id: 9, count: 2 })).status).toBe(201);
      expect(await seen()).toMatchObject([{ id: 9, count: 5 }]);
    });
  });

  it('any sequence of calls is answered the same with a token and without one', async () => {
    const skuIds = await buildSkus(shop.db, 3, { stock: 1200 });
    const [low = 0] = await buildSkus(shop.db, 1, { stock: 4 });
    const sku_id = fc.constantFrom(...skuIds, low, low + 1);
    const count = fc.constantFrom<number | string>(1, 2, '3', 5, 600, 999, 1000, 0);
    const selected = fc.boolean();
    const call = fc.oneof(
      fc.tuple(fc.constant('POST'), fc.constant('/cart/'), fc.record({ sku_id, count, selected })),
      fc.tuple(fc.constant('POST'), fc.constant('/cart/'), fc.record({ sku_id, count })),
      fc.tuple(fc.constant('PUT'), fc.constant('/cart/'), fc.record({ sku_id, count, selected })),
      fc.tuple(fc.constant('DELETE'), fc.constant('/cart/'), fc.record({ sku_id })),
      fc.tuple(fc.constant('PUT'), fc.constant('/cart/selection/'), fc.record({ selected })),
    );
    const token = tokenFor(userId);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 10 }), async (calls) => {
        await shop.db.sql('DELETE FROM cart_lines');
        const [anonymous, buyer] = [new Browser(shop.url), new Browser(shop.url)];
        for (const [method, path, body] of calls) {
          for (const [how, what] of [
            [method, body],
            ['GET', undefined],
          ] as const) {
            const there = how === 'GET' ? '/cart/' : path;
            const one = await anonymous.send(how, there, what);
            const other = await buyer.send(how, there, what, token);
            expect([one.status, withoutId(one.body)]).toEqual([
              other.status,
              withoutId(other.body),
            ]);
          }
        }
        expect(buyer.cookies.size).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('hides a product while it is off sale and shows it again', async () => {
    await add({ sku_id: 3, count: 1 });
    await add({ sku_id: 4, count: 2 });
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 4');
    const hidden = await seen();
    const refused = await put({ sku_id: 4, count: 1, selected: true });
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 4');
    expect(hidden).toMatchObject([{ id: 3 }]);
    expect(refused.body).toMatchObject({ code: 'SKU_NOT_FOUND' });
    expect(await seen()).toMatchObject([{ id: 3 }, { id: 4, count: 2 }]);
  });

  it('bad bodies are the same field errors, and no cookie is set', async () => {
    for (const answer of [
      await add({ sku_id: 3, count: 0 }),
      await add({ sku_id: 'x', count: 1 }),
      await put({ sku_id: 3, count: 1, selected: 'true' }),
      await put({ sku_id: 3, count: 1, user_id: 1 }),
      await browser.send('DELETE', '/cart/', {}),
      await browser.send('PUT', '/cart/selection/', {}),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('holds 100 products and no more, and losing none over the refused one', async () => {
    const skuIds = await buildSkus(shop.db, 102);
    for (const sku_id of skuIds.slice(0, 100)) {
      expect((await add({ sku_id, count: 99 })).status).toBe(201);
    }
    for (const answer of [
      await add({ sku_id: skuIds[100], count: 1 }),
      await put({ sku_id: skuIds[101], count: 1, selected: true }),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([400, 'CART_LIMIT']);
      expect(answer.body['non_field_errors']).toEqual(['购物车已满']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect((await add({ sku_id: skuIds[0], count: 1 })).status).toBe(201);
    expect(await seen()).toHaveLength(100);
  });
});

describe('the cookie', () => {
  it('is HttpOnly, Lax, for the whole host and a month, and Secure only where the shop is https', async () => {
    const { headers } = await add({ sku_id: 3, count: 1 });
    const [pair, ...attributes] = headers.getSetCookie()[0]?.split('; ') ?? [];
    expect(pair).toMatch(/^carts=[\w-]+\.[\w-]{43}$/);
    expect(attributes.toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=2592000',
      'Path=/',
      'SameSite=Lax',
    ]);

    const secure = await startShop({ PUBLIC_URL: 'https://shop.example' });
    try {
      const visitor = new Browser(secure.url);
      const answer = await visitor.send('POST', '/cart/', { sku_id: 3, count: 1 });
      expect(answer.headers.getSetCookie()[0]?.split('; ')).toContain('Secure');
    } finally {
      await secure.close();
    }
  });

  const line: [number, Line] = [3, { count: 1, selected: true }];
  const ours = sealCart(new Map([line]), cartKey(TEST_JWT_SECRET));
  const payload = ours.split('.')[0] ?? '';

  it('of ours is read, which is what the refusals below are compared with', async () => {
    browser.cookies.set('carts', ours);
    expect(await seen()).toMatchObject([{ id: 3, count: 1 }]);
  });

  it.each([
    [
      'changed in its goods',
      `${payload.slice(0, -1)}${payload.endsWith('A') ? 'B' : 'A'}.${ours.split('.')[1]}`,
    ],
    ['changed in its seal', `${ours.slice(0, -2)}${ours.at(-2) === 'A' ? 'B' : 'A'}${ours.at(-1)}`],
    ['cut short', ours.slice(0, -1)],
    ['without a seal', payload],
    ['with an empty seal', `${payload}.`],
    ['of another secret', sealCart(new Map([line]), cartKey(`${TEST_JWT_SECRET}x`))],
    ['sealed with the secret itself', sealCart(new Map([line]), Buffer.from(TEST_JWT_SECRET))],
    ['too large', `${'A'.repeat(5000)}.${ours.split('.')[1]}`],
    [
      'of a pickle, as the original shop had them',
      'gAN9cQBLA31xAShYBQAAAGNvdW50cQJLAVgIAAAAc2VsZWN0ZWRxA4h1cy4=',
    ],
    ['of plain JSON', '[[3,1,1]]'],
    ['of a token', tokenFor(1)],
    ['of broken escapes', '%E0%A4%A'],
    ['of nothing', ''],
  ])('%s is an empty cart and no error, and the next change replaces it', async (_, text) => {
    browser.cookies.set('carts', text);
    expect(await seen()).toEqual([]);
    for (const [method, path, body] of [
      ['DELETE', '/cart/', { sku_id: 3 }],
      ['PUT', '/cart/selection/', { selected: true }],
    ] as const) {
      const visitor = browser.copy(shop.url);
      expect((await visitor.send(method, path, body)).status).toBeLessThan(300);
    }
    expect((await add({ sku_id: 4, count: 2 })).status).toBe(201);
    expect(await seen()).toMatchObject([{ id: 4, count: 2 }]);
  });

  it('opens no order: settlement and placing are for those with a token', async () => {
    await add({ sku_id: 3, count: 1 });
    const before = browser.cookies.get('carts');
    const order = { address: 1, pay_method: 1 };
    for (const answer of [
      await browser.send('GET', '/orders/settlement/'),
      await browser.send('POST', '/orders/', order),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([401, 'NOT_AUTHENTICATED']);
    }
    expect(browser.cookies.get('carts')).toBe(before);
    expect(await shop.db.sql('SELECT id FROM orders')).toEqual([]);
  });
});

/** Of a problem, everything but the id of its request. */
function withoutId(body: Record<string, unknown>): unknown {
  return Array.isArray(body) || typeof body !== 'object' ? body : { ...body, request_id: '' };
}
