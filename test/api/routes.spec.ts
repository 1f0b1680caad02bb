/** Every route there is: closed unless it is on the list, documented, and answering problems. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoCatalogue } from '../../src/catalog/demo-catalogue.js';
import { Client } from '../kit/client.js';
import { CART, PUBLIC, routesOf } from '../kit/routes.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('routes', () => {
  let shop: Shop;
  let routes: string[];

  beforeAll(async () => {
    shop = await startBareShop();
    await createDemoCatalogue(shop.db.dataSource);
    const fastify = shop.app.getHttpAdapter().getInstance();
    routes = routesOf(fastify);
  });
  afterAll(() => shop.close());

  it('are 401 without a token, except those on the list', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const [method = '', pattern = ''] = route.split(' ');
      const path = pattern.replace(/:\w+/g, '1');
      const answer = await new Client(shop.url).send<{ code?: string }>(method, path);
      if (answer.status === 401) {
        expect(answer.headers.get('www-authenticate'), route).toBe('JWT realm="api"');
        expect(answer.body.code).toBe('NOT_AUTHENTICATED');
      } else {
        open.push(route);
      }
    }
    expect(open.toSorted()).toEqual([...PUBLIC, ...CART].toSorted());
  });

  it('answer with and without the last slash', async () => {
    for (const path of ['/orders/', '/orders', '/orders/settlement/', '/orders/settlement']) {
      expect((await new Client(shop.url).get(path)).status).toBe(401);
    }
  });

  it('carry the security headers, refusals too', async () => {
    for (const path of ['/health/live/', '/orders/', '/nowhere/', '/orders/%E0%A4%A/']) {
      const { headers } = await fetch(new URL(path, shop.url));
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'self'");
      expect(headers.get('strict-transport-security'), path).toContain('max-age=');
      expect(headers.get('x-powered-by'), path).toBeNull();
      expect(headers.get('cache-control'), path).toBe('no-store');
    }
  });

  const raw = (path: string, init: RequestInit) =>
    fetch(new URL(path, shop.url), init).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    }));

  it('read every parameter as one text, however often it is sent', async () => {
    const search = async (query: string) =>
      (await new Client(shop.url).get<{ count: number }>(`/skus/search/?${query}`)).body;
    const alone = await search('text=iphone');
    expect(alone.count).toBeGreaterThan(0);
    expect(await search('text=nothing')).toMatchObject({ count: 0, results: [] });
    expect(await search('text=nothing&text=iphone&text[]=nothing')).toEqual(alone);
  });

  it('answer problem documents where no route is reached', async () => {
    const json = { 'Content-Type': 'application/json' };
    const post = (body: string, headers: Record<string, string> = json) =>
      raw('/authorizations/', { method: 'POST', headers, body });
    const cases = [
      [await raw('/nowhere/', {}), 404, 'NOT_FOUND'],
      [await raw('/health/live/', { method: 'DELETE' }), 405, 'METHOD_NOT_ALLOWED'],
      [await post('{"username":'), 400, 'MALFORMED_JSON'],
      [await post(`${'['.repeat(30_000)}${']'.repeat(30_000)}`), 400, 'MALFORMED_JSON'],
      [await post('{"__proto__":{"role":"admin"}}'), 400, 'MALFORMED_JSON'],
      [await post('{"username":"\\ud800","password":"x"}'), 400, 'MALFORMED_JSON'],
      [await raw('/orders/%E0%A4%A/', {}), 400, 'BAD_REQUEST'],
      [await post('x'.repeat(70_000)), 413, 'PAYLOAD_TOO_LARGE'],
      [await post('a=1', { 'Content-Type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
      [
        await post('a=1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ],
    ] as const;
    for (const [answer, status, code] of cases) {
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({
        type: expect.stringMatching(/^urn:meiduo:problem:/),
        title: expect.any(String),
        status,
        detail: expect.any(String),
        message: expect.any(String),
        request_id: answer.headers.get('x-request-id'),
      });
    }
    expect(cases[1][0].headers.get('allow')).toContain('GET');
  });

  it('allow the configured origin with credentials, on errors and preflights too', async () => {
    const origin = 'http://www.meiduo.site:8080';
    const refused = await raw('/orders/', { headers: { Origin: origin } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    expect(refused.headers.get('access-control-allow-credentials')).toBe('true');
    const preflight = await fetch(new URL('/orders/', shop.url), {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const foreign = await fetch(new URL('/health/live/', shop.url), {
      headers: { Origin: 'http://evil.example' },
    });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});
