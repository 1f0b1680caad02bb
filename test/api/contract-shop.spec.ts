/**
 * The contract with the original shop's pages, row by row: catalogue, the cart of a buyer with a
 * token, orders and payment. Exact members, JSON types, status codes, and texts in both languages.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedDemo } from '../../src/database/seed/demo.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { type Refusal, type Row, SKU, walk, walkRefusals } from '../kit/contract.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import * as is from '../kit/shape.js';

type Headers = Record<string, string>;

const LINE = { sku_id: 3, count: 1 };
const ORDERED_SKU = {
  id: is.id,
  sku: { id: is.id, name: is.text, default_image_url: is.url },
  count: is.count,
  price: is.money,
};
const ORDER = {
  order_id: is.orderId,
  create_time: is.time,
  total_amount: is.money,
  freight: '10.00',
  status: is.count,
  pay_method: is.count,
  skus: [ORDERED_SKU],
};

/** A buyer with a client of their own. */
interface Person {
  readonly id: number;
  readonly me: Client;
  readonly address: number;
}

/** An order and the person who placed it. */
interface Placed extends Person {
  readonly order: string;
}

/** The demo shop beside the sandbox, and ways to get to every state of an order. */
class Ground {
  readonly anybody: Client;

  constructor(readonly shop: ShopWithSandbox) {
    this.anybody = new Client(shop.url);
  }

  async buyer(): Promise<Person> {
    const [{ id, addressId }] = (await buildBuyers(this.shop.db, 1)) as [Buyer];
    return { id, me: new Client(this.shop.url, tokenFor(id)), address: addressId };
  }

  /** A buyer with these SKUs in the cart, one of each, selected. */
  async shopper(...skuIds: number[]): Promise<Person> {
    const person = await this.buyer();
    await fillCarts(this.shop.db, [{ userId: person.id, skuIds }]);
    return person;
  }

  /** An order of SKU 3 unless said otherwise. */
  async placed(payMethod: unknown = '2', ...skuIds: number[]): Promise<Placed> {
    const person = await this.shopper(...(skuIds.length > 0 ? skuIds : [3]));
    const wish = { address: person.address, pay_method: payMethod };
    const { body } = await person.me.post<{ order_id: string }>('/orders/', wish);
    return { ...person, order: body.order_id };
  }

  /** An order that the buyer has received: it can be commented on. */
  async received(...skuIds: number[]): Promise<Placed> {
    const placed = await this.placed(1, ...skuIds);
    const [admin] = await this.shop.db.sql<{ id: number }>(
      "SELECT id FROM users WHERE username = 'demo_admin'",
    );
    await new Client(this.shop.url, tokenFor(admin?.id ?? 0, 'admin')).post(
      `/admin/orders/${placed.order}/shipment/`,
      { carrier: '顺丰速运', tracking_number: 'SF1234567890' },
    );
    await placed.me.post(`/orders/${placed.order}/receipt/`);
    return placed;
  }

  comment({ me, order }: Placed, changes: object = {}, headers?: Headers): Promise<Answer> {
    const said = { order, sku: 3, comment: '很好', score: 5, is_anonymous: false, ...changes };
    return me.post(`/orders/${order}/comments/`, said, headers);
  }

  async payUrl({ me, order }: Placed): Promise<string> {
    const { body } = await me.get<{ alipay_url: string }>(`/orders/${order}/payment/`);
    return body.alipay_url;
  }

  /** What Alipay appended to the return URL of an order that was paid just now. */
  async paidQuery(): Promise<string> {
    const { return_url } = await this.shop.pay(await this.payUrl(await this.placed()));
    return new URL(return_url).search;
  }

  confirm(query: string, headers?: Headers): Promise<Answer> {
    return this.anybody.put(`/payment/status/${query}`, {}, headers);
  }

  /** A SKU with this stock. */
  async sku(stock: number): Promise<number> {
    const [id = 0] = await buildSkus(this.shop.db, 1, { stock });
    return id;
  }
}

let ground: Ground;
beforeAll(async () => {
  const shop = await startShopWithSandbox();
  await seedDemo(shop.db.dataSource);
  ground = new Ground(shop);
});
afterAll(() => ground.shop.close());

