/** What browsers on the pages' origin may do: everything, also when the answer is a refusal. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { ShopError } from '../../src/common/errors.js';
import { buildBuyers } from '../kit/build.js';
import { tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { testSettings } from '../kit/settings.js';

/** Allowed when nothing is set, as in `npm start`. */
const PAGES = 'http://www.meiduo.site:8080';

async function listen(db: TestDatabase, overrides: Record<string, string> = {}) {
  const app = await createApp(testSettings(db.url, overrides));
  // The limits of this shop are too generous to be reached in a test.
  app
    .getHttpAdapter()
    .getInstance()
    .get('/limited/', () => {
      throw new ShopError('TOO_MANY_REQUESTS', { retryAfterSeconds: 7 });
    });
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('browsers on the origin of the pages', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;
  let token: string;

  beforeAll(async () => {
    db = await freshDatabase();
    app = await listen(db);
    url = await app.getUrl();
    token = tokenFor((await buildBuyers(db, 1))[0]?.id ?? 0);
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const send = (path: string, init: RequestInit = {}, origin = PAGES) =>
    fetch(new URL(path, url), {
      redirect: 'manual',
      ...init,
      headers: { Origin: origin, ...(init.headers as Record<string, string>) },
    });
  const json = { 'Content-Type': 'application/json' };
  const preflight = (path: string, method: string, origin = PAGES) =>
    send(
      path,
      {
        method: 'OPTIONS',
        headers: {
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key',
        },
      },
      origin,
    );

  it.each<[number, string, RequestInit]>([
    [200, '/cart/', {}],
    [400, '/authorizations/', { method: 'POST', headers: json, body: '{"username":' }],
    [400, '/cart/', { method: 'POST', headers: json, body: '{"sku_id":3,"count":1}' }],
    [400, '/cart/', { method: 'POST', headers: json, body: '{}' }],
    [400, '/orders/%E0%A4%A/', {}],
    [401, '/orders/', { headers: { Authorization: 'JWT undefined' } }],
    [404, '/nowhere/', {}],
    [404, '/skus/99/', {}],
    [405, '/cart/', { method: 'PATCH' }],
    [413, '/cart/', { method: 'POST', headers: json, body: 'x'.repeat(70_000) }],
    [415, '/cart/', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'x' }],
    [429, '/limited/', {}],
  ])('may read the answer %i of %s, with credentials', async (status, path, init) => {
    const { headers, ...answer } = await readable(send(path, init));
    expect(answer).toEqual({ status, origin: PAGES, credentials: 'true' });
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    expect(headers.get('vary')).toContain('Origin');
  });

  it('may read a fault of the shop', async () => {
    await db.sql('RENAME TABLE cart_lines TO cart_lines_away');
    const { headers: _, ...answer } = await readable(
      send('/cart/', { headers: { Authorization: `JWT ${token}` } }),
    );
    await db.sql('RENAME TABLE cart_lines_away TO cart_lines');
    expect(answer).toEqual({ status: 500, origin: PAGES, credentials: 'true' });
  });

  it('may read that the shop is busy', async () => {
    // Another process holds the line for longer than the shop waits for it.
    const holder = db.dataSource.createQueryRunner();
    await db.sql('INSERT INTO users (id, username, mobile, password_hash) VALUES (77, ?, ?, ?)', [
      'busy_one',
      '13700000077',
      '-',
    ]);
    await db.sql('INSERT INTO cart_lines (user_id, sku_id, count) VALUES (77, 1, 1)');
    await holder.startTransaction();
    await holder.query('SELECT * FROM cart_lines WHERE user_id = 77 FOR UPDATE');
    const { headers, ...answer } = await readable(
      send('/cart/', {
        method: 'DELETE',
        headers: { ...json, Authorization: `JWT ${tokenFor(77)}` },
        body: '{"sku_id":1}',
      }),
    );
    await holder.rollbackTransaction();
    await holder.release();
    expect(answer).toEqual({ status: 503, origin: PAGES, credentials: 'true' });
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it.each([
    ['POST', '/authorizations/'],
    ['POST', '/authorizations'],
    ['GET', '/cart/'],
    ['PUT', '/cart/'],
    ['DELETE', '/cart/'],
    ['DELETE', '/cart'],
    ['PUT', '/cart/selection/'],
    ['POST', '/orders/'],
    ['GET', '/nowhere/'],
  ])('are answered the preflight of %s %s at once, without a redirect', async (method, path) => {
    const { headers, ...answer } = await readable(preflight(path, method));
    expect(answer).toEqual({ status: 204, origin: PAGES, credentials: 'true' });
    expect(headers.get('location')).toBeNull();
    expect(headers.get('access-control-allow-methods')).toContain(method);
    const allowed = headers.get('access-control-allow-headers') ?? '';
    expect(allowed.split(/, */)).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'idempotency-key']),
    );
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0);
  });

  it.each([
    ['no browser on another origin asked', {}],
    ['their origin is not allowed', { Origin: 'http://evil.example' }],
  ])(
    'the answer of a GET says nothing but Vary where %s',
    async (_, headers: Record<string, string>) => {
      for (const path of ['/cart/', '/orders/', '/nowhere/', '/orders/%E0%A4%A/']) {
        const answer = await fetch(new URL(path, url), { headers });
        expect(
          [...answer.headers.keys()].filter((name) => name.includes('access-control')),
        ).toEqual([]);
        expect(answer.headers.get('vary')).toContain('Origin');
      }
    },
  );

  it.each([
    'http://evil.example',
    'http://www.meiduo.site',
    'https://www.meiduo.site:8080',
    'null',
  ])('are the only ones: %s may read nothing', async (origin) => {
    for (const answer of [
      await send('/cart/', {}, origin),
      await send('/orders/', {}, origin),
      await send('/orders/%E0%A4%A/', {}, origin),
      await preflight('/cart/', 'POST', origin),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('are those of the configured list', async () => {
    const shop = await listen(db, {
      CORS_ORIGINS: 'https://shop.example, https://m.shop.example',
    });
    try {
      const base = await shop.getUrl();
      const allowed = async (origin: string) =>
        (await fetch(new URL('/orders/', base), { headers: { Origin: origin } })).headers.get(
          'access-control-allow-origin',
        );
      expect(await allowed('https://shop.example')).toBe('https://shop.example');
      expect(await allowed('https://m.shop.example')).toBe('https://m.shop.example');
      expect(await allowed(PAGES)).toBeNull();
    } finally {
      await shop.close();
    }
  });
});

async function readable(answer: Promise<Response>) {
  const { status, headers } = await answer;
  return {
    status,
    origin: headers.get('access-control-allow-origin'),
    credentials: headers.get('access-control-allow-credentials'),
    headers,
  };
}
