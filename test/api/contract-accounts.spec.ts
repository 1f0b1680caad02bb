/**
 * The contract with the original shop's pages, row by row: accounts. Exact members, JSON types, status codes, and texts in both languages.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { type Refusal, type Row, SKU, walk, walkRefusals } from '../kit/contract.js';
import { DevelopmentLog } from '../kit/development-log.js';
import * as is from '../kit/shape.js';
import { type Shop, startShop } from '../kit/shop.js';

const DEMO = { username: 'demo_buyer', password: 'demo-pass-2026' };
const PASSWORD = 'pass-word-1';
const NEW_PASSWORD = { old_password: PASSWORD, password: 'pass-word-2', password2: 'pass-word-2' };

/** The demo shop, and ways to get somebody new. */
class Ground {
  readonly anybody: Client;
  private numbers = 0;

  constructor(
    readonly shop: Shop,
    private readonly log: DevelopmentLog,
  ) {
    this.anybody = new Client(shop.url);
  }

  newMobile(): string {
    return `1590000${String((this.numbers += 1)).padStart(4, '0')}`;
  }

  /** A buyer who is logged in. */
  async buyer(): Promise<{ id: number; me: Client }> {
    const [{ id }] = (await buildBuyers(this.shop.db, 1)) as [Buyer];
    return { id, me: new Client(this.shop.url, tokenFor(id)) };
  }

  /** The query of a page that has shown an image and read it. */
  async imageRead(): Promise<{ text: string; image_code_id: string }> {
    const id = randomUUID();
    await this.anybody.get(`/image_codes/${id}/`);
    return { text: this.log.imageCode(id), image_code_id: id };
  }

  askForSms(mobile: string, query: Record<string, string>, headers?: Record<string, string>) {
    const search = new URLSearchParams(query).toString();
    return this.anybody.get(`/sms_codes/${mobile}/?${search}`, headers);
  }

  /** A form of registration that is in order, with the code that was sent. */
  async registration(changes: object = {}): Promise<Record<string, unknown>> {
    const mobile = this.newMobile();
    await this.askForSms(mobile, await this.imageRead());
    return {
      username: `contract_${mobile.slice(-4)}`,
      password: PASSWORD,
      password2: PASSWORD,
      mobile,
      sms_code: this.log.smsCode(mobile),
      allow: 'true',
      ...changes,
    };
  }

  async register(changes: object = {}, headers?: Record<string, string>) {
    return this.anybody.post('/users/', await this.registration(changes), headers);
  }

  /** Somebody who registered, with the token of the answer. */
  async registered(): Promise<{ id: number; me: Client; token: string }> {
    const { body } = await this.register();
    const { id, token } = body as { id: number; token: string };
    return { id, token, me: new Client(this.shop.url, token) };
  }

  async changePassword(changes: object, headers?: Record<string, string>) {
    const { id, me } = await this.registered();
    return me.put(`/users/${id}/password/`, { ...NEW_PASSWORD, ...changes }, headers);
  }

  async mailedToken(me: Client, email: string): Promise<string> {
    await me.put('/email/', { email });
    return this.log.mailedToken(email);
  }
}

const log = DevelopmentLog.read();
let ground: Ground;
beforeAll(async () => {
  ground = new Ground(await startShop(), log);
});
afterAll(() => ground.shop.close());

