/** Accounts over HTTP: registering with an SMS code, logging in, the profile, the password. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedAreas } from '../../src/database/seed/areas.js';
import { createDemoUsers } from '../../src/users/demo-users.js';
import { SmsSender } from '../../src/users/sms/sms-sender.js';
import { type Answer, Client } from '../kit/client.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const DEMO = { username: 'demo_buyer', password: 'demo-pass-2026' };

describe('accounts', () => {
  let shop: Shop;
  let anybody: Client;
  /** The last code that was handed to the sender, by mobile number. */
  const sent = new Map<string, string>();
  let numbers = 0;

  beforeAll(async () => {
    shop = await startBareShop();
    await seedAreas(shop.db.dataSource);
    await createDemoUsers(shop.db.dataSource);
    anybody = new Client(shop.url);
    const sender = shop.app.get(SmsSender, { strict: false });
    const send = sender.send.bind(sender);
    vi.spyOn(sender, 'send').mockImplementation(async (mobile, code) => {
      sent.set(mobile, code);
      await send(mobile, code);
    });
  });
  afterAll(() => shop.close());

  const newMobile = (): string => `1370000${String((numbers += 1)).padStart(4, '0')}`;

  async function codeFor(mobile: string): Promise<string> {
    expect((await anybody.get(`/sms_codes/${mobile}/?text=abcd&image_code_id=x`)).status).toBe(200);
    return sent.get(mobile) ?? '';
  }

  async function form(changes: Record<string, unknown> = {}) {
    const mobile = newMobile();
    const password = 'pass-word-1';
    return {
      username: `user_${mobile.slice(-4)}`,
      password,
      password2: password,
      mobile,
      sms_code: await codeFor(mobile),
      allow: 'true',
      ...changes,
    };
  }

  const users = () => shop.db.sql('SELECT id, username, mobile, role FROM users ORDER BY id');
  const codesOf = (answers: readonly Answer[]) => answers.map(({ body }) => body['code']);
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('counts names and numbers, and finds no page for what cannot be one', async () => {
    const count = async (path: string) => (await anybody.get(path)).body;
    expect(await count('/usernames/demo_buyer/count/')).toEqual({
      username: 'demo_buyer',
      count: 1,
    });
    expect(await count('/usernames/nobody_here/count/')).toMatchObject({ count: 0 });
    expect(await count(`/usernames/${encodeURIComponent('美多商城用户')}/count/`)).toEqual({
      username: '美多商城用户',
      count: 0,
    });
    expect(await count('/mobiles/13800138000/count/')).toEqual({ mobile: '13800138000', count: 1 });
    expect(await count('/mobiles/19912345678/count/')).toMatchObject({ count: 0 });
    for (const path of [
      '/usernames/four/count/',
      '/usernames/aaaaabbbbbcccccddddde/count/',
      '/usernames/with-dash/count/',
      '/mobiles/12345678901/count/',
      '/mobiles/1380013800/count/',
      '/sms_codes/12345/',
    ]) {
      const answer = await anybody.get(path);
      expect([path, answer.status, answer.body['code']]).toEqual([path, 404, 'NOT_FOUND']);
    }
  });

  it('registers with the code of the SMS, and the token works at once', async () => {
    const body = await form();
    const answer = await anybody.post<{ id: number; token: string }>('/users/', body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(Number),
      username: body.username,
      mobile: body.mobile,
      token: expect.any(String),
    });
    const me = await new Client(shop.url, answer.body.token).get('/user/');
    expect(me.body).toEqual({
      id: answer.body.id,
      username: body.username,
      mobile: body.mobile,
      email: '',
      email_active: false,
    });
    const [row] = await shop.db.sql<{ hash: string; role: string }>(
      'SELECT password_hash AS hash, role FROM users WHERE id = ?',
      [answer.body.id],
    );
    expect(row?.role).toBe('buyer');
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('says what is wrong with each field, in the language asked for', async () => {
    const before = await users();
    const good = await form();
    const cases: readonly [field: string, value: unknown, zh: string, en: string][] = [
      ['username', 'four', '仅允许5-20个字符的用户名', '5 to 20'],
      ['username', 'with blank', '仅允许5-20个字符的用户名', '5 to 20'],
      ['username', '13600136000', '不能是手机号', 'not a mobile number'],
      ['username', ['demo_buyer'], '仅允许5-20个字符的用户名', '5 to 20'],
      ['password', 'short-7', '仅允许8-20个字符的密码', '8 to 20 characters'],
      ['password', 'x'.repeat(21), '仅允许8-20个字符的密码', '8 to 20 characters'],
      ['password2', undefined, '请再次输入密码', 'Repeat the password'],
      ['mobile', '12345678901', '手机号格式错误', 'Not a mobile number'],
      ['mobile', 13_700_000_000, '手机号格式错误', 'Not a mobile number'],
      ['sms_code', '12345', '短信验证码格式错误', 'Six digits'],
      ['allow', true, '请同意用户协议', 'The terms must be accepted'],
    ];
    for (const [field, value, zh, en] of cases) {
      const body = { ...good, [field]: value };
      const chinese = await anybody.post('/users/', body);
      expect([field, chinese.status, chinese.body['code']]).toEqual([
        field,
        400,
        'VALIDATION_FAILED',
      ]);
      expect(chinese.body[field], field).toEqual([expect.stringContaining(zh)]);
      const english = await anybody.post('/users/', body, { 'Accept-Language': 'en' });
      expect(english.body[field], field).toEqual([expect.stringContaining(en)]);
    }
    const all = await anybody.post<{ errors: { field: string }[] }>('/users/', {});
    expect(all.body.errors.map(({ field }) => field).toSorted()).toEqual(
      ['allow', 'mobile', 'password', 'password2', 'sms_code', 'username'].toSorted(),
    );
    const more = await anybody.post('/users/', { ...good, role: 'admin' });
    expect([more.status, more.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
    for (const body of [[], 'text', null, 5]) {
      expect((await anybody.post('/users/', body)).status).toBe(400);
    }
    expect(await users()).toEqual(before);
  });

  it('refuses what is wrong with the whole form in non_field_errors', async () => {
    const before = await users();
    const good = await form();
    const cases: readonly [changes: object, code: string, text: string][] = [
      [{ allow: 'false' }, 'AGREEMENT_REQUIRED', '请同意用户协议'],
      [{ password2: 'pass-word-2' }, 'PASSWORDS_DIFFER', '两次密码不一致'],
      [{ sms_code: wrong(good.sms_code) }, 'SMS_CODE_INVALID', '短信验证码错误'],
      [{ username: 'Demo_Buyer' }, 'USERNAME_TAKEN', '用户名已存在'],
      [{ mobile: '13800138000' }, 'MOBILE_TAKEN', '手机号已存在'],
    ];
    for (const [changes, code, text] of cases) {
      const answer = await anybody.post('/users/', { ...good, ...changes });
      expect([answer.status, answer.body['code']]).toEqual([400, code]);
      expect(answer.body['non_field_errors']).toEqual([text]);
    }
    expect(await users()).toEqual(before);
    expect((await anybody.post('/users/', good)).status).toBe(201);
  });

  it('keeps only a keyed hash of the code, sends one a minute and forgets after five', async () => {
    const mobile = newMobile();
    const rivals = await Promise.all(
      Array.from({ length: 10 }, () => anybody.get(`/sms_codes/${mobile}/`)),
    );
    expect(rivals.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = rivals.find(({ status }) => status === 400);
    expect(refused?.body).toMatchObject({
      code: 'SMS_TOO_FREQUENT',
      non_field_errors: ['请求次数过于频繁'],
    });
    const [row] = await shop.db.sql<{ hash: Buffer; lifetime: number }>(
      `SELECT code_hash AS hash, TIMESTAMPDIFF(SECOND, sent_at, expires_at) AS lifetime
       FROM sms_codes WHERE mobile = ?`,
      [mobile],
    );
    expect(row?.lifetime).toBe(300);
    const first = sent.get(mobile) ?? '';
    expect(row?.hash.includes(first)).toBe(false);

    const ago = (seconds: number) =>
      shop.db.sql(
        `UPDATE sms_codes SET sent_at = sent_at - INTERVAL ? SECOND,
           expires_at = expires_at - INTERVAL ? SECOND WHERE mobile = ?`,
        [seconds, seconds, mobile],
      );
    await ago(61);
    const second = await codeFor(mobile);
    await ago(301);
    const password = 'pass-word-1';
    const late = await anybody.post('/users/', {
      username: 'late_comer',
      password,
      password2: password,
      mobile,
      sms_code: second,
      allow: 'true',
    });
    expect(late.body['code']).toBe('SMS_CODE_INVALID');
  });

  it('lets nobody guess: five wrong tries kill the code, in parallel too', async () => {
    const good = await form();
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () =>
        anybody.post('/users/', { ...good, sms_code: wrong(good.sms_code) }),
      ),
    );
    expect(new Set(codesOf(guesses))).toEqual(new Set(['SMS_CODE_INVALID']));
    const [row] = await shop.db.sql<{ tries: number }>(
      'SELECT tries_left AS tries FROM sms_codes WHERE mobile = ?',
      [good.mobile],
    );
    expect(row?.tries).toBe(0);
    expect((await anybody.post('/users/', good)).body['code']).toBe('SMS_CODE_INVALID');
  });

  it('does not count a code that could not be sent as one a minute', async () => {
    const sender = shop.app.get(SmsSender, { strict: false });
    const mobile = newMobile();
    vi.mocked(sender.send).mockRejectedValueOnce(new Error('the provider is down'));
    expect((await anybody.get(`/sms_codes/${mobile}/`)).status).toBe(500);
    expect(await codeFor(mobile)).toMatch(/^\d{6}$/);
  });

  it('makes one account of twenty parallel registrations with one mobile', async () => {
    const good = await form();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        anybody.post('/users/', { ...good, username: `rival_${i}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refusals = codesOf(answers.filter(({ status }) => status !== 201));
    expect(refusals.filter((c) => c !== 'MOBILE_TAKEN' && c !== 'SMS_CODE_INVALID')).toEqual([]);
    const rows = await shop.db.sql('SELECT id FROM users WHERE mobile = ?', [good.mobile]);
    expect(rows).toHaveLength(1);
    expect((await anybody.post('/users/', good)).body['code']).toBe('MOBILE_TAKEN');
  });

  it('makes one account of twenty parallel registrations with one name', async () => {
    const forms = [];
    for (let i = 0; i < 20; i += 1) {
      forms.push(await form({ username: 'wanted_name' }));
    }
    const answers = await Promise.all(forms.map((body) => anybody.post('/users/', body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 201);
    expect(new Set(codesOf(refusals))).toEqual(new Set(['USERNAME_TAKEN']));
    const loser = forms[answers.findIndex(({ status }) => status !== 201)];
    const again = await anybody.post('/users/', { ...loser, username: 'second_choice' });
    expect(again.status, 'the code of a refused registration is still good').toBe(201);
  });

  it('logs in by name and by mobile, and says the same for every failure', async () => {
    for (const username of ['demo_buyer', '13800138000']) {
      const answer = await anybody.post('/authorizations/', { ...DEMO, username });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        token: expect.any(String),
        user_id: expect.any(Number),
        username: 'demo_buyer',
      });
    }
    for (const credentials of [
      { ...DEMO, password: 'demo-pass-2025' },
      { ...DEMO, username: 'nobody_here' },
      { ...DEMO, username: '13911111111' },
    ]) {
      const answer = await anybody.post('/authorizations/', credentials);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        code: 'LOGIN_FAILED',
        non_field_errors: ['用户名或密码错误'],
      });
    }
    const empty = await anybody.post('/authorizations/', { username: '', password: null });
    expect(empty.body).toMatchObject({ username: ['请输入用户名'], password: ['请输入密码'] });
    const array = await anybody.post('/authorizations/', { username: {}, password: ['x'] });
    expect(array.status).toBe(400);
  });

  it('takes JWT and Bearer tokens, and answers 401 with the scheme without one', async () => {
    const { body } = await anybody.post<{ token: string }>('/authorizations/', DEMO);
    for (const Authorization of [`JWT ${body.token}`, `Bearer ${body.token}`]) {
      expect((await anybody.get('/user/', { Authorization })).status).toBe(200);
    }
    for (const Authorization of ['JWT undefined', `Basic ${body.token}`, `JWT ${body.token}x`]) {
      const answer = await anybody.get('/user/', { Authorization });
      expect([answer.status, answer.body['code']]).toEqual([401, 'NOT_AUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toBe('JWT realm="api"');
      expect(answer.body['detail']).toEqual(expect.any(String));
    }
  });

  it('lets a password change kill all older tokens, and nobody change another’s', async () => {
    const registered = await anybody.post<{ id: number; token: string }>('/users/', await form());
    const { id, token } = registered.body;
    const me = new Client(shop.url, token);
    const change = { old_password: 'pass-word-1', password: 'pass-word-2' };
    const put = (to: number, body: object) => me.put(`/users/${to}/password/`, body);

    const other = await put(id + 1, { ...change, password2: change.password });
    expect([other.status, other.body['code']]).toEqual([404, 'NOT_FOUND']);
    const differ = await put(id, { ...change, password2: 'pass-word-3' });
    expect(differ.body['code']).toBe('PASSWORDS_DIFFER');
    const stale = await put(id, { ...change, password2: change.password, old_password: 'wrong' });
    expect([stale.status, stale.body['code']]).toEqual([400, 'OLD_PASSWORD_WRONG']);
    expect((await me.get('/user/')).status).toBe(200);

    const rivals = await Promise.all(
      Array.from({ length: 4 }, () => put(id, { ...change, password2: change.password })),
    );
    const done = rivals.filter(({ status }) => status === 200);
    expect(done.map(({ body }) => body)).toEqual([{ id }]);
    expect((await me.get('/user/')).status).toBe(401);

    const [row] = await shop.db.sql<{ username: string; version: number }>(
      'SELECT username, token_version AS version FROM users WHERE id = ?',
      [id],
    );
    expect(row?.version).toBe(1);
    const login = (password: string) =>
      anybody.post<{ token: string }>('/authorizations/', { username: row?.username, password });
    expect((await login('pass-word-1')).body).toMatchObject({ code: 'LOGIN_FAILED' });
    const fresh = await login('pass-word-2');
    expect((await new Client(shop.url, fresh.body.token).get('/user/')).status).toBe(200);
  });

  it('makes the demo accounts once', async () => {
    const before = await users();
    await createDemoUsers(shop.db.dataSource);
    expect(await users()).toEqual(before);
    expect(before.slice(0, 2)).toMatchObject([
      { username: 'demo_buyer', mobile: '13800138000', role: 'buyer' },
      { username: 'demo_admin', mobile: '13900139000', role: 'admin' },
    ]);
  });
});

describe('accounts in production without an SMS provider', () => {
  it('refuses to send instead of pretending', async () => {
    const shop = await startBareShop({
      NODE_ENV: 'production',
      JWT_SECRET: 'kJ8-Zp2_qW5xT0rYbN7vLc4mHd9sGf1a',
      ALIPAY_GATEWAY: 'https://127.0.0.1:9/gateway.do',
      ALIPAY_NOTIFY_URL: 'https://127.0.0.1:9/payment/alipay/notify/',
    });
    try {
      const answer = await new Client(shop.url).get('/sms_codes/13700137000/');
      expect([answer.status, answer.body['code']]).toEqual([503, 'SMS_UNAVAILABLE']);
      expect(await shop.db.sql('SELECT * FROM sms_codes')).toEqual([]);
    } finally {
      await shop.close();
    }
  });
});
