/**
 * The canary run [G24]: a shop whose every secret is known to the test is used and abused with the
 * log at its most talkative. Nothing of it may come out anywhere (needs a build).
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis } from '../../scripts/lib/redis.mjs';
import { seedAreas } from '../../src/database/seed/areas.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure } from '../kit/figure.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { startShopWithSandbox } from '../kit/sandbox.js';
import { seeded } from '../kit/seeded.js';
import { testEnvironment } from '../kit/settings.js';
import { SmtpServer } from '../kit/smtp.js';

const SECRETS = {
  JWT_SECRET: 'canary-k2J8sQv5Wn3Zx7Lr1Tp9Yc4Hd6Mf0BgA',
  METRICS_TOKEN: 'canary-Wq8eRt5yUi2oPa9sDf6g',
  WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};
/** What a process prints comes here a moment later. */
const SAID_WITHIN_MS = 30_000;
/** Statements that carry what a person wrote, and how they begin in the log when they are given up. */
const HELD = {
  address: { sent: /INSERT INTO `?addresses/i, shown: /^INSERT INTO `?addresses/i },
  // The packet begins with the stock that is taken.
  order: { sent: /INSERT INTO orders/, shown: /^UPDATE JSON_TABLE/ },
};
const PERSONAL = {
  password: 'canary-pass-77',
  'wrong password': 'canary-wrong-88',
  'mobile number': '13712345678',
  'mobile number of an address': '13987654321',
  receiver: '金丝雀收货人',
  place: '金丝雀路 77 号 canary street',
  'e-mail': 'canary@birds.example',
};

