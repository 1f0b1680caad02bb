/** The anonymous cart is taken over at login and at registration: it wins, once, and never stops anybody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Line } from '../../src/cart/cart.js';
import { cartKey, sealCart } from '../../src/cart/cart-seal.js';
import { hashPassword } from '../../src/users/passwords.js';
import { SmsCodes } from '../../src/users/sms/sms-codes.js';
import { SmsSender } from '../../src/users/sms/sms-sender.js';
import { Browser } from '../kit/browser.js';
import { buildSkus, fillCarts } from '../kit/build.js';
import { insist } from '../kit/insist.js';
import { TEST_JWT_SECRET } from '../kit/settings.js';
import { type Shop, startShop } from '../kit/shop.js';

const KEY = cartKey(TEST_JWT_SECRET);
const CREDENTIALS = { username: 'merge_buyer', password: 'pass-word-1' };

let shop: Shop;
let userId: number;

beforeAll(async () => {
  shop = await startShop();
  userId = await account(CREDENTIALS.username, '13700000001');
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.db.sql('DELETE FROM cart_lines');
});

async function account(username: string, mobile: string): Promise<number> {
  await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
    username,
    mobile,
    await hashPassword(CREDENTIALS.password),
  ]);
  const [row] = await shop.db.sql<{ id: number }>('SELECT id FROM users WHERE username = ?', [
    username,
  ]);
  return row?.id ?? 0;
}

/** A browser whose cookie holds these lines. */
function browserWith(lines: [skuId: number, line: Line][]): Browser {
  const browser = new Browser(shop.url);
  browser.cookies.set('carts', sealCart(new Map(lines), KEY));
  return browser;
}

const one = (skuId: number): [number, Line] => [skuId, { count: 1, selected: true }];

const login = (browser: Browser, credentials: object = CREDENTIALS) =>
  browser.send<{ token: string }>('POST', '/authorizations/', credentials);

const cart = (): Promise<{ sku_id: number; count: number; selected: number }[]> =>
  shop.db.sql('SELECT sku_id, count, selected FROM cart_lines WHERE user_id = ? ORDER BY sku_id', [
    userId,
  ]);

const hold = (skuId: number, count: number, selected: boolean) =>
  shop.db.sql('INSERT INTO cart_lines (user_id, sku_id, count, selected) VALUES (?, ?, ?, ?)', [
    userId,
    skuId,
    count,
    selected,
  ]);

