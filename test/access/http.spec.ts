/** What a request may look like before any route sees it, and what an answer always carries. */
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { routesOf } from '../kit/routes.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const NOTIFY = 'POST /payment/alipay/notify/';

/** Good answers that are the same for everybody: names of places, and the page of the shop window. */
const KEPT: Readonly<Record<string, string>> = {
  'GET /areas/': 'public, max-age=86400',
  'GET /': 'no-cache',
};

describe('over HTTP', () => {
  let shop: Shop;
  let routes: string[];
  let buyer: Buyer;
  let token: string;

  beforeAll(async () => {
    shop = await startBareShop();
    routes = routesOf(shop.app.getHttpAdapter().getInstance());
    [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    token = tokenFor(buyer.id);
  });
  afterAll(() => shop.close());

  async function send(route: string, body: string | Buffer, headers: Record<string, string>) {
    const [method = '', pattern = ''] = route.split(' ');
    const answer = await fetch(new URL(pattern.replaceAll(/:\w+/g, '1'), shop.url), {
      method,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      body: body as string,
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text };
  }
  const json = { 'Content-Type': 'application/json' };
  const writing = () => routes.filter((route) => /^(POST|PUT) /.test(route) && route !== NOTIFY);

  it('a body that is no JSON is 415 on every route that takes one', async () => {
    const kinds = [
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonx',
    ];
    for (const route of writing()) {
      for (const kind of kinds) {
        const { status } = await send(route, '{"a":1}', { 'Content-Type': kind });
        expect([route, kind, status]).toEqual([route, kind, 415]);
      }
    }
  });

  it('a body that is too long, too deep or packed is refused', async () => {
    const login = 'POST /authorizations/';
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const member = (depth: number) => `{"username":${nested(depth - 1)},"password":"x"}`;
    const codes = async (body: string | Buffer, headers: Record<string, string> = json) => {
      const { status, text } = await send(login, body, headers);
      return [status, (JSON.parse(text) as { code: string }).code];
    };
    const padding = ' '.repeat(64 * 1024 - 2);
    expect(await codes(`{}${padding}`)).toEqual([400, 'VALIDATION_FAILED']);
    expect(await codes(`{} ${padding}`)).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await codes(member(20))).toEqual([400, 'VALIDATION_FAILED']);
    expect(await codes(member(21))).toEqual([400, 'MALFORMED_JSON']);
    const bomb = gzipSync(Buffer.alloc(1_000_000, ' '));
    expect((await codes(bomb, { ...json, 'Content-Encoding': 'gzip' }))[0]).toBe(400);
  });

  it('a body is UTF-8: another charset is 415, bytes that are none are 400, on forms too', async () => {
    const kinds = { json: 'application/json', form: 'application/x-www-form-urlencoded' };
    const said = async (route: string, kind: string, body: string | Buffer) => {
      const { status, text } = await send(route, body, { 'Content-Type': kind });
      return [status, /"code":"(\w+)"/.exec(text)?.[1] ?? text];
    };
    const login = (kind: string, body: string | Buffer) =>
      said('POST /authorizations/', `${kinds.json}${kind}`, body);
    const notify = (kind: string, body: string | Buffer) =>
      said(NOTIFY, `${kinds.form}${kind}`, body);
    for (const charset of ['gbk', 'utf-16', 'iso-8859-1', '"gb2312"', 'foo', 'utf-80', '']) {
      const kind = `; charset=${charset}`;
      expect([kind, await login(kind, '{}')]).toEqual([kind, [415, 'UNSUPPORTED_MEDIA_TYPE']]);
      expect([kind, await notify(kind, 'a=1')]).toEqual([kind, [415, 'UNSUPPORTED_MEDIA_TYPE']]);
    }
    for (const kind of ['', '; charset=utf-8', ';CHARSET=UTF-8', '; a=b; charset="Utf-8"']) {
      expect([kind, await login(kind, '{}')]).toEqual([kind, [400, 'VALIDATION_FAILED']]);
      expect([kind, await notify(kind, 'a=1')]).toEqual([kind, [200, 'fail']]);
    }
    const gbk = Buffer.from('c4e3bac3', 'hex');
    const quoted = Buffer.concat([Buffer.from('{"username":"'), gbk, Buffer.from('"}')]);
    expect(await login('', quoted)).toEqual([400, 'BAD_REQUEST']);
    expect(await notify('', Buffer.concat([Buffer.from('a='), gbk]))).toEqual([400, 'BAD_REQUEST']);
    expect(await login('', Buffer.from('{"username":"x"}', 'utf16le'))).toEqual([
      400,
      'MALFORMED_JSON',
    ]);
  });

  it('members that name prototypes do no harm, in bodies and in addresses', async () => {
    const bodies = [
      '{"__proto__":{"isAdmin":true}}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      '{"a":{"__proto__":{"isAdmin":true}}}',
      '{"prototype":{"isAdmin":true}}',
      '{"\\u005f_proto__":{"isAdmin":true}}',
    ];
    for (const route of writing()) {
      for (const body of bodies) {
        const { status } = await send(route, body, json);
        expect([route, body, status < 500]).toEqual([route, body, true]);
      }
    }
    for (const query of [
      '__proto__[isAdmin]=1',
      'constructor[prototype][isAdmin]=1',
      '__proto__=1',
    ]) {
      const answer = await new Client(shop.url).get(`/skus/search/?text=a&${query}`);
      expect(answer.status).toBe(200);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('members a form does not have change nothing, wherever they would be worth something', async () => {
    const rows = async () => [
      await shop.db.sql('SELECT role, mobile, token_version, password_hash FROM users'),
      await shop.db.sql('SELECT * FROM orders'),
      await shop.db.sql('SELECT * FROM skus'),
    ];
    const before = await rows();
    const more = { role: 'admin', user_id: 1, status: 2, price: '0.01', token_version: 0 };
    for (const route of writing()) {
      const { status } = await send(route, JSON.stringify(more), json);
      expect([route, status < 500]).toEqual([route, true]);
    }
    expect(await rows()).toEqual(before);
    const line = { sku_id: 1, count: 1, ...more };
    const refused = await new Client(shop.url, token).post<{ errors: { field: string }[] }>(
      '/cart/',
      line,
    );
    expect(refused.body.errors.map(({ field }) => field)).toEqual(Object.keys(more));
  });

  it('every answer forbids sniffing, framing and keeping, and tells no software', async () => {
    for (const route of routes.filter((one) => one.startsWith('GET '))) {
      const answer = await fetch(new URL(route.slice(4).replaceAll(/:\w+/g, '1'), shop.url), {
        redirect: 'manual',
      });
      const { headers } = answer;
      expect(headers.get('x-content-type-options'), route).toBe('nosniff');
      const policy = headers.get('content-security-policy');
      expect(policy, route).toMatch(/default-src '(self|none)'/);
      expect(policy, route).toMatch(/frame-ancestors '(self|none)'/);
      expect(headers.get('strict-transport-security'), route).toMatch(/max-age=\d{8}/);
      expect(headers.get('referrer-policy'), route).toBe('no-referrer');
      expect(headers.get('x-powered-by'), route).toBeNull();
      expect(headers.get('server'), route).toBeNull();
      expect(headers.get('set-cookie'), route).toBeNull();
      const keeping = answer.ok ? KEPT[route] : undefined;
      expect(headers.get('cache-control'), route).toBe(keeping ?? 'no-store');
      await answer.body?.cancel();
    }
  });

  it('an answer that a browser opens as a page has the headers of old browsers too', async () => {
    const page = await fetch(new URL('/pay-result/', shop.url), {
      headers: { Accept: 'text/html,application/xhtml+xml' },
    });
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    await page.body?.cancel();
  });

  it('every “not now” says when to come again', async () => {
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: await buildSkus(shop.db, 1) }]);
    const me = new Client(shop.url, token);
    const order = await me.post('/orders/', { address: buyer.addressId, pay_method: 2 });
    const answer = await me.get(`/orders/${order.body['order_id'] as string}/payment/?scene=qr`);
    expect([answer.status, answer.body['code']]).toEqual([503, 'GATEWAY_UNAVAILABLE']);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });

  it('what the Host header says is put into no answer, and none leads elsewhere', async () => {
    const { hostname, port } = new URL(shop.url);
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        request({ hostname, port, path, headers }, (answer) => {
          let text = JSON.stringify([answer.statusCode, answer.headers]);
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => resolve(text));
        })
          .on('error', reject)
          .end();
      });
    const search = '/skus/search/?text=a&page_size=1';
    expect(await ask(search)).toContain('"results"');
    const paths = routes.filter((route) => route.startsWith('GET ')).map((r) => r.slice(4));
    expect(paths.length).toBeGreaterThan(20);
    for (const path of [
      search,
      '//evil.example/%2e%2e',
      ...paths.map((p) => p.replaceAll(/:\w+/g, '1')),
    ]) {
      const seen = await ask(path);
      expect([path, seen.replaceAll(path, '')]).toEqual([
        path,
        expect.not.stringContaining('evil.example'),
      ]);
      expect([path, seen]).toEqual([path, expect.not.stringMatching(/^\[30[1-8]|"location"/)]);
    }
  });

  it('a page elsewhere can neither read nor write here', async () => {
    const foreign = { Origin: 'https://evil.example' };
    for (const headers of [foreign, { Origin: 'null' }, { Origin: 'http://www.meiduo.site' }]) {
      const answer = await fetch(new URL('/orders/', shop.url), {
        method: 'OPTIONS',
        headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
      });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const read = await fetch(new URL('/skus/search/?text=a', shop.url), { headers });
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
      await read.body?.cancel();
    }
  });
});