describe('catalogue', () => {
  const category = { id: is.id, name: is.text };
  const rows: readonly Row<Ground>[] = [
    {
      row: 'GET /categories/{id}/ of the third level',
      asks: ({ anybody }) => anybody.get('/categories/115/'),
      status: 200,
      answers: { cat1: { category, url: is.text }, cat2: category, cat3: category },
    },
    {
      row: 'GET /categories/{id}/skus/?page&page_size&ordering',
      asks: ({ anybody }) =>
        anybody.get('/categories/115/skus/?page=2&page_size=5&ordering=-create_time'),
      status: 200,
      answers: is.page([SKU]),
    },
    ...['-create_time', 'price', '-price', '-sales'].map((ordering) => ({
      row: `GET /categories/{id}/skus/?ordering=${ordering}`,
      asks: ({ anybody }: Ground) => anybody.get(`/categories/157/skus/?ordering=${ordering}`),
      status: 200,
      answers: is.page([SKU]),
    })),
    {
      row: 'GET /categories/{id}/hotskus/ is a bare array',
      asks: ({ anybody }) => anybody.get('/categories/115/hotskus/'),
      status: 200,
      answers: [SKU],
    },
    {
      row: 'GET /skus/{id}/comments/ is a bare array',
      asks: async (g) => {
        await g.comment(await g.received());
        return g.anybody.get('/skus/3/comments/');
      },
      status: 200,
      answers: [{ score: is.count, comment: is.text, username: is.text }],
    },
    {
      row: 'GET /skus/{id}/comments/ of a SKU without any',
      asks: ({ anybody }) => anybody.get('/skus/2/comments/'),
      status: 200,
      answers: [],
    },
    {
      row: 'GET /skus/search/?text&page&page_size',
      asks: ({ anybody }) => anybody.get('/skus/search/?text=iPhone&page=2&page_size=4'),
      status: 200,
      answers: is.page([{ text: is.text, object: SKU }]),
    },
  ];
  walk(() => ground, rows);

  it('GET /categories/{id}/hotskus/: the top 2 by sales, a few seconds after an order', async () => {
    const hotAre = (ids: readonly number[]) =>
      vi.waitFor(async () => {
        const { body } = await ground.anybody.get<{ id: number }[]>('/categories/157/hotskus/');
        expect(body.map(({ id }) => id)).toEqual(ids);
      }, 10_000);
    const buy = async (skuId: number, count: number) => {
      const { id, me, address } = await ground.buyer();
      await fillCarts(ground.shop.db, [{ userId: id, skuIds: [skuId] }], count);
      expect((await me.post('/orders/', { address, pay_method: 1 })).status).toBe(201);
    };
    await buy(2, 100);
    await hotAre([2, 1]);
    await buy(1, 200);
    await hotAre([1, 2]);
  });

  it('GET /skus/{id}/comments/: fresh after a comment, counted, the name masked', async () => {
    const read = async () =>
      (await ground.anybody.get<Record<string, unknown>[]>('/skus/4/comments/')).body;
    const counted = async () => (await ground.anybody.get('/skus/4/')).body['comments'];
    expect([await read(), await counted()]).toEqual([[], 0]);
    const placed = await ground.received(4);
    await ground.shop.db.sql("UPDATE users SET username = 'python' WHERE id = ?", [placed.id]);
    expect((await ground.comment(placed, { sku: 4, comment: '好用' })).status).toBe(201);
    expect(await read()).toEqual([{ score: 5, comment: '好用', username: 'p***n' }]);
    expect(await counted()).toBe(1);
  });

  it('GET /categories/{id}/skus/: launched ones only', async () => {
    await ground.shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 1');
    const { body } = await ground.anybody.get('/categories/157/skus/');
    await ground.shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 1');
    expect(body).toMatchObject({ count: 1, results: [{ id: 2 }] });
  });
});