describe('at login', () => {
  it('the cookie wins: its count overwrites, its tick is taken over, the rest of the account stays', async () => {
    await hold(3, 7, true);
    await hold(9, 1, true);
    const browser = new Browser(shop.url);
    await browser.send('POST', '/cart/', { sku_id: 3, count: 2, selected: false });
    await browser.send('POST', '/cart/', { sku_id: 5, count: 4 });
    const answer = await login(browser);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      token: expect.any(String),
      user_id: userId,
      username: CREDENTIALS.username,
    });
    expect(await cart()).toEqual([
      { sku_id: 3, count: 2, selected: 0 },
      { sku_id: 5, count: 4, selected: 1 },
      { sku_id: 9, count: 1, selected: 1 },
    ]);
    const shown = await browser.send('GET', '/cart/', undefined, answer.body.token);
    expect(shown.body).toMatchObject([
      { id: 3, count: 2, selected: false },
      { id: 5, count: 4, selected: true },
      { id: 9, count: 1, selected: true },
    ]);
  });

  it('the cookie is cleared in the answer, with its own attributes', async () => {
    const browser = browserWith([one(3)]);
    const { headers } = await login(browser);
    const [line = ''] = headers.getSetCookie();
    expect(line).toMatch(/^carts=; /);
    expect(line.split('; ')).toEqual(
      expect.arrayContaining(['Max-Age=0', 'Path=/', 'HttpOnly', 'SameSite=Lax']),
    );
    expect(browser.cookies.size).toBe(0);
    expect((await browser.send('GET', '/cart/')).body).toEqual([]);
    await login(browser);
    expect(await cart()).toEqual([{ sku_id: 3, count: 1, selected: 1 }]);
  });

  it('by mobile number it is the same cart', async () => {
    await login(browserWith([one(3)]), { ...CREDENTIALS, username: '13700000001' });
    expect(await cart()).toEqual([{ sku_id: 3, count: 1, selected: 1 }]);
  });

  it('a wrong password takes nothing over and leaves the cookie', async () => {
    await hold(9, 1, true);
    const browser = browserWith([one(3)]);
    const answer = await login(browser, { ...CREDENTIALS, password: 'wrong-pass-1' });
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await cart()).toEqual([{ sku_id: 9, count: 1, selected: 1 }]);
  });

  it('without a cookie nothing is changed and none is set', async () => {
    await hold(9, 1, false);
    const answer = await login(new Browser(shop.url));
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    expect(await cart()).toEqual([{ sku_id: 9, count: 1, selected: 0 }]);
  });

  it.each([
    ['of the original shop', 'gAN9cQBLA31xAShYBQAAAGNvdW50cQJLAVgIAAAAc2VsZWN0ZWRxA4h1cy4='],
    ['of another secret', sealCart(new Map([one(3)]), cartKey('y'.repeat(40)))],
    ['cut short', sealCart(new Map([one(3)]), KEY).slice(0, -1)],
    ['too large', 'A'.repeat(6000)],
    ['of nothing', ''],
    ['of an empty cart of ours', sealCart(new Map(), KEY)],
  ])('with a cookie %s one is logged in, and it is cleared', async (_, text) => {
    await hold(9, 1, true);
    const browser = new Browser(shop.url);
    browser.cookies.set('carts', text);
    expect((await login(browser)).status).toBe(200);
    expect(browser.cookies.size).toBe(0);
    expect(await cart()).toEqual([{ sku_id: 9, count: 1, selected: 1 }]);
  });

  it('what makes no sense any more is left out, cut to the stock or kept without a tick', async () => {
    const [few = 0, none = 0, off = 0, plenty = 0] = await buildSkus(shop.db, 4, { stock: 50 });
    await shop.db.sql('UPDATE skus SET stock = 3, initial_stock = 3 WHERE id = ?', [few]);
    await shop.db.sql('UPDATE skus SET stock = 0, initial_stock = 0 WHERE id = ?', [none]);
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = ?', [off]);
    const five = { count: 5, selected: true };
    const browser = browserWith([
      [few, five],
      [none, five],
      [off, five],
      [4_000_000_000, five],
      [plenty, five],
    ]);
    const answer = await login(browser);
    expect([answer.status, browser.cookies.size]).toEqual([200, 0]);
    expect(await cart()).toEqual([
      { sku_id: few, count: 3, selected: 1 },
      { sku_id: none, count: 1, selected: 0 },
      { sku_id: off, count: 5, selected: 0 },
      { sku_id: plenty, count: 5, selected: 1 },
    ]);
  });

  it('the account holds 100 products at most: what it has is overwritten, new ones fill the room', async () => {
    const skuIds = await buildSkus(shop.db, 110);
    const [own, added] = [skuIds.slice(0, 98), skuIds.slice(90, 110)];
    await fillCarts(shop.db, [{ userId, skuIds: own }]);
    const answer = await login(browserWith(added.map((id) => [id, { count: 2, selected: false }])));
    expect(answer.status).toBe(200);
    const lines = await cart();
    expect(lines.map(({ sku_id }) => sku_id)).toEqual(skuIds.slice(0, 100));
    expect(lines.filter(({ count }) => count === 2).map(({ sku_id }) => sku_id)).toEqual(
      skuIds.slice(90, 100),
    );
  });

  it('a cart that cannot be written stops nobody, and the cookie stays for the next login', async () => {
    const browser = browserWith([one(3)]);
    await shop.db.sql('RENAME TABLE cart_lines TO cart_lines_away');
    const answer = await login(browser);
    await shop.db.sql('RENAME TABLE cart_lines_away TO cart_lines');
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    expect(await cart()).toEqual([]);
    await login(browser);
    expect(browser.cookies.size).toBe(0);
    expect(await cart()).toEqual([{ sku_id: 3, count: 1, selected: 1 }]);
  });
});

