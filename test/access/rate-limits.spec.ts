/** Limits per account and per address: shared by all instances, and no lock on anybody's door. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { LimitsCleaner } from '../../src/limits/limits-cleaner.js';
import { hashPassword } from '../../src/users/passwords.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const PASSWORD = 'pass-word-1';
const VICTIM = { username: 'Victim_of_all', password: PASSWORD };
const SETTINGS = {
  RATE_LIMITS: 'on',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_OVERRIDES: [
    'login.account+address=3/600',
    'login.address=20/600',
    'login.account=8/600',
    'sms.address=3/600',
    'registration.address=2/600',
    'lookup.address=3/600',
    'password.account=2/600',
    'orders.account=2/600',
    'payment.account=2/600',
    'inquiry.account=2/600',
    'inquiry.address=3/600',
  ].join(),
};

describe('rate limits', () => {
  let shop: Shop;
  let anybody: Client;
  let hosts = 0;

  beforeAll(async () => {
    shop = await startBareShop(SETTINGS);
    anybody = new Client(shop.url);
    await account(VICTIM.username, '13600136000');
  });
  afterAll(() => shop.close());
  /** Each test has addresses of its own. */
  beforeEach(() => {
    hosts += 100;
  });

  const host = (n = 0) => `198.51.${Math.floor((hosts + n) / 200)}.${(hosts + n) % 200}`;
  const from = (n = 0) => ({ 'X-Forwarded-For': host(n) });
  const login = (username: string, password: string, n = 0, at = anybody) =>
    at.post('/authorizations/', { username, password }, from(n));
  const account = async (username: string, mobile: string) =>
    shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
      username,
      mobile,
      await hashPassword(PASSWORD),
    ]);
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

  async function times<T>(count: number, send: (i: number) => Promise<T>): Promise<T[]> {
    const answers: T[] = [];
    for (let i = 0; i < count; i += 1) {
      answers.push(await send(i));
    }
    return answers;
  }

  function expectRefused(answer: Answer | undefined): void {
    expect([answer?.status, answer?.body['code']]).toEqual([429, 'TOO_MANY_REQUESTS']);
    const retryAfter = Number(answer?.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(60);
    expect(retryAfter).toBeLessThanOrEqual(600);
    expect(answer?.headers.get('ratelimit-remaining')).toBe('0');
    expect(answer?.headers.get('ratelimit-reset')).toBe(String(retryAfter));
  }

  it('count down in the headers, then answer 429 with the time to wait', async () => {
    const answers = await times(4, () => login('nobody_here', 'wrong-pass'));
    expect(statuses(answers)).toEqual([400, 400, 400, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    expect(answers[0]?.headers.get('ratelimit-limit')).toBe('3');
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('3;w=600, 20;w=600, 8;w=600');
    expectRefused(answers[3]);
  });

  it('stop a guess of one password from one address, the right one too, and nobody else', async () => {
    const guesses = await times(3, () => login(VICTIM.username, 'wrong-pass'));
    expect(statuses(guesses)).toEqual([400, 400, 400]);
    for (const spelling of [VICTIM.username, VICTIM.username.toUpperCase()]) {
      expectRefused(await login(spelling, PASSWORD));
    }
    expect((await login(VICTIM.username, PASSWORD, 1)).status).toBe(200);
  });

  it('know an account by one spelling: what the database takes for the same is not let in', async () => {
    for (const [i, name] of ['Víctim_of_all', 'Victim_of_all ', 'Victim\u200b_of_all'].entries()) {
      expect((await login(name, PASSWORD, i)).body['code']).toBe('LOGIN_FAILED');
    }
  });

  it('stop one address that tries many accounts', async () => {
    const answers = await times(21, (i) => login(`somebody_${i}`, 'wrong-pass'));
    expect(statuses(answers)).toEqual([...Array<number>(20).fill(400), 429]);
    expectRefused(answers[20]);
    expect((await login('somebody_99', 'wrong-pass', 1)).status).toBe(400);
  });

  it('stop one account tried from many addresses, but not where its owner is known', async () => {
    const name = 'owner_of_it';
    await account(name, '13600136001');
    expect((await login(name, PASSWORD, 50)).status).toBe(200);
    const flood = await times(9, (i) => login(name, 'wrong-pass', i));
    expect(statuses(flood)).toEqual([...Array<number>(7).fill(400), 429, 429]);
    expectRefused(await login(name, PASSWORD, 60));
    expect((await login(name, PASSWORD, 50)).status).toBe(200);
    expect((await login(name, PASSWORD, 50)).status).toBe(200);
  });

  it('forget the wrong tries of an address once the password was right', async () => {
    const name = 'forgetful_one';
    await account(name, '13600136002');
    const wrong = (count: number) => times(count, () => login(name, 'wrong-pass'));
    expect(statuses(await wrong(2))).toEqual([400, 400]);
    expect((await login(name, PASSWORD)).status).toBe(200);
    expect(statuses(await wrong(3))).toEqual([400, 400, 400]);
  });

  it('are the same for every instance, and survive a restart', async () => {
    await times(2, () => login('shared_name', 'wrong-pass'));
    const other = await createApp(testSettings(shop.db.url, SETTINGS));
    await other.listen(0, '127.0.0.1');
    const there = new Client(await other.getUrl());
    expect((await login('shared_name', 'wrong-pass', 0, there)).status).toBe(400);
    expectRefused(await login('shared_name', 'wrong-pass', 0, there));
    expectRefused(await login('shared_name', 'wrong-pass'));
    await other.close();
  });

  it('hold when the requests come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => login('parallel_name', 'wrong-pass')),
    );
    expect(statuses(answers).filter((status) => status === 400)).toHaveLength(3);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(9);
  });

  it('believe a forwarded address only from a proxy that is named', async () => {
    const alone = await createApp(testSettings(shop.db.url, { ...SETTINGS, TRUSTED_PROXIES: '' }));
    await alone.listen(0, '127.0.0.1');
    const there = new Client(await alone.getUrl());
    const answers = await times(4, (i) => there.get('/usernames/nobody_here/count/', from(i)));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    await alone.close();
    // Behind the named one, the header's last address counts; what the client put before it is its own claim.
    const claims = await times(4, (i) =>
      anybody.get('/usernames/nobody_here/count/', {
        'X-Forwarded-For': `203.0.113.${i}, ${host()}`,
      }),
    );
    expect(statuses(claims)).toEqual([200, 200, 200, 429]);
  });

  it('keep no name, number or address, and remove what has run out', async () => {
    await login('a_name_of_mine', 'wrong-pass');
    const rows = await shop.db.sql<{ k: string }>('SELECT HEX(limit_key) AS k FROM rate_limits');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ k }) => /^[0-9A-F]{64}$/.test(k))).toBe(true);
    const past = 'UTC_TIMESTAMP(3) - INTERVAL 1 SECOND';
    await shop.db.sql(`UPDATE rate_limits SET resets_at = ${past}`);
    await shop.app.get(LimitsCleaner).clean();
    expect(await shop.db.sql('SELECT * FROM rate_limits')).toEqual([]);
  });

  it('begin anew when their window has ended', async () => {
    const ask = () => anybody.get('/sms_codes/13700137000/', from());
    expect(statuses(await times(4, ask))).toEqual([400, 400, 400, 429]);
    const restarted = await createApp(testSettings(shop.db.url, SETTINGS));
    await restarted.listen(0, '127.0.0.1');
    const there = new Client(await restarted.getUrl());
    const past = 'UTC_TIMESTAMP(3) - INTERVAL 61 SECOND';
    await shop.db.sql(`UPDATE rate_limits SET resets_at = ${past}`);
    expect((await there.get('/sms_codes/13700137000/', from())).status).toBe(400);
    await restarted.close();
  });

  it('hold for text messages, registering and looking names up', async () => {
    const sms = await times(4, (i) => anybody.get(`/sms_codes/1370013800${i}/`, from(1)));
    expect(statuses(sms)).toEqual([400, 400, 400, 429]);
    const registrations = await times(3, () => anybody.post('/users/', {}, from(2)));
    expect(statuses(registrations)).toEqual([400, 400, 429]);
    const lookups = await times(4, (i) => anybody.get(`/mobiles/1370013900${i}/count/`, from(3)));
    expect(statuses(lookups)).toEqual([200, 200, 200, 429]);
    expectRefused(lookups[3]);
  });

  it('hold for orders, payment pages and passwords of one buyer, and cost no order anything', async () => {
    const [buyer, other] = (await buildBuyers(shop.db, 2)) as [Buyer, Buyer];
    const skuIds = await buildSkus(shop.db, 1);
    await fillCarts(
      shop.db,
      [buyer, other].map(({ id }) => ({ userId: id, skuIds })),
    );
    const me = new Client(shop.url, tokenFor(buyer.id));
    const wish = { address: buyer.addressId, pay_method: 2 };
    const order = await me.post('/orders/', wish);
    expect(order.status).toBe(201);
    expect(statuses(await times(2, () => me.post('/orders/', wish)))).toEqual([400, 429]);
    const path = `/orders/${order.body['order_id'] as string}/payment/`;
    expect(statuses(await times(3, () => me.get(path)))).toEqual([200, 200, 429]);
    const status = `${path}status/`;
    expect(statuses(await times(3, () => me.get(status, from())))).toEqual([200, 200, 429]);
    const password = `/users/${buyer.id}/password/`;
    expect(statuses(await times(3, () => me.put(password, {})))).toEqual([400, 400, 429]);
    const theirs = new Client(shop.url, tokenFor(other.id));
    const placed = await theirs.post('/orders/', { ...wish, address: other.addressId });
    expect(placed.status).toBe(201);
    expect(await shop.db.sql('SELECT COUNT(*) AS n FROM orders')).toEqual([{ n: 2 }]);
  });

  it('hold for asking whether an order is paid, with a return that is nobody’s too', async () => {
    const returned = await times(4, () => anybody.put('/payment/status/?sign=x', {}, from()));
    expect(statuses(returned)).toEqual([403, 403, 403, 429]);
    expectRefused(returned[3]);
    expect((await anybody.put('/payment/status/?sign=x', {}, from(1))).status).toBe(403);
    // Another's order counts as well: whoever asks is counted, whatever the answer.
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const me = new Client(shop.url, tokenFor(buyer.id));
    const asked = await times(3, (i) =>
      me.get('/orders/2611222150361230042/payment/status/', from(10 + i)),
    );
    expect(statuses(asked)).toEqual([404, 404, 429]);
  });

  it('are told in the metrics by name', async () => {
    const text = (await anybody.get<string>('/metrics')).body;
    expect(text).toMatch(/^rate_limited_total\{limit="login"\} [1-9]/m);
  });

  it('leave probes, notifies and everything else alone', async () => {
    for (const path of ['/health/live/', '/health/ready/', '/skus/search/?text=a']) {
      const answers = await times(5, () => anybody.get(path, from()));
      expect(new Set(statuses(answers))).toEqual(new Set([200]));
      expect(answers[0]?.headers.get('ratelimit-limit')).toBeNull();
    }
    const notify = await times(5, () => anybody.post('/payment/alipay/notify/', {}, from()));
    expect(notify.map(({ body }) => body)).toEqual(Array(5).fill('fail'));
  });
});