describe('cart with a token', () => {
  const saved = (changes: object = {}) => ({ sku_id: 3, count: 1, selected: true, ...changes });
  const rows: readonly Row<Ground>[] = [
    {
      row: 'POST /cart/',
      asks: async (g) => (await g.buyer()).me.post('/cart/', LINE),
      status: 201,
      answers: saved(),
    },
    {
      row: 'POST /cart/ with the count as a string',
      asks: async (g) => (await g.buyer()).me.post('/cart/', { ...LINE, count: '2' }),
      status: 201,
      answers: saved({ count: 2 }),
    },
    {
      row: 'POST /cart/ unselected',
      asks: async (g) => (await g.buyer()).me.post('/cart/', { ...LINE, selected: false }),
      status: 201,
      answers: saved({ selected: false }),
    },
    {
      row: 'POST /cart/ again echoes the increment',
      asks: async (g) => {
        const { me } = await g.buyer();
        await me.post('/cart/', { ...LINE, count: 5 });
        return me.post('/cart/', { ...LINE, count: 2 });
      },
      status: 201,
      answers: saved({ count: 2 }),
    },
    {
      row: 'GET /cart/ is a bare array',
      asks: async (g) => (await g.shopper(3, 1)).me.get('/cart/'),
      status: 200,
      answers: [
        {
          id: is.id,
          count: is.count,
          name: is.text,
          default_image_url: is.url,
          price: is.money,
          selected: is.bool,
        },
      ],
    },
    {
      row: 'GET /cart/ of an empty cart',
      asks: async (g) => (await g.buyer()).me.get('/cart/'),
      status: 200,
      answers: [],
    },
    {
      row: 'PUT /cart/ is absolute',
      asks: async (g) =>
        (await g.shopper(3)).me.put('/cart/', { sku_id: 3, count: 7, selected: false }),
      status: 200,
      answers: saved({ count: 7, selected: false }),
    },
    {
      row: 'DELETE /cart/ with a body',
      asks: async (g) => (await g.shopper(9)).me.delete('/cart/', { sku_id: 9 }),
      status: 204,
      answers: null,
    },
    {
      row: 'DELETE /cart/ of what is not in it',
      asks: async (g) => (await g.buyer()).me.delete('/cart/', { sku_id: 9 }),
      status: 204,
      answers: null,
    },
    {
      row: 'PUT /cart/selection/',
      asks: async (g) => (await g.shopper(3)).me.put('/cart/selection/', { selected: true }),
      status: 200,
      answers: { message: 'OK' },
    },
  ];
  walk(() => ground, rows);

  it('GET /cart/: by id, with the total of what was added', async () => {
    const { me } = await ground.shopper(9, 3);
    await me.post('/cart/', { ...LINE, count: 4 });
    const { body } = await me.get<unknown>('/cart/');
    expect(body).toMatchObject([
      { id: 3, count: 5 },
      { id: 9, count: 1 },
    ]);
  });

  const refusals: readonly Refusal<Ground>[] = [
    {
      row: 'POST /cart/ of no product',
      asks: async (g, headers) =>
        (await g.buyer()).me.post('/cart/', { ...LINE, sku_id: 99_999 }, headers),
      status: 400,
      code: 'SKU_NOT_FOUND',
      member: 'non_field_errors',
      zh: '商品不存在',
      en: 'No such product',
    },
    {
      row: 'POST /cart/ where the total exceeds the stock and the increment does not',
      asks: async (g, headers) => {
        const { me } = await g.buyer();
        const sku_id = await g.sku(5);
        await me.post('/cart/', { sku_id, count: 3 });
        return me.post('/cart/', { sku_id, count: 3 }, headers);
      },
      status: 400,
      code: 'CART_STOCK_INSUFFICIENT',
      member: 'non_field_errors',
      zh: '商品库存不足',
      en: 'Not enough in stock',
    },
    {
      row: 'PUT /cart/ beyond the stock',
      asks: async (g, headers) => {
        const line = { sku_id: await g.sku(5), count: 6, selected: true };
        return (await g.buyer()).me.put('/cart/', line, headers);
      },
      status: 400,
      code: 'CART_STOCK_INSUFFICIENT',
      member: 'non_field_errors',
      zh: '商品库存不足',
      en: 'Not enough in stock',
    },
  ];
  walkRefusals(() => ground, refusals);
});

