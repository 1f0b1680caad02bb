/**
 * The contract with the original shop's pages: what holds for every route, pagination, and the demo
 * catalogue whose ids and prices are written into the pages.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { walk, walkRefusals } from '../kit/contract.js';
import { freshDatabase } from '../kit/database.js';
import { testEnvironment } from '../kit/settings.js';
import * as is from '../kit/shape.js';
import { type Shop, startShop } from '../kit/shop.js';

const DEMO_PASSWORD = 'demo-pass-2026';

interface Page {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly { readonly id: number }[];
}

let shop: Shop;
let anybody: Client;
let buyer: Client;
beforeAll(async () => {
  shop = await startShop();
  anybody = new Client(shop.url);
  const [{ id }] = (await buildBuyers(shop.db, 1)) as [Buyer];
  buyer = new Client(shop.url, tokenFor(id));
});
afterAll(() => shop.close());

describe('every route', () => {
  it.each([
    '/areas/',
    '/areas/110000/',
    '/usernames/demo_buyer/count/',
    '/categories/115/',
    '/categories/115/skus/',
    '/categories/115/hotskus/',
    '/skus/3/comments/',
    '/user/',
    '/addresses/',
    '/browse_histories/',
    '/cart/',
    '/orders/',
    '/orders/settlement/',
  ])('GET %s answers at once, with its last slash and without', async (path) => {
    for (const asked of [path, path.slice(0, -1)]) {
      expect([asked, (await buyer.get(asked)).status]).toEqual([asked, 200]);
    }
  });

  it('takes "JWT <token>" and "Bearer <token>" for the same', async () => {
    const { body } = await anybody.post('/authorizations/', {
      username: 'demo_buyer',
      password: DEMO_PASSWORD,
    });
    for (const scheme of ['JWT', 'Bearer']) {
      const Authorization = `${scheme} ${String(body['token'])}`;
      const { status, body: user } = await anybody.get('/user/', { Authorization });
      expect([scheme, status, user['username']]).toEqual([scheme, 200, 'demo_buyer']);
    }
  });

  it.each<[row: string, asks: () => Promise<Answer>]>([
    ['GET /user/', () => anybody.get('/user/', { Authorization: 'JWT undefined' })],
    ['PUT /email/', () => anybody.put('/email/', { email: 'a@example.com' })],
    ['GET /addresses/', () => anybody.get('/addresses/', { Authorization: 'JWT undefined' })],
    ['GET /browse_histories/', () => anybody.get('/browse_histories/')],
    ['GET /orders/', () => anybody.get('/orders/', { Authorization: 'JWT null' })],
    ['GET /orders/settlement/', () => anybody.get('/orders/settlement/')],
    ['POST /orders/', () => anybody.post('/orders/', { address: 1, pay_method: 1 })],
  ])('%s without a token that is ours: 401 with WWW-Authenticate and detail', async (_, asks) => {
    const answer = await asks();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('JWT realm="api"');
    expect(answer.body).toMatchObject({
      code: 'NOT_AUTHENTICATED',
      detail: '身份认证信息未提供或已失效',
    });
  });

  it.each<[row: string, asks: () => Promise<Answer>, member: string]>([
    ['POST /users/', () => anybody.post('/users/', { role: 'admin' }), 'role'],
    ['POST /authorizations/', () => anybody.post('/authorizations/', { is_staff: 1 }), 'is_staff'],
    ['PUT /email/', () => buyer.put('/email/', { email_active: true }), 'email_active'],
    ['POST /addresses/', () => buyer.post('/addresses/', { user: 1 }), 'user'],
    ['POST /cart/', () => buyer.post('/cart/', { user_id: 1 }), 'user_id'],
    ['POST /orders/', () => buyer.post('/orders/', { total_amount: '0.01' }), 'total_amount'],
  ])('%s refuses a member that is not in the contract', async (_, asks, member) => {
    const { status, body } = await asks();
    expect([status, body['code']]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body[member]).toHaveLength(1);
  });

  it('answers in Chinese, and in English to whoever prefers English', async () => {
    for (const [language, text] of [
      [undefined, '未找到'],
      ['zh-CN,zh;q=0.9,en;q=0.8', '未找到'],
      ['fr', '未找到'],
      ['en', 'Not found'],
      ['en-US,en;q=0.9', 'Not found'],
      ['zh;q=0.1, en;q=0.9', 'Not found'],
      ['fr, en;q=0.3', 'Not found'],
      ['fr;q=0.5, en ; Q=0.3', 'Not found'],
      ['zh;q=0, *', 'Not found'],
      ['en;q=0', '未找到'],
      ['en;q=0.5, zh-TW', '未找到'],
      ['en;q=1.0;level=1, *;q=0.1', 'Not found'],
      ['en;q=high', '未找到'],
      ['*', '未找到'],
    ] as const) {
      const headers: Record<string, string> = language ? { 'Accept-Language': language } : {};
      const { body, headers: told } = await anybody.get('/skus/99999/', headers);
      expect([language, body['detail'], body['code']]).toEqual([language, text, 'NOT_FOUND']);
      expect([language, body['title']]).toEqual([language, text]);
      expect(told.get('content-language')).toBe(text === '未找到' ? 'zh' : 'en');
      expect(told.get('vary')).toBe('Origin, Accept-Language');
    }
    const answer = await anybody.get('/skus/%zz/', { 'Accept-Language': 'en' });
    expect([answer.status, answer.body['title']]).toEqual([400, 'The request is not valid']);
    expect(answer.headers.get('vary')).toBe('Origin, Accept-Language');
    expect(answer.headers.get('content-language')).toBe('en');
  });

  it('says of members it does not know and of wrong kinds in the language asked for', async () => {
    for (const [language, unknown] of [
      ['zh', '不支持该字段'],
      ['en', 'property foo should not exist'],
    ] as const) {
      const headers = { 'Accept-Language': language };
      const { body } = await buyer.post('/cart/', { sku_id: 1, count: 1, foo: 1 }, headers);
      expect(body['foo']).toEqual([unknown]);
    }
    const [admin] = await buildBuyers(shop.db, 1);
    await shop.db.sql(`UPDATE users SET role = 'admin' WHERE id = ?`, [admin?.id]);
    const { body } = await new Client(shop.url, tokenFor(admin?.id ?? 0, 'admin')).post(
      '/admin/orders/2611222150361230042/refunds/',
      { amount: 1, reason: 'x', returns: [1] },
    );
    const said = (body['errors'] as { message: string }[]).map(({ message }) => message);
    expect(said.length).toBeGreaterThan(1);
    expect(said.filter((text) => !/^[\p{Script=Han}0-9 ]+$/u.test(text))).toEqual([]);
  });

  walkRefusals(
    () => undefined,
    [
      {
        row: 'GET /nowhere/',
        asks: (_, headers) => anybody.get('/nowhere/', headers),
        status: 404,
        code: 'NOT_FOUND',
        member: 'message',
        zh: '未找到',
        en: 'Not found',
      },
      {
        row: 'DELETE /areas/',
        asks: (_, headers) => anybody.send('DELETE', '/areas/', undefined, headers),
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
        member: 'message',
        zh: '不支持该请求方法',
        en: 'This method is not allowed here',
      },
      {
        row: 'POST /admin/skus/{id}/restock/ by a buyer',
        asks: (_, headers) => buyer.post('/admin/skus/3/restock/', { count: 1 }, headers),
        status: 403,
        code: 'PERMISSION_DENIED',
        member: 'message',
        zh: '您没有执行该操作的权限',
        en: 'You may not do this',
      },
    ],
  );
});

describe('pagination', () => {
  const ask = (query: string) => anybody.get<Page>(`/categories/115/skus/${query}`);

  it('has 2 on a page unless asked for more', async () => {
    const { body } = await ask('');
    expect([body.count, body.results.length, body.previous]).toEqual([14, 2, null]);
    expect(body.next).toContain('page=2');
  });

  it('has 20 on a page at most, and cuts silently', async () => {
    const skus = await buildSkus(shop.db, 30);
    await shop.db.sql('UPDATE skus SET category_id = 157 WHERE id IN (?)', [skus]);
    const { status, body } = await anybody.get<Page>('/categories/157/skus/?page_size=100');
    await shop.db.sql('DELETE FROM skus WHERE id IN (?)', [skus]);
    expect([status, body.count, body.results.length]).toEqual([200, 32, 20]);
    expect(body.next).toContain('page_size=20');
  });

  it('leads through all of it by its own links', async () => {
    const seen: number[] = [];
    let next: string | null = '/categories/115/skus/?page_size=4';
    while (next !== null) {
      const { pathname, search }: URL = new URL(next, shop.url);
      const { body }: Answer<Page> = await anybody.get<Page>(`${pathname}${search}`);
      seen.push(...body.results.map(({ id }) => id));
      next = body.next;
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, i) => i + 3));
  });

  it('is 404 outside, and an empty set has page 1 with count 0', async () => {
    expect((await ask('?page=8')).status).toBe(404);
    expect((await ask('?page=7')).status).toBe(200);
    const none = await buyer.get('/orders/?page=1');
    expect([none.status, none.body]).toEqual([
      200,
      { count: 0, next: null, previous: null, results: [] },
    ]);
    expect((await buyer.get('/orders/?page=2')).status).toBe(404);
  });
});

describe('the demo catalogue', () => {
  const laptop = (colour: string) => `Apple MacBook Pro 13.3英寸笔记本 ${colour}`;
  const iphone = (kind: string) => `Apple iPhone 8 Plus (A1864) ${kind} 移动联通电信4G手机`;
  const huawei = (kind: string) => `华为 HUAWEI P10 Plus ${kind} 移动联通电信4G手机 双卡双待`;
  const notebooks = { id: 157, name: '笔记本' };
  const phones = { id: 115, name: '手机' };

  it.each<[id: number, name: string, price: string, category: object, spu: number]>([
    [1, laptop('银色'), '11388.00', notebooks, 1],
    [2, laptop('深灰色'), '11398.00', notebooks, 1],
    [3, iphone('64GB 金色'), '6499.00', phones, 2],
    [4, iphone('256GB 金色'), '7988.00', phones, 2],
    [5, iphone('64GB 深空灰色'), '6688.00', phones, 2],
    [6, iphone('256GB 深空灰色'), '7988.00', phones, 2],
    [7, iphone('64GB 银色'), '6688.00', phones, 2],
    [8, iphone('256GB 银色'), '7988.00', phones, 2],
    [9, huawei('6GB+64GB 钻雕金'), '3388.00', phones, 3],
    [10, huawei('6GB+128GB 钻雕金'), '3788.00', phones, 3],
    [11, huawei('6GB+128GB 钻雕蓝'), '3788.00', phones, 3],
    [12, huawei('6GB+64GB 钻雕蓝'), '3388.00', phones, 3],
    [13, huawei('6GB+64GB 玫瑰金'), '3388.00', phones, 3],
    [14, huawei('6GB+128GB 玫瑰金'), '3788.00', phones, 3],
    [15, huawei('6GB+64GB 曜石黑'), '3388.00', phones, 3],
    [16, huawei('6GB+128GB 曜石黑'), '3788.00', phones, 3],
  ])('SKU %i is %s for %s', async (id, name, price, category, spu) => {
    const { body } = await anybody.get(`/skus/${id}/`);
    expect(body).toMatchObject({ id, name, price, stock: 1000, category, spu: { id: spu } });
    const { pathname } = new URL(String(body['default_image_url']));
    const picture = await fetch(new URL(pathname, shop.url));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
    ]);
  });

  it('is these 16 and no more', async () => {
    const { body } = await anybody.get<Page>('/skus/search/?text=');
    expect(body.count).toBe(16);
  });

  walk(
    () => undefined,
    [
      {
        row: 'GET /categories/157/ of the notebooks',
        asks: () => anybody.get('/categories/157/'),
        status: 200,
        answers: {
          cat1: { category: { id: 4, name: '电脑' }, url: is.text },
          cat2: { id: 45, name: '电脑整机' },
          cat3: notebooks,
        },
      },
      {
        row: 'GET /categories/115/ of the telephones',
        asks: () => anybody.get('/categories/115/'),
        status: 200,
        answers: {
          cat1: { category: { id: 1, name: '手机' }, url: is.text },
          cat2: { id: 38, name: '手机通讯' },
          cat3: phones,
        },
      },
    ],
  );
});

describe('the demo accounts', () => {
  async function login(username: string): Promise<Client> {
    const { body } = await anybody.post('/authorizations/', { username, password: DEMO_PASSWORD });
    return new Client(shop.url, String(body['token']));
  }

  it('demo_buyer has one address, and it is the default', async () => {
    const me = await login('demo_buyer');
    const { body } = await me.get<{ default_address_id: number; addresses: { id: number }[] }>(
      '/addresses/',
    );
    expect(body.addresses.map(({ id }) => id)).toEqual([body.default_address_id]);
    expect((await me.post('/admin/skus/3/restock/', {})).status).toBe(403);
  });

  it('demo_admin is the administrator', async () => {
    const me = await login('demo_admin');
    const answer = await me.post('/admin/skus/3/restock/', {});
    expect([answer.status, answer.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('are never made in production, nor is the demo catalogue', async () => {
    const db = await freshDatabase();
    const env = { ...testEnvironment(db.url), NODE_ENV: 'production' };
    await promisify(execFile)(process.execPath, ['dist/src/database/seed/seed.js'], { env });
    const [rows] = await db.sql(
      `SELECT (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(*) FROM skus) AS skus,
         (SELECT COUNT(*) FROM areas WHERE parent_id IS NULL) AS provinces`,
    );
    await db.close();
    expect(rows).toEqual({ users: 0, skus: 0, provinces: 34 });
  });
});
