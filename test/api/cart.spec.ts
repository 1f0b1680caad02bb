import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Tokens } from '../../src/auth/tokens.js';
import { type Shop, startShop } from '../kit/shop.js';

/** The cart of a logged-in buyer, over HTTP. Every test begins with an empty cart. */

let shop: Shop;
let userId: number;
let token: string;

beforeAll(async () => {
  shop = await startShop();
  [userId, token] = await buyer('cart_buyer', '13700000001');
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.db.sql('DELETE FROM cart_lines');
});

async function buyer(username: string, mobile: string): Promise<[number, string]> {
  await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
    username,
    mobile,
    '-',
  ]);
  const [row] = await shop.db.sql<{ id: number }>('SELECT id FROM users WHERE username = ?', [
    username,
  ]);
  const id = row?.id ?? 0;
  const issued = shop.app.get(Tokens).issue({ id, username, role: 'buyer', version: 0 });
  return [id, issued];
}

interface Answer {
  status: number;
  body: unknown;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { Authorization: `JWT ${token}` },
): Promise<Answer> {
  const response = await fetch(`${shop.url}${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
    body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const add = (body: unknown): Promise<Answer> => call('POST', '/cart/', body);
const put = (body: unknown): Promise<Answer> => call('PUT', '/cart/', body);
const lines = (): Promise<{ sku_id: number; count: number; selected: number }[]> =>
  shop.db.sql('SELECT sku_id, count, selected FROM cart_lines WHERE user_id = ? ORDER BY sku_id', [
    userId,
  ]);

describe('adding', () => {
  it('answers 201 with the increment, while the cart holds the total', async () => {
    expect(await add({ sku_id: 3, count: 2 })).toEqual({
      status: 201,
      body: { sku_id: 3, count: 2, selected: true },
    });
    expect(await add({ sku_id: 3, count: 3 })).toMatchObject({ status: 201, body: { count: 3 } });
    expect(await lines()).toEqual([{ sku_id: 3, count: 5, selected: 1 }]);
  });

  it('takes numeric strings and answers numbers', async () => {
    expect(await add({ sku_id: '3', count: '2' })).toEqual({
      status: 201,
      body: { sku_id: 3, count: 2, selected: true },
    });
  });

  it('keeps what it is told about the tick', async () => {
    expect(await add({ sku_id: 3, count: 1, selected: false })).toMatchObject({
      body: { selected: false },
    });
    expect(await lines()).toEqual([{ sku_id: 3, count: 1, selected: 0 }]);
    await add({ sku_id: 3, count: 1 });
    expect(await lines()).toEqual([{ sku_id: 3, count: 2, selected: 1 }]);
  });

  it('checks the total against the stock and leaves the cart as it was', async () => {
    await shop.db.sql('UPDATE skus SET stock = 5, initial_stock = 5 WHERE id = 9');
    expect((await add({ sku_id: 9, count: 3 })).status).toBe(201);
    expect(await add({ sku_id: 9, count: 3 })).toMatchObject({
      status: 400,
      body: { code: 'CART_STOCK_INSUFFICIENT', non_field_errors: ['商品库存不足'] },
    });
    expect(await lines()).toEqual([{ sku_id: 9, count: 3, selected: 1 }]);
    expect((await add({ sku_id: 9, count: 2 })).status).toBe(201);
    expect((await add({ sku_id: 9, count: 999 })).body).toMatchObject({
      code: 'CART_STOCK_INSUFFICIENT',
    });
    await shop.db.sql('UPDATE skus SET stock = 1000, initial_stock = 1000 WHERE id = 9');
  });

  it('holds at most 999 of one product', async () => {
    expect((await add({ sku_id: 3, count: 999 })).status).toBe(201);
    expect(await add({ sku_id: 3, count: 1 })).toMatchObject({
      status: 400,
      body: { code: 'CART_COUNT_LIMIT', non_field_errors: ['每种商品最多购买 999 件'] },
    });
    expect(await lines()).toEqual([{ sku_id: 3, count: 999, selected: 1 }]);
  });

  it('refuses a SKU that is unknown or off sale', async () => {
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 4');
    for (const sku_id of [4, 17, 4_294_967_295]) {
      expect(await add({ sku_id, count: 1 })).toMatchObject({
        status: 400,
        body: { code: 'SKU_NOT_FOUND', non_field_errors: ['商品不存在'] },
      });
    }
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 4');
    expect(await lines()).toEqual([]);
  });

  it('speaks English when asked', async () => {
    const { body } = await call(
      'POST',
      '/cart/',
      { sku_id: 17, count: 1 },
      {
        Authorization: `Bearer ${token}`,
        'Accept-Language': 'en',
      },
    );
    expect(body).toMatchObject({ code: 'SKU_NOT_FOUND', non_field_errors: ['No such product'] });
  });
});

describe('many at once', () => {
  it('50 parallel additions of one make 50', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => add({ sku_id: 3, count: 1 })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await lines()).toEqual([{ sku_id: 3, count: 50, selected: 1 }]);
  });

  it('parallel additions never exceed the stock', async () => {
    await shop.db.sql('UPDATE skus SET stock = 7, initial_stock = 7 WHERE id = 9');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => add({ sku_id: 9, count: 1 })),
    );
    await shop.db.sql('UPDATE skus SET stock = 1000, initial_stock = 1000 WHERE id = 9');
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(13);
    expect(await lines()).toEqual([{ sku_id: 9, count: 7, selected: 1 }]);
  });

  it('parallel additions of different products all arrive', async () => {
    const ids = Array.from({ length: 16 }, (_, i) => i + 1);
    const answers = await Promise.all(ids.map((sku_id) => add({ sku_id, count: 1 })));
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 201));
    expect((await lines()).map(({ sku_id }) => sku_id)).toEqual(ids);
  });

  it('a cart never has more than 100 products', async () => {
    await moreSkus(120);
    await shop.db.sql('INSERT INTO cart_lines (user_id, sku_id, count) VALUES ?', [
      Array.from({ length: 95 }, (_, i) => [userId, 1000 + i, 1]),
    ]);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => add({ sku_id: 1095 + i, count: 1 })),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(11);
    for (const answer of refused) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'CART_LIMIT', non_field_errors: ['购物车已满'] },
      });
    }
    expect(await lines()).toHaveLength(100);
    expect((await add({ sku_id: 1000, count: 1 })).status).toBe(201);
    expect((await put({ sku_id: 3, count: 1, selected: true })).status).toBe(400);
    await shop.db.sql('DELETE FROM cart_lines');
    await shop.db.sql('DELETE FROM skus WHERE id >= 1000');
  });

  it('additions, removals and ticks of one cart do not block each other', async () => {
    const work = Array.from({ length: 40 }, (_, i) => {
      const sku_id = (i % 5) + 1;
      return [
        add({ sku_id, count: 1 }),
        call('DELETE', '/cart/', { sku_id }),
        call('PUT', '/cart/selection/', { selected: i % 2 === 0 }),
      ];
    }).flat();
    const statuses = (await Promise.all(work)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 204, 200]));
  });
});

describe('looking', () => {
  it('shows lines by id, with prices as strings and the tick as a boolean', async () => {
    await add({ sku_id: 9, count: 1, selected: false });
    await add({ sku_id: 3, count: 2 });
    expect(await call('GET', '/cart/')).toEqual({
      status: 200,
      body: [
        {
          id: 3,
          count: 2,
          name: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机',
          default_image_url: 'http://localhost:3000/pictures/3.svg',
          price: '6499.00',
          selected: true,
        },
        {
          id: 9,
          count: 1,
          name: '华为 HUAWEI P10 Plus 6GB+64GB 钻雕金 移动联通电信4G手机 双卡双待',
          default_image_url: 'http://localhost:3000/pictures/9.svg',
          price: '3388.00',
          selected: false,
        },
      ],
    });
  });

  it('is an empty array for an empty cart', async () => {
    expect(await call('GET', '/cart/')).toEqual({ status: 200, body: [] });
  });

  it('shows nobody else’s lines', async () => {
    const [, other] = await buyer('cart_other', '13700000002');
    await add({ sku_id: 3, count: 1 });
    const seen = await call('GET', '/cart/', undefined, { Authorization: `Bearer ${other}` });
    expect(seen.body).toEqual([]);
  });

  it('hides a product that went off sale, so that it cannot hold up an order', async () => {
    await add({ sku_id: 3, count: 1 });
    await add({ sku_id: 4, count: 2 });
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 4');
    const hidden = await call('GET', '/cart/');
    const ticked = await call('PUT', '/cart/selection/', { selected: true });
    const stored = await lines();
    const settlement = await call('GET', '/orders/settlement/');
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 4');
    expect(hidden.body).toMatchObject([{ id: 3 }]);
    expect(ticked.status).toBe(200);
    expect(stored).toEqual([
      { sku_id: 3, count: 1, selected: 1 },
      { sku_id: 4, count: 2, selected: 0 },
    ]);
    expect(settlement.body).toMatchObject({ skus: [{ id: 3 }] });
    expect((await call('GET', '/cart/')).body).toMatchObject([
      { id: 3, selected: true },
      { id: 4, count: 2, selected: false },
    ]);
  });
});

describe('changing', () => {
  it('is absolute and echoes the three values, in the cart already or not', async () => {
    for (const count of [5, '2', 7]) {
      expect(await put({ sku_id: 3, count, selected: false })).toEqual({
        status: 200,
        body: { sku_id: 3, count: Number(count), selected: false },
      });
    }
    expect(await lines()).toEqual([{ sku_id: 3, count: 7, selected: 0 }]);
  });

  it('is refused beyond the stock and for unknown products, and changes nothing', async () => {
    await put({ sku_id: 3, count: 5, selected: true });
    await shop.db.sql('UPDATE skus SET stock = 9, initial_stock = 9 WHERE id = 3');
    const beyond = await put({ sku_id: 3, count: 10, selected: false });
    await shop.db.sql('UPDATE skus SET stock = 1000, initial_stock = 1000 WHERE id = 3');
    expect(beyond).toMatchObject({ status: 400, body: { non_field_errors: ['商品库存不足'] } });
    expect(await put({ sku_id: 99, count: 1, selected: true })).toMatchObject({
      status: 400,
      body: { non_field_errors: ['商品不存在'] },
    });
    expect(await lines()).toEqual([{ sku_id: 3, count: 5, selected: 1 }]);
  });
});

describe('removing', () => {
  it('answers 204 without a body, also when there is nothing to remove', async () => {
    await add({ sku_id: 3, count: 1 });
    await add({ sku_id: 4, count: 1 });
    for (const sku_id of [3, '3', 99]) {
      expect(await call('DELETE', '/cart/', { sku_id })).toEqual({ status: 204, body: undefined });
    }
    expect(await lines()).toMatchObject([{ sku_id: 4 }]);
  });
});

describe('selecting', () => {
  it('ticks and unticks everything', async () => {
    await add({ sku_id: 3, count: 1 });
    await add({ sku_id: 4, count: 1, selected: false });
    for (const selected of [false, true]) {
      expect(await call('PUT', '/cart/selection/', { selected })).toEqual({
        status: 200,
        body: { message: 'OK' },
      });
      expect((await lines()).map((line) => line.selected)).toEqual([+selected, +selected]);
    }
  });

  it.each([['true'], [1], [null], [undefined], [[]], [{}]])('refuses %j', async (selected) => {
    expect(await call('PUT', '/cart/selection/', { selected })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', selected: ['勾选状态须为 true 或 false'] },
    });
  });
});

describe('bad input', () => {
  const bad = ['true', 'false', 'null', '[5]', '{}', '1.5', '1e400', '""', '" "', '"1.5"', '"1e2"'];
  const numbers = ['0', '-1', '"-1"', '"0"', '"５"', '"abc"', '99999999999', '"0x1"', '"NaN"'];

  it.each([...bad, ...numbers, '1000'])('a count of %s is a field error', async (count) => {
    for (const method of ['POST', 'PUT']) {
      const body = `{"sku_id":3,"count":${count},"selected":true}`;
      expect(await call(method, '/cart/', body)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', count: ['商品数量须为 1 到 999 的整数'] },
      });
    }
    expect(await lines()).toEqual([]);
  });

  it.each([...bad, ...numbers])('a sku_id of %s is a field error', async (skuId) => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const rest = method === 'DELETE' ? '' : ',"count":1';
      expect(await call(method, '/cart/', `{"sku_id":${skuId}${rest}}`)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', sku_id: ['商品编号有误'] },
      });
    }
  });

  it('missing fields are answered together', async () => {
    expect(await add({})).toMatchObject({
      status: 400,
      body: { sku_id: [expect.any(String)], count: [expect.any(String)] },
    });
  });

  it.each([undefined, '', '[]', '[{"sku_id":3,"count":1}]', '"3"', '3', 'null', 'true'])(
    'a body of %s is refused',
    async (body) => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        expect((await call(method, '/cart/', body)).status).toBe(400);
      }
      expect((await call('PUT', '/cart/selection/', body)).status).toBe(400);
      expect(await lines()).toEqual([]);
    },
  );

  it.each(['{"sku_id":3,"count":NaN}', '{"sku_id":3', '{"sku_id":3,"count":1,"__proto__":{}}'])(
    '%s is no JSON we take',
    async (body) => {
      expect(await add(body)).toMatchObject({ status: 400, body: { code: 'MALFORMED_JSON' } });
    },
  );

  it('members of other people’s business are refused', async () => {
    for (const member of ['user_id', 'price', 'id']) {
      expect(await add({ sku_id: 3, count: 1, [member]: 1 })).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    }
  });

  it('a tick that is no boolean is a field error', async () => {
    for (const selected of ['true', 1, 0, [], {}]) {
      expect(await add({ sku_id: 3, count: 1, selected })).toMatchObject({
        status: 400,
        body: { selected: ['勾选状态须为 true 或 false'] },
      });
    }
  });
});

/** Puts `n` more SKUs on sale, from id 1000. */
async function moreSkus(n: number): Promise<void> {
  await shop.db.sql(
    'INSERT INTO skus (id, spu_id, category_id, name, price_fen, stock, initial_stock) VALUES ?',
    [Array.from({ length: n }, (_, i) => [1000 + i, 1, 157, `more ${i}`, 100, 10, 10])],
  );
}