describe('orders', () => {
  const rows: readonly Row<Ground>[] = [
    {
      row: 'GET /orders/settlement/',
      asks: async (g) => (await g.shopper(3, 1)).me.get('/orders/settlement/'),
      status: 200,
      answers: {
        freight: '10.00',
        skus: [
          {
            id: is.id,
            name: is.text,
            default_image_url: is.url,
            price: is.money,
            count: is.count,
          },
        ],
      },
    },
    {
      row: 'GET /orders/settlement/ of nothing selected',
      asks: async (g) => {
        const { me } = await g.shopper(3);
        await me.put('/cart/selection/', { selected: false });
        return me.get('/orders/settlement/');
      },
      status: 200,
      answers: [],
    },
    ...[1, '1', 2, '2'].map((payMethod) => ({
      row: `POST /orders/ with the pay_method ${JSON.stringify(payMethod)}`,
      asks: async (g: Ground) => {
        const { me, address } = await g.shopper(3);
        return me.post('/orders/', { address, pay_method: payMethod });
      },
      status: 201,
      answers: { order_id: is.orderId },
    })),
    {
      row: 'GET /orders/?page&page_size of an order for Alipay',
      asks: async (g) => (await g.placed('2')).me.get('/orders/?page=1&page_size=5'),
      status: 200,
      answers: is.page([{ ...ORDER, total_amount: '6509.00', status: 1, pay_method: 2 }]),
    },
    {
      row: 'GET /orders/?page&page_size of an order for cash',
      asks: async (g) => (await g.placed('1')).me.get('/orders/?page=1&page_size=5'),
      status: 200,
      answers: is.page([{ ...ORDER, total_amount: '6509.00', status: 2, pay_method: 1 }]),
    },
    {
      row: 'GET /orders/?page&page_size of nothing yet',
      asks: async (g) => (await g.buyer()).me.get('/orders/'),
      status: 200,
      answers: { count: 0, next: null, previous: null, results: [] },
    },
    {
      row: 'GET /orders/{id}/uncommentgoods/ is a bare array',
      asks: async (g) => {
        const { me, order } = await g.received();
        return me.get(`/orders/${order}/uncommentgoods/`);
      },
      status: 200,
      answers: [ORDERED_SKU],
    },
    {
      row: 'POST /orders/{id}/comments/',
      asks: async (g) => g.comment(await g.received()),
      status: 201,
      answers: { sku: 3, comment: '很好', score: 5, is_anonymous: false },
    },
  ];
  walk(() => ground, rows);

  it('GET /orders/: newest first', async () => {
    const { id, me, order, address } = await ground.placed();
    await fillCarts(ground.shop.db, [{ userId: id, skuIds: [3] }]);
    const second = await me.post('/orders/', { address, pay_method: 2 });
    const { body } = await me.get<{ results: { order_id: string }[] }>('/orders/');
    expect(body.results.map(({ order_id }) => order_id)).toEqual([second.body['order_id'], order]);
  });

  it('GET /orders/: create_time is the time in Shanghai', async () => {
    const { me } = await ground.placed();
    const [now] = await ground.shop.db.sql<{ s: number }>('SELECT UNIX_TIMESTAMP() AS s');
    const { body } = await me.get<{ results: { create_time: string }[] }>('/orders/');
    const created = Date.parse(`${body.results[0]?.create_time.replace(' ', 'T')}+08:00`) / 1000;
    expect(Math.abs((now?.s ?? 0) - created)).toBeLessThan(3600);
  });

  it('POST /orders/{id}/comments/: each line once, and after the last one the order is 5', async () => {
    const placed = await ground.received(3, 1);
    const status = async () => (await placed.me.get(`/orders/${placed.order}/`)).body['status'];
    const open = async () =>
      (await placed.me.get<unknown[]>(`/orders/${placed.order}/uncommentgoods/`)).body.length;
    expect([await status(), await open()]).toEqual([4, 2]);
    await ground.comment(placed, { sku: 3 });
    expect([await status(), await open()]).toEqual([4, 1]);
    await ground.comment(placed, { sku: 1, score: 0, is_anonymous: true });
    expect([await status(), await open()]).toEqual([5, 0]);
  });

  const order = (
    row: string,
    refused: Pick<Refusal<Ground>, 'status' | 'code' | 'zh' | 'en'>,
    person: (g: Ground) => Promise<Person>,
    changes: object = {},
  ): Refusal<Ground> => ({
    row: `POST /orders/ ${row}, in data[0]`,
    asks: async (g, headers) => {
      const { me, address } = await person(g);
      return me.post('/orders/', { address, pay_method: '2', ...changes }, headers);
    },
    member: '0',
    ...refused,
  });
  const refusals: readonly Refusal<Ground>[] = [
    order(
      'of an empty cart',
      {
        status: 400,
        code: 'CART_EMPTY',
        zh: '购物车中没有勾选的商品',
        en: 'Nothing is selected in the cart',
      },
      (g) => g.buyer(),
    ),
    order(
      'to an address that is not the buyer’s',
      { status: 400, code: 'ADDRESS_NOT_FOUND', zh: '收货地址不存在', en: 'No such address' },
      (g) => g.shopper(3),
      { address: 1 },
    ),
    order(
      'of more than there is',
      { status: 409, code: 'STOCK_INSUFFICIENT', zh: '商品库存不足', en: 'Not enough in stock' },
      async (g) => g.shopper(await g.sku(0)),
    ),
    order(
      'with another way to pay',
      { status: 400, code: 'VALIDATION_FAILED', zh: '支付方式有误', en: 'Not a way to pay' },
      (g) => g.shopper(3),
      { pay_method: '3' },
    ),
    {
      row: 'POST /orders/{id}/comments/ twice on one line',
      asks: async (g, headers) => {
        const placed = await g.received(3, 1);
        await g.comment(placed);
        return g.comment(placed, {}, headers);
      },
      status: 409,
      code: 'ALREADY_COMMENTED',
      member: 'message',
      zh: '该商品已评价',
      en: 'This product was commented on already',
    },
    {
      row: 'POST /orders/{id}/comments/ before the receipt',
      asks: async (g, headers) => g.comment(await g.placed(1), {}, headers),
      status: 409,
      code: 'ORDER_NOT_RECEIVED',
      member: 'message',
      zh: '当前订单状态不可评价',
      en: 'The order cannot be commented on',
    },
    {
      row: 'POST /orders/{id}/comments/ on anybody’s order',
      asks: async (g, headers) => {
        const { order: theirs } = await g.received();
        return g.comment({ ...(await g.buyer()), order: theirs }, {}, headers);
      },
      status: 404,
      code: 'NOT_FOUND',
      member: 'detail',
      zh: '未找到',
      en: 'Not found',
    },
  ];
  walkRefusals(() => ground, refusals);
});