describe('accounts', () => {
  const rows: readonly Row<Ground>[] = [
    {
      row: 'GET /usernames/{5-20 word characters}/count/ of a name that is taken',
      asks: ({ anybody }) => anybody.get('/usernames/demo_buyer/count/'),
      status: 200,
      answers: { username: 'demo_buyer', count: 1 },
    },
    {
      row: 'GET /usernames/{5-20 word characters}/count/ of a free name',
      asks: ({ anybody }) => anybody.get('/usernames/nobody_here/count/'),
      status: 200,
      answers: { username: 'nobody_here', count: 0 },
    },
    {
      row: 'GET /mobiles/{1[3-9] and 9 digits}/count/',
      asks: ({ anybody }) => anybody.get('/mobiles/13800138000/count/'),
      status: 200,
      answers: { mobile: '13800138000', count: 1 },
    },
    {
      row: 'GET /sms_codes/{mobile}/?text=&image_code_id=',
      asks: async (g) => g.askForSms(g.newMobile(), await g.imageRead()),
      status: 200,
      answers: { message: 'OK' },
    },
    {
      row: 'POST /users/ answers id, not user_id',
      asks: (g) => g.register(),
      status: 201,
      answers: { id: is.id, username: is.text, mobile: is.text, token: is.token },
    },
    {
      row: 'POST /authorizations/ with the user name',
      asks: ({ anybody }) => anybody.post('/authorizations/', DEMO),
      status: 200,
      answers: { token: is.token, user_id: is.id, username: 'demo_buyer' },
    },
    {
      row: 'POST /authorizations/ with the mobile as user name',
      asks: ({ anybody }) => anybody.post('/authorizations/', { ...DEMO, username: '13800138000' }),
      status: 200,
      answers: { token: is.token, user_id: is.id, username: 'demo_buyer' },
    },
    {
      row: 'GET /user/',
      asks: async (g) => (await g.registered()).me.get('/user/'),
      status: 200,
      answers: { id: is.id, username: is.text, mobile: is.text, email: '', email_active: false },
    },
    {
      row: 'PUT /email/',
      asks: async (g) => (await g.buyer()).me.put('/email/', { email: 'a@example.com' }),
      status: 200,
      answers: { id: is.id, email: 'a@example.com' },
    },
    {
      row: 'GET /emails/verification/?token= of the link that was mailed',
      asks: async (g) => {
        const mailed = await g.mailedToken((await g.buyer()).me, 'b@example.com');
        return g.anybody.get(`/emails/verification/?token=${mailed}`);
      },
      status: 200,
      answers: { message: 'OK' },
    },
    {
      row: 'GET /user/ after the link was opened',
      asks: async (g) => {
        const { me } = await g.buyer();
        const mailed = await g.mailedToken(me, 'c@example.com');
        await g.anybody.get(`/emails/verification/?token=${mailed}`);
        return me.get('/user/');
      },
      status: 200,
      answers: {
        id: is.id,
        username: is.text,
        mobile: is.text,
        email: 'c@example.com',
        email_active: true,
      },
    },
    {
      row: 'PUT /users/{id}/password/',
      asks: (g) => g.changePassword({}),
      status: 200,
      answers: { id: is.id },
    },
    {
      row: 'POST /browse_histories/ with the SKU as a string',
      asks: async (g) => (await g.buyer()).me.post('/browse_histories/', { sku_id: '3' }),
      status: 201,
      answers: { sku_id: 3 },
    },
    {
      row: 'GET /browse_histories/ of nothing yet',
      asks: async (g) => (await g.buyer()).me.get('/browse_histories/'),
      status: 200,
      answers: [],
    },
    {
      row: 'GET /browse_histories/',
      asks: async (g) => {
        const { me } = await g.buyer();
        await me.post('/browse_histories/', { sku_id: '3' });
        return me.get('/browse_histories/');
      },
      status: 200,
      answers: [SKU],
    },
  ];
  walk(() => ground, rows);

  it('GET /image_codes/{uuid}/: an image for <img src>', async () => {
    const { status, headers, body } = await ground.anybody.get(`/image_codes/${randomUUID()}/`);
    expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatch(/^<svg /);
  });

  it('PUT /users/{id}/password/: old tokens die', async () => {
    const { id, me } = await ground.registered();
    expect((await me.get('/user/')).status).toBe(200);
    await me.put(`/users/${id}/password/`, NEW_PASSWORD);
    expect((await me.get('/user/')).status).toBe(401);
  });

  it('GET /browse_histories/: newest first, a SKU once, at most 5', async () => {
    const { me } = await ground.buyer();
    for (const sku_id of ['1', '2', '3', '4', '5', '6', '2']) {
      await me.post('/browse_histories/', { sku_id });
    }
    const { body } = await me.get<{ id: number }[]>('/browse_histories/');
    expect(body.map(({ id }) => id)).toEqual([2, 6, 5, 4, 3]);
  });

  const refusals: readonly Refusal<Ground>[] = [
    {
      row: 'GET /sms_codes/{mobile}/ with another text than the image’s',
      asks: async (g, headers) =>
        g.askForSms(g.newMobile(), { ...(await g.imageRead()), text: 'none' }, headers),
      status: 400,
      code: 'IMAGE_CODE_WRONG',
      member: 'non_field_errors',
      zh: '图片验证码错误',
      en: 'This is not what the image shows',
    },
    {
      row: 'GET /sms_codes/{mobile}/ with an image that was used before',
      asks: async (g, headers) => {
        const read = await g.imageRead();
        await g.askForSms(g.newMobile(), { ...read, text: 'none' });
        return g.askForSms(g.newMobile(), read, headers);
      },
      status: 400,
      code: 'IMAGE_CODE_INVALID',
      member: 'non_field_errors',
      zh: '图片验证码无效',
      en: 'The image is used or too old; ask for another',
    },
    {
      row: 'GET /sms_codes/{mobile}/ twice in a minute',
      asks: async (g, headers) => {
        const mobile = g.newMobile();
        await g.askForSms(mobile, await g.imageRead());
        return g.askForSms(mobile, await g.imageRead(), headers);
      },
      status: 400,
      code: 'SMS_TOO_FREQUENT',
      member: 'non_field_errors',
      zh: '请求次数过于频繁',
      en: 'One SMS a minute',
    },
    {
      row: 'POST /users/ with a mobile that is none',
      asks: (g, headers) => g.register({ mobile: '12345678901' }, headers),
      status: 400,
      code: 'VALIDATION_FAILED',
      member: 'mobile',
      zh: '手机号格式错误',
      en: 'Not a mobile number',
    },
    {
      row: 'POST /users/ with a short password',
      asks: (g, headers) => g.register({ password: 'short-7', password2: 'short-7' }, headers),
      status: 400,
      code: 'VALIDATION_FAILED',
      member: 'password',
      zh: '仅允许8-20个字符的密码',
      en: '8 to 20 characters',
    },
    {
      row: 'POST /users/ with allow true and not "true"',
      asks: (g, headers) => g.register({ allow: true }, headers),
      status: 400,
      code: 'VALIDATION_FAILED',
      member: 'allow',
      zh: '请同意用户协议',
      en: 'The terms must be accepted',
    },
    {
      row: 'POST /users/ with two passwords',
      asks: (g, headers) => g.register({ password2: 'pass-word-2' }, headers),
      status: 400,
      code: 'PASSWORDS_DIFFER',
      member: 'non_field_errors',
      zh: '两次密码不一致',
      en: 'The two passwords differ',
    },
    {
      row: 'POST /users/ without having agreed',
      asks: (g, headers) => g.register({ allow: 'false' }, headers),
      status: 400,
      code: 'AGREEMENT_REQUIRED',
      member: 'non_field_errors',
      zh: '请同意用户协议',
      en: 'The terms must be accepted',
    },
    {
      row: 'POST /users/ with a code nobody sent',
      asks: (g, headers) => g.register({ mobile: g.newMobile() }, headers),
      status: 400,
      code: 'SMS_CODE_INVALID',
      member: 'non_field_errors',
      zh: '短信验证码错误',
      en: 'Wrong or expired SMS code',
    },
    {
      row: 'POST /users/ with a name that is taken',
      asks: (g, headers) => g.register({ username: 'demo_buyer' }, headers),
      status: 400,
      code: 'USERNAME_TAKEN',
      member: 'non_field_errors',
      zh: '用户名已存在',
      en: 'This user name is taken',
    },
    {
      row: 'POST /users/ with a number that is taken',
      asks: (g, headers) => g.register({ mobile: '13800138000' }, headers),
      status: 400,
      code: 'MOBILE_TAKEN',
      member: 'non_field_errors',
      zh: '手机号已存在',
      en: 'This mobile number is taken',
    },
    {
      row: 'POST /authorizations/ with a wrong password is 400, not 401',
      asks: ({ anybody }, headers) =>
        anybody.post('/authorizations/', { ...DEMO, password: 'wrong-pass-1' }, headers),
      status: 400,
      code: 'LOGIN_FAILED',
      member: 'non_field_errors',
      zh: '用户名或密码错误',
      en: 'Wrong user name or password',
    },
    {
      row: 'PUT /email/ with an address that is none',
      asks: async (g, headers) => (await g.buyer()).me.put('/email/', { email: 'nobody' }, headers),
      status: 400,
      code: 'VALIDATION_FAILED',
      member: 'email',
      zh: '邮箱格式错误',
      en: 'Not an e-mail address',
    },
    {
      row: 'GET /emails/verification/?token= of no link',
      asks: ({ anybody }, headers) => anybody.get('/emails/verification/?token=x', headers),
      status: 400,
      code: 'EMAIL_LINK_INVALID',
      member: 'message',
      zh: '链接信息无效',
      en: 'This link is not valid or no longer so',
    },
    {
      row: 'PUT /users/{id}/password/ with a wrong old password',
      asks: (g, headers) => g.changePassword({ old_password: 'wrong-pass-1' }, headers),
      status: 400,
      code: 'OLD_PASSWORD_WRONG',
      member: 'non_field_errors',
      zh: '原密码错误',
      en: 'The old password is wrong',
    },
    {
      row: 'PUT /users/{id}/password/ with two new passwords',
      asks: (g, headers) => g.changePassword({ password2: 'pass-word-3' }, headers),
      status: 400,
      code: 'PASSWORDS_DIFFER',
      member: 'non_field_errors',
      zh: '两次密码不一致',
      en: 'The two passwords differ',
    },
    {
      row: 'PUT /users/{id}/password/ of somebody else',
      asks: async (g, headers) => {
        const other = await g.registered();
        return (await g.registered()).me.put(`/users/${other.id}/password/`, NEW_PASSWORD, headers);
      },
      status: 404,
      code: 'NOT_FOUND',
      member: 'detail',
      zh: '未找到',
      en: 'Not found',
    },
    {
      row: 'POST /browse_histories/ of no product',
      asks: async (g, headers) =>
        (await g.buyer()).me.post('/browse_histories/', { sku_id: '99999' }, headers),
      status: 400,
      code: 'SKU_NOT_FOUND',
      member: 'non_field_errors',
      zh: '商品不存在',
      en: 'No such product',
    },
  ];
  walkRefusals(() => ground, refusals);
});