describe('G24: of a shop that is used and abused', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let shop: ShopProcess;
  let secrets: Record<string, string>;
  /** Every refusal's body, the counters and the document, as one text. */
  let told = '';
  let hits = 0;

  beforeAll(async () => {
    db = await freshDatabase();
    await seedAreas(db.dataSource);
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
    const url = proxy.urlOf(db.url);
    const environment = testEnvironment(url, {
      ...SECRETS,
      LOG_LEVEL: 'trace',
      JOBS: 'on',
      WEBHOOK_URLS: 'http://127.0.0.1:9/hooks',
    });
    shop = await spawnShop(url, environment);
    const { token, passage } = await live(shop);
    told = passage;
    const [, , signature = ''] = token.split('.');
    const key = environment['ALIPAY_PRIVATE_KEY'] ?? '';
    secrets = {
      ...SECRETS,
      ...PERSONAL,
      token: signature,
      'password of the database': new URL(db.url).password,
      ...Object.fromEntries(pieces(key).map((piece, i) => [`line ${i} of the private key`, piece])),
    };
  });
  afterAll(async () => {
    await shop.stop();
    await proxy.close();
    await db.close();
    figure(
      'G24',
      'canaries: kinds looked for, found',
      'all, 0',
      `${Object.keys(secrets).length}, ${hits}`,
      hits === 0,
    );
  });

  /** The names of what is found in a text, plain, escaped as in JSON or as in an address. */
  function found(text: string): string[] {
    return Object.entries(secrets)
      .filter(([, secret]) =>
        [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)].some((form) =>
          text.includes(form),
        ),
      )
      .map(([name]) => name);
  }

  it('nothing shows in its log', () => {
    const log = shop.output();
    // The faults are told, by their kind.
    expect(['ER_NO_SUCH_TABLE', 'ER_DUP_ENTRY'].filter((kind) => !log.includes(kind))).toEqual([]);
    expect(log.split('\n').length).toBeGreaterThan(20);
    const names = found(log);
    hits += names.length;
    expect(names).toEqual([]);
    // The statements that had no answer are told too, by their text.
    const texts = givenUp(log);
    const untold = Object.entries(HELD).filter(
      ([, { shown }]) => !texts.some((text) => shown.test(text)),
    );
    expect(untold.map(([name]) => name)).toEqual([]);
  });

  it('every line of its log is one object, whatever was sent', async () => {
    const forged = '{"level":"fatal","msg":"forged"}';
    const line = encodeURIComponent(`x\r\n${forged}\n\u001b[31m\u2028`);
    const json = { 'Content-Type': 'application/json', 'X-Request-Id': forged };
    await db.sql('RENAME TABLE users TO users_away');
    const fault = await fetch(new URL(`/authorizations/?a=${line}`, shop.url), {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ username: `x\n${forged}`, password: `y\n${forged}` }),
    });
    await db.sql('RENAME TABLE users_away TO users');
    expect(fault.status).toBe(500);
    await fetch(new URL(`/nowhere/${line}/`, shop.url), { headers: json });
    const id = fault.headers.get('x-request-id') ?? 'none';
    await vi.waitFor(() => expect(shop.output()).toContain(id), SAID_WITHIN_MS);
    const lines = shop.output().split('\n').slice(0, -1);
    expect(lines.map((text) => typeof JSON.parse(text))).toEqual(lines.map(() => 'object'));
    expect(lines.filter((text) => text.includes('forged'))).toEqual([]);
  });

  it('nothing shows in its refusals, its counters or its document', () => {
    const parts = ['"INTERNAL"', '"LOGIN_FAILED"', 'http_responses_total', '"openapi":"3.1.0"'];
    expect(parts.filter((part) => !told.includes(part))).toEqual([]);
    const names = found(told);
    hits += names.length;
    expect(names).toEqual([]);
    const inner = /\bat [\w.]+ \(|\.js:\d|\bER_[A-Z]|\bSELECT\b|QueryFailed/.exec(told)?.[0];
    expect(inner).toBeUndefined();
  });

  it('nothing of its mail server, Redis and gateway shows, when they answer and when they do not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meiduo-canary-'));
    const beside = await startShopWithSandbox();
    const smtp = await SmtpServer.start();
    const redis = await startRedis({ dir: folder });
    const server = new URL(smtp.url);
    [server.username, server.password] = ['canary_sender', 'canary-Sm7pQ2xV9k'];
    const other = await spawnShop(beside.db.url, {
      ...beside.settings,
      PORT: '0',
      LOG_LEVEL: 'trace',
      JOBS: 'on',
      ORDER_STRATEGY: 'queue',
      REDIS_URL: redis.url,
      SMTP_URL: server.href,
      MAIL_FROM: 'shop@example.com',
    });
    try {
      const [buyer] = (await buildBuyers(beside.db, 1)) as [Buyer];
      await fillCarts(beside.db, [{ userId: buyer.id, skuIds: await buildSkus(beside.db, 1) }]);
      const me = new Client(other.url, tokenFor(buyer.id));
      const kept: unknown[] = [];
      const keep = <T>(answer: Answer<T>): Answer<T> => {
        kept.push(answer.status >= 400 ? answer.body : answer.status);
        return answer;
      };
      expect((await me.put('/email/', { email: PERSONAL['e-mail'] })).status).toBe(200);
      const link = smtp.mails[0]?.text.replaceAll('=\n', '').replaceAll('=3D', '=') ?? '';
      const [, linkToken = ''] = /\?token=([\w.-]{40,})/.exec(link) ?? [];
      keep(await me.get(`/emails/verification/?token=${linkToken}x`));
      const wish = { address: buyer.addressId, pay_method: 2 };
      const placed = await me.post<{ order_id: string }>('/orders/', wish);
      expect(placed.status).toBe(201);
      const order = `/orders/${placed.body.order_id}`;
      const { body: page } = await me.get<{ alipay_url: string }>(`${order}/payment/`);
      const paid = await beside.pay(page.alipay_url);
      const genuine = new URL(paid.return_url).searchParams;
      await beside.sandbox.post('/sandbox/faults', {
        method: 'alipay.trade.query',
        kind: 'bad_sign',
        times: 1,
      });
      keep(await me.get(`${order}/payment/status/`));
      keep(
        await me.put(
          `/payment/status/?${genuine.toString()}`.replace('total_amount=', 'total_amount=1'),
          {},
        ),
      );
      expect((await me.get<{ status: number }>(`${order}/payment/status/`)).status).toBe(200);
      kept.push((await me.get('/metrics')).body);
      smtp.isRefusing = true;
      expect(keep(await me.put('/email/', { email: `a.${PERSONAL['e-mail']}` })).status).toBe(503);
      redis.kill();
      await redis.exited;
      expect(keep(await me.post('/orders/', wish)).status).toBe(503);
      const more = {
        'password of the mail server': server.password,
        'the same as it is sent': Buffer.from(`\0${server.username}\0${server.password}`).toString(
          'base64',
        ),
        'password of Redis': redis.password,
        'token of a link in a mail': linkToken.split('.')[2] ?? '',
        'signature of a genuine answer': genuine.get('sign') ?? '',
      };
      expect(Object.values(more).filter((secret) => secret.length < 12)).toEqual([]);
      Object.assign(secrets, more);
      await other.stop();
      const said = other.output() + JSON.stringify(kept);
      expect(
        ['MAIL_UNAVAILABLE', 'alipay.trade.query', '"UNAVAILABLE"'].filter(
          (code) => !said.includes(code),
        ),
      ).toEqual([]);
      const names = found(said);
      hits += names.length;
      expect(names).toEqual([]);
    } finally {
      await other.stop();
      await redis.stop();
      await smtp.stop();
      await beside.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('a token does show when a line is added that tells it: the control', async () => {
    const leaky = await spawnShop(db.url, { ...SECRETS, ...seeded('test/access/seed-leak.mjs') });
    const { body } = await new Client(leaky.url).post<{ token: string }>('/authorizations/', {
      username: 'canary_buyer',
      password: PERSONAL.password,
    });
    await new Client(leaky.url, body.token).get('/user/');
    secrets['token'] = body.token.split('.')[2] ?? '';
    await vi.waitFor(() => expect(found(leaky.output())).toEqual(['token']), SAID_WITHIN_MS);
    await leaky.stop();
  });

  /** Asks while a statement is held on its way, so that it is given up at its deadline. */
  async function inVain(
    { sent, shown }: (typeof HELD)[keyof typeof HELD],
    ask: () => Promise<Answer<unknown>>,
    output: () => string,
  ): Promise<void> {
    const held = proxy.hold(sent);
    expect((await ask()).status).toBe(503);
    await held.reached;
    held.release();
    const isTold = () => expect(givenUp(output())).toContainEqual(expect.stringMatching(shown));
    await vi.waitFor(isTold, SAID_WITHIN_MS);
  }

  /** A buyer's whole life, and everything that can go wrong in it. */
  async function live({ url, output }: ShopProcess): Promise<{ token: string; passage: string }> {
    const kept: string[] = [];
    const keep = <T>(answer: Answer<T>): Answer<T> => {
      if (answer.status >= 400) {
        kept.push(JSON.stringify(answer.body));
      }
      return answer;
    };
    const anybody = new Client(url);
    const mobile = PERSONAL['mobile number'];
    const password = PERSONAL.password;
    const wrongPassword = PERSONAL['wrong password'];
    const image = randomUUID();
    await anybody.get(`/image_codes/${image}/`);
    const text = await vi.waitFor(() => {
      const [, letters] = new RegExp(`Image code ${image}: (\\w{4})`).exec(output()) ?? [];
      expect(letters).toBeDefined();
      return letters;
    }, SAID_WITHIN_MS);
    await anybody.get(`/sms_codes/${mobile}/?image_code_id=${image}&text=${text}`);
    keep(await anybody.get(`/sms_codes/${mobile}/?image_code_id=${image}&text=${text}`));
    const code = await vi.waitFor(() => {
      const [, digits] = /SMS code for 137\*{4}5678: (\d{6})/.exec(output()) ?? [];
      expect(digits).toBeDefined();
      return digits;
    }, SAID_WITHIN_MS);
    const form = { username: 'canary_buyer', password, password2: password, mobile, allow: 'true' };
    keep(await anybody.post('/users/', { ...form, sms_code: '12345' }));
    keep(await anybody.post('/users/', { ...form, sms_code: '000000', password2: wrongPassword }));
    const made = await anybody.post<{ id: number; token: string }>('/users/', {
      ...form,
      sms_code: code,
    });
    expect(made.status).toBe(201);
    const { id, token } = made.body;
    const me = new Client(url, token);
    keep(await anybody.post('/authorizations/', { username: mobile, password: wrongPassword }));
    keep(await anybody.get('/user/', { Authorization: `Bearer ${token}x` }));
    keep(await anybody.get(`/user/?token=${token}`));
    keep(await me.put(`/users/${id}/password/`, { old_password: wrongPassword, password }));
    keep(
      await me.put(`/users/${id}/password/`, {
        old_password: wrongPassword,
        password,
        password2: password,
      }),
    );

    const address = {
      receiver: PERSONAL.receiver,
      place: PERSONAL.place,
      mobile: PERSONAL['mobile number of an address'],
      email: PERSONAL['e-mail'],
      province_id: 110_000,
      city_id: 110_100,
      district_id: 110_108,
    };
    await inVain(HELD.address, async () => keep(await me.post('/addresses/', address)), output);
    const saved = await me.post<{ id: number }>('/addresses/', address);
    expect(saved.status).toBe(201);
    keep(await me.post('/addresses/', { ...address, mobile: `${address.mobile}0` }));
    keep(await me.post('/addresses/', { ...address, district_id: 110_000 }));
    keep(await me.put('/addresses/4000000000/', address));
    // A refusal of the database whose words quote the row.
    await db.sql('ALTER TABLE addresses ADD UNIQUE KEY uq_canary (place)');
    expect(keep(await me.post('/addresses/', address)).status).toBe(500);
    await db.sql('ALTER TABLE addresses DROP KEY uq_canary');

    const [sku = 0] = await buildSkus(db, 1, { stock: 5 });
    keep(await me.post('/cart/', { sku_id: sku, count: 6 }));
    await me.post('/cart/', { sku_id: sku, count: 1 });
    const wish = { address: saved.body.id, pay_method: 2 };
    await inVain(HELD.order, async () => keep(await me.post('/orders/', wish)), output);
    const order = await me.post<{ order_id: string }>('/orders/', wish);
    expect(order.status).toBe(201);
    keep(await me.post('/orders/', wish));
    keep(await me.get(`/orders/${order.body.order_id}/payment/?scene=qr`));
    keep(await me.get(`/orders/${order.body.order_id}/payment/status/`));
    keep(await me.post(`/orders/${order.body.order_id}/cancel/`, {}));

    const raw = async (path: string, init: RequestInit) => {
      const answer = await fetch(new URL(path, url), init);
      kept.push(await answer.text());
    };
    const json = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    await raw('/authorizations/', {
      method: 'POST',
      headers: json,
      body: `{"password":"${password}"`,
    });
    await raw('/addresses/', { method: 'POST', headers: json, body: PERSONAL.place.repeat(3000) });
    await raw('/addresses/', {
      method: 'POST',
      headers: { ...json, 'Content-Type': 'text/plain' },
      body: PERSONAL.place,
    });
    await raw(`/nowhere/${encodeURIComponent(PERSONAL.place)}/?password=${password}`, {});
    await raw('/payment/alipay/notify/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...address, sign: 'x', sign_type: 'RSA2' } as never).toString(),
    });
    await db.sql('RENAME TABLE cart_lines TO cart_lines_away');
    expect(keep(await me.post('/cart/', { sku_id: sku, count: 1 })).status).toBe(500);
    await db.sql('RENAME TABLE cart_lines_away TO cart_lines');
    keep(await me.get('/metrics'));
    const metrics = await anybody.get<string>('/metrics', {
      Authorization: `Bearer ${SECRETS.METRICS_TOKEN}`,
    });
    expect(metrics.status).toBe(200);
    const document = await anybody.get('/openapi.json');
    kept.push(metrics.body, JSON.stringify(document.body));
    return { token, passage: kept.join('\n') };
  }
});

/** The texts of the statements a log says were given up. */
function givenUp(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"msg":"a statement was given up"'))
    .map((line) => (JSON.parse(line) as { statement: string }).statement);
}

/** The lines of a PEM file that are peculiar to its key. */
function pieces(pem: string): string[] {
  return pem
    .split('\n')
    .filter((line) => line.length > 20 && !line.includes('-----'))
    .slice(1);
}