describe('payment', () => {
  walk<Ground>(
    () => ground,
    [
      {
        row: 'GET /orders/{id}/payment/',
        asks: async (g) => {
          const { me, order } = await g.placed();
          return me.get(`/orders/${order}/payment/`);
        },
        status: 200,
        answers: { alipay_url: is.url },
      },
      {
        row: 'PUT /payment/status/?{what Alipay appended} without a token',
        asks: async (g) => g.confirm(await g.paidQuery()),
        status: 200,
        answers: { trade_id: is.text },
      },
    ],
  );

  it('GET /orders/{id}/payment/: a signed alipay.trade.page.pay of this very order', async () => {
    const placed = await ground.placed();
    const { searchParams } = new URL(await ground.payUrl(placed));
    const { settings } = ground.shop;
    expect(Object.fromEntries(searchParams)).toMatchObject({
      method: 'alipay.trade.page.pay',
      sign: expect.any(String) as string,
      return_url: settings['ALIPAY_RETURN_URL'],
      notify_url: settings['ALIPAY_NOTIFY_URL'],
    });
    const content = JSON.parse(searchParams.get('biz_content') ?? '{}') as object;
    expect(content).toMatchObject({
      out_trade_no: placed.order,
      total_amount: '6509.00',
      subject: `美多商城${placed.order}`,
    });
  });

  it('PUT /payment/status/: the same answer when the paid page is loaded again', async () => {
    const query = await ground.paidQuery();
    const first = await ground.confirm(query);
    expect(first.status).toBe(200);
    for (let i = 0; i < 3; i += 1) {
      const again = await ground.confirm(query);
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
  });

  const notPayable = {
    status: 400,
    code: 'ORDER_NOT_PAYABLE',
    member: 'message',
    zh: '订单无需支付或已不可支付',
    en: 'The order cannot be paid',
  };
  walkRefusals<Ground>(
    () => ground,
    [
      {
        row: 'GET /orders/{id}/payment/ of an order for cash',
        asks: async (g, headers) => {
          const { me, order } = await g.placed('1');
          return me.get(`/orders/${order}/payment/`, headers);
        },
        ...notPayable,
      },
      {
        row: 'GET /orders/{id}/payment/ of an order that is paid',
        asks: async (g, headers) => {
          const placed = await g.placed();
          const { return_url } = await g.shop.pay(await g.payUrl(placed));
          await g.confirm(new URL(return_url).search);
          return placed.me.get(`/orders/${placed.order}/payment/`, headers);
        },
        ...notPayable,
      },
      {
        row: 'GET /orders/{id}/payment/ of somebody else’s order',
        asks: async (g, headers) => {
          const { order } = await g.placed();
          return (await g.buyer()).me.get(`/orders/${order}/payment/`, headers);
        },
        status: 404,
        code: 'NOT_FOUND',
        member: 'detail',
        zh: '未找到',
        en: 'Not found',
      },
      {
        row: 'PUT /payment/status/ with a bad signature',
        asks: async (g, headers) => {
          const query = new URLSearchParams(await g.paidQuery());
          query.set('total_amount', '0.01');
          return g.confirm(`?${query.toString()}`, headers);
        },
        status: 403,
        code: 'PAYMENT_PROOF_INVALID',
        member: 'message',
        zh: '非法请求',
        en: 'The payment parameters are not genuine',
      },
    ],
  );
});
