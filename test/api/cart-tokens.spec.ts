/**
 * Whose cart a request means. What never was a token of ours is nobody's and means the cookie; a
 * token that once was ours is good or 401, so that goods never vanish behind somebody else's cart.
 */
import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tokens } from '../../src/auth/tokens.js';
import type { Config } from '../../src/config/config.js';
import { hashPassword } from '../../src/users/passwords.js';
import { Browser } from '../kit/browser.js';
import { buildBuyers, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { TEST_JWT_SECRET } from '../kit/settings.js';
import { type Shop, startShop } from '../kit/shop.js';

const CALLS: [method: string, path: string, body?: object][] = [
  ['GET', '/cart/'],
  ['POST', '/cart/', { sku_id: 4, count: 1 }],
  ['PUT', '/cart/', { sku_id: 3, count: 9, selected: false }],
  ['DELETE', '/cart/', { sku_id: 3 }],
  ['PUT', '/cart/selection/', { selected: false }],
];

let shop: Shop;
let userId: number;

beforeAll(async () => {
  shop = await startShop();
  userId = (await buildBuyers(shop.db, 1))[0]?.id ?? 0;
  await fillCarts(shop.db, [{ userId, skuIds: [3, 9] }], 2);
});
afterAll(() => shop.close());

const accountLines = () =>
  shop.db.sql('SELECT user_id, sku_id, count, selected FROM cart_lines ORDER BY user_id, sku_id');

/** A token made with a secret of somebody's and any lifetime; by default, ours. */
function tokenWith({ seconds = 3600, secret = TEST_JWT_SECRET } = {}): string {
  const jwt = new JwtService({ secret: createSecretKey(Buffer.from(secret)) });
  return new Tokens(jwt, { JWT_TTL_SECONDS: seconds } as Config).issue({
    id: userId,
    username: `buyer_${userId}`,
    role: 'buyer',
    version: 0,
  });
}

/** Ours in everything but its claims. */
function oddToken(claims: object): string {
  const jwt = new JwtService({ secret: createSecretKey(Buffer.from(TEST_JWT_SECRET)) });
  return jwt.sign({ sub: String(userId), ver: 0, typ: 'access', role: 'buyer', ...claims });
}

const unsigned = (): string => {
  const [, claims] = tokenWith().split('.');
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  return `${header}.${claims}.`;
};

describe('what never was a token of ours', () => {
  it.each<[string, () => string | undefined]>([
    ['no header', () => undefined],
    ['an empty header', () => ''],
    ['JWT undefined', () => 'JWT undefined'],
    ['JWT null', () => 'JWT null'],
    ['JWT without anything', () => 'JWT '],
    ['Bearer undefined', () => 'Bearer undefined'],
    ['another scheme', () => 'Basic YTpi'],
    ['three dots', () => 'JWT a.b.c'],
    ['no ASCII', () => 'JWT \u00e9\u00e9'],
    ['a forgery with another secret', () => `JWT ${tokenWith({ secret: 'x'.repeat(40) })}`],
    ['an expired forgery', () => `JWT ${tokenWith({ secret: 'x'.repeat(40), seconds: -9999 })}`],
    ['a token of ours with another signature', () => `JWT ${tokenWith().slice(0, -4)}AAAA`],
    ['a token of ours with another user in it', () => `JWT ${withOtherUser(tokenWith())}`],
    ['a token without a signature (alg none)', () => `JWT ${unsigned()}`],
  ])('%s is anonymous on the cart and 401 elsewhere', async (_, authorization) => {
    const value = authorization();
    const headers: Record<string, string> = value === undefined ? {} : { Authorization: value };
    const before = await accountLines();
    const client = new Client(shop.url);
    expect(await client.get('/cart/', headers)).toMatchObject({ status: 200, body: [] });
    const statuses = [];
    for (const [method, path, body] of CALLS) {
      statuses.push((await client.send(method, path, body, headers)).status);
    }
    expect(statuses).toEqual([200, 201, 200, 204, 200]);
    for (const path of ['/user/', '/orders/', '/orders/settlement/']) {
      const elsewhere = await client.get(path, headers);
      expect([path, elsewhere.status]).toEqual([path, 401]);
    }
    expect(await accountLines()).toEqual(before);
  });
});

describe('what once was a token of ours', () => {
  it.each<[string, () => string]>([
    ['expired', () => tokenWith({ seconds: -3600 })],
    ['of another kind', () => oddToken({ typ: 'refresh', exp: 9_999_999_999 })],
    ['of another audience', () => oddToken({ aud: 'elsewhere', exp: 9_999_999_999 })],
    ['not good yet', () => oddToken({ nbf: 9_999_999_000, exp: 9_999_999_999 })],
    ['without an end', () => oddToken({})],
  ])('and is %s: 401 on every cart call, with both carts as they were', async (_, token) => {
    const browser = new Browser(shop.url);
    await browser.send('POST', '/cart/', { sku_id: 5, count: 1 });
    const [cookie, lines] = [browser.cookies.get('carts'), await accountLines()];
    for (const [method, path, body] of CALLS) {
      const answer = await browser.send(method, path, body, token());
      expect([path, answer.status, answer.body['code']]).toEqual([path, 401, 'NOT_AUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toBe('JWT realm="api"');
      expect(answer.body['detail']).toBe('身份认证信息未提供或已失效');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(browser.cookies.get('carts')).toBe(cookie);
    expect(await accountLines()).toEqual(lines);
  });

  it('and died of a password change: 401 on every cart call, also when it was good a moment ago', async () => {
    await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
      'revoked_one',
      '13600136001',
      await hashPassword('pass-word-1'),
    ]);
    const browser = new Browser(shop.url);
    const credentials = { username: 'revoked_one', password: 'pass-word-1' };
    const { body } = await browser.send<{ token: string; user_id: number }>(
      'POST',
      '/authorizations/',
      credentials,
    );
    await browser.send('POST', '/cart/', { sku_id: 3, count: 2 }, body.token);
    const lines = await accountLines();
    const changed = await browser.send(
      'PUT',
      `/users/${body.user_id}/password/`,
      { old_password: 'pass-word-1', password: 'pass-word-2', password2: 'pass-word-2' },
      body.token,
    );
    expect(changed.status).toBe(200);
    for (const [method, path, sent] of CALLS) {
      const answer = await browser.send(method, path, sent, body.token);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('JWT realm="api"');
    }
    expect(await accountLines()).toEqual(lines);
    const again = { ...credentials, password: 'pass-word-2' };
    const fresh = await browser.send<{ token: string }>('POST', '/authorizations/', again);
    const shown = await browser.send('GET', '/cart/', undefined, fresh.body.token);
    expect(shown.body).toMatchObject([{ id: 3, count: 2 }]);
  });
});

it('a good token means the account’s cart, and leaves the cookie alone', async () => {
  const browser = new Browser(shop.url);
  await browser.send('POST', '/cart/', { sku_id: 5, count: 1 });
  const cookie = browser.cookies.get('carts');
  const token = tokenFor(userId);
  const answers = [];
  for (const [method, path, body] of [CALLS[0], CALLS[4]] as typeof CALLS) {
    const answer = await browser.send(method, path, body, token);
    expect(answer.headers.getSetCookie()).toEqual([]);
    answers.push(answer);
  }
  expect(answers[0]?.body).toMatchObject([
    { id: 3, count: 2 },
    { id: 9, count: 2 },
  ]);
  expect(browser.cookies.get('carts')).toBe(cookie);
  expect((await browser.send('GET', '/cart/')).body).toMatchObject([{ id: 5 }]);
});

/** The same token with the next user's id in its claims; the signature is then of another text. */
function withOtherUser(token: string): string {
  const [header, claims = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
  const forged = Buffer.from(JSON.stringify({ ...read, sub: String(Number(read.sub) + 1) }));
  return [header, forged.toString('base64url'), signature].join('.');
}