describe('at registration', () => {
  it('a cookie that is sent becomes the new account’s cart', async () => {
    const mobile = '13700000077';
    const browser = browserWith([one(3), one(9)]);
    const sent = vi.spyOn(shop.app.get(SmsSender), 'send');
    await shop.app.get(SmsCodes).send(mobile);
    const code = sent.mock.lastCall?.[1];
    const answer = await browser.send<{ id: number; token: string }>('POST', '/users/', {
      username: 'merge_newcomer',
      password: 'pass-word-1',
      password2: 'pass-word-1',
      mobile,
      sms_code: code,
      allow: 'true',
    });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body).toSorted()).toEqual(['id', 'mobile', 'token', 'username']);
    expect(browser.cookies.size).toBe(0);
    const shown = await browser.send('GET', '/cart/', undefined, answer.body.token);
    expect(shown.body).toMatchObject([{ id: 3 }, { id: 9 }]);
  });
});

describe('many at once', () => {
  it('logins with one cookie leave exactly one line per SKU', async () => {
    await hold(4, 9, true);
    const lines = [3, 4, 5, 6].map((id): [number, Line] => [id, { count: 2, selected: false }]);
    const browsers = Array.from({ length: 12 }, () => browserWith(lines));
    const answers = await Promise.all(browsers.map((browser) => login(browser)));
    expect(answers.map(({ status }) => status)).toEqual(browsers.map(() => 200));
    expect(browsers.filter(({ cookies }) => cookies.size > 0)).toEqual([]);
    expect(await cart()).toEqual([3, 4, 5, 6].map((sku_id) => ({ sku_id, count: 2, selected: 0 })));
  });

  it('logins with different cookies leave each line as one of them had it', async () => {
    const skuIds = Array.from({ length: 10 }, (_, i) => i + 1);
    const browsers = Array.from({ length: 10 }, (_, i) =>
      browserWith(
        skuIds
          .map((id): [number, Line] => [id, { count: i + 1, selected: true }])
          .toSorted(() => (i % 2 === 0 ? 1 : -1)),
      ),
    );
    const answers = await Promise.all(browsers.map((browser) => login(browser)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const lines = await cart();
    expect(lines.map(({ sku_id }) => sku_id)).toEqual(skuIds);
    // One transaction each, so the last one has written every line.
    expect(new Set(lines.map(({ count }) => count)).size).toBe(1);
  });

  it('logins that begin together never make more than 100 products', async () => {
    const skuIds = await buildSkus(shop.db, 200);
    const browsers = [0, 60, 120].map((from) =>
      browserWith(skuIds.slice(from, from + 60).map((id) => one(id))),
    );
    // A line that is not committed yet holds all three back at the cart, until it is gone.
    const holder = shop.db.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('INSERT INTO cart_lines (user_id, sku_id, count) VALUES (?, ?, 1)', [
      userId,
      skuIds[199],
    ]);
    const logins = browsers.map((browser) => login(browser));
    await vi.waitFor(async () => expect(await waiting()).toBe(browsers.length), 60_000);
    await holder.rollbackTransaction();
    await holder.release();
    const answers = await Promise.all(logins);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(browsers.map(({ cookies }) => cookies.size)).toEqual([0, 0, 0]);
    expect(await cart()).toHaveLength(100);
  });

  it('logins and additions together leave a cart of 100, each refused addition told so', async () => {
    const skuIds = await buildSkus(shop.db, 120);
    const { body } = await login(new Browser(shop.url));
    const browser = browserWith(skuIds.slice(0, 95).map((id) => one(id)));
    const additions = skuIds.slice(100).map((sku_id) => () => {
      const line = { sku_id, count: 1 };
      return new Browser(shop.url).send('POST', '/cart/', line, body.token);
    });
    const [done, ...added] = await Promise.all([
      login(browser),
      ...additions.map((add) => insist(add)),
    ]);
    expect(done.status).toBe(200);
    for (const { status, body: answer } of added) {
      expect(status === 201 || answer['code'] === 'CART_LIMIT').toBe(true);
    }
    expect(browser.cookies.size).toBe(0);
    expect(await cart()).toHaveLength(100);
  });
});

/** How many connections to the database of this test stand before a lock of the cart. */
async function waiting(): Promise<number> {
  const [row] = await shop.db.sql<{ n: number }>(
    `SELECT COUNT(*) AS n FROM information_schema.processlist
     WHERE db = DATABASE() AND info LIKE '%FROM cart_lines%FOR UPDATE%'
       AND info NOT LIKE '%processlist%'`,
  );
  return Number(row?.n);
}
