/** Registering over HTTP: the SMS code, every refusal, and one account per name and number. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedAreas } from '../../src/database/seed/areas.js';
import { createDemoUsers } from '../../src/users/demo-users.js';
import { LogSmsSender, SmsSender, smsSenderFor } from '../../src/users/sms/sms-sender.js';
import { type Answer, Client } from '../kit/client.js';
import { DevelopmentLog } from '../kit/development-log.js';
import { insist } from '../kit/insist.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('registering', () => {
  let shop: Shop;
  let anybody: Client;
  const log = DevelopmentLog.read();
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

  /** Reads a new image and asks for an SMS with its text. */
  async function askForCode(mobile: string): Promise<Answer> {
    const id = randomUUID();
    await insist(() => anybody.get(`/image_codes/${id}/`));
    return anybody.get(`/sms_codes/${mobile}/?text=${log.imageCode(id)}&image_code_id=${id}`);
  }

  async function codeFor(mobile: string): Promise<string> {
    expect((await askForCode(mobile)).status).toBe(200);
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
      [
        { mobile: '13800138000', sms_code: await codeFor('13800138000') },
        'MOBILE_TAKEN',
        '手机号已存在',
      ],
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
      Array.from({ length: 10 }, () => insist(() => askForCode(mobile))),
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
        insist(() => anybody.post('/users/', { ...good, sms_code: wrong(good.sms_code) })),
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
    expect((await askForCode(mobile)).status).toBe(500);
    expect(await codeFor(mobile)).toMatch(/^\d{6}$/);
  });

  it('refuses to send in production without a provider, instead of pretending', async () => {
    const sender = shop.app.get(SmsSender, { strict: false });
    const production = smsSenderFor('production');
    vi.mocked(sender.send).mockImplementationOnce((...message) => production.send(...message));
    const mobile = newMobile();
    const answer = await askForCode(mobile);
    expect([answer.status, answer.body['code']]).toEqual([503, 'SMS_UNAVAILABLE']);
    expect(await shop.db.sql('SELECT * FROM sms_codes WHERE mobile = ?', [mobile])).toEqual([]);
    expect(smsSenderFor('development')).toBeInstanceOf(LogSmsSender);
  });

  it('makes one account of twenty parallel registrations with one mobile', async () => {
    const good = await form();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        insist(() => anybody.post('/users/', { ...good, username: `rival_${i}` })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refusals = codesOf(answers.filter(({ status }) => status !== 201));
    expect(refusals.filter((c) => c !== 'MOBILE_TAKEN' && c !== 'SMS_CODE_INVALID')).toEqual([]);
    const rows = await shop.db.sql('SELECT id FROM users WHERE mobile = ?', [good.mobile]);
    expect(rows).toHaveLength(1);
    expect((await anybody.post('/users/', good)).body['code']).toBe('SMS_CODE_INVALID');
  });

  it('makes one account of twenty parallel registrations with one name', async () => {
    const forms = [];
    for (let i = 0; i < 20; i += 1) {
      forms.push(await form({ username: 'wanted_name' }));
    }
    const answers = await Promise.all(
      forms.map((body) => insist(() => anybody.post('/users/', body))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 201);
    expect(new Set(codesOf(refusals))).toEqual(new Set(['USERNAME_TAKEN']));
    const loser = forms[answers.findIndex(({ status }) => status !== 201)];
    const again = await anybody.post('/users/', { ...loser, username: 'second_choice' });
    expect(again.status, 'the code of a refused registration is still good').toBe(201);
  });
});
