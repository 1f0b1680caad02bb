/** The e-mail address of an account: mailed a link, proved by it, and by nothing else. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmailLinks } from '../../src/users/email/email-links.js';
import { mailerFor } from '../../src/users/email/mailer.js';
import { type Buyer, buildBuyers } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { DevelopmentLog } from '../kit/development-log.js';
import { insist } from '../kit/insist.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';
import { SmtpServer } from '../kit/smtp.js';

const PAGE = 'http://www.meiduo.site:8080/success_verify_email.html';

describe('e-mail', () => {
  const log = DevelopmentLog.read();
  let shop: Shop;
  beforeAll(async () => {
    shop = await startBareShop();
  });
  afterEach(() => vi.useRealTimers());
  afterAll(() => shop.close());

  /** A new buyer, how to set the address, and what the account says of it. */
  async function account() {
    const [{ id }] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const me = new Client(shop.url, tokenFor(id));
    const set = (email: unknown) => me.put('/email/', { email });
    const state = async () => {
      const { email, email_active } = (await me.get('/user/')).body;
      return [email, email_active];
    };
    return { id, me, set, state, address: `buyer.${id}@example.com` };
  }

  const open = (token: string, headers?: Record<string, string>): Promise<Answer> =>
    new Client(shop.url).get(`/emails/verification/?token=${encodeURIComponent(token)}`, headers);

  const isRefused = (answer: Answer) =>
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'EMAIL_LINK_INVALID', message: '链接信息无效' },
    });

  it('is set, mailed a link, and verified by it however often it is opened', async () => {
    const { id, set, state, address } = await account();
    expect(await state()).toEqual(['', false]);
    const answer = await set(address);
    expect([answer.status, answer.body]).toEqual([200, { id, email: address }]);
    expect(await state()).toEqual([address, false]);
    for (let i = 0; i < 2; i += 1) {
      const opened = await open(log.mailedToken(address));
      expect([opened.status, opened.body]).toEqual([200, { message: 'OK' }]);
      expect(await state()).toEqual([address, true]);
    }
  });

  it('that was verified is not verified any more when it is changed, only when it is', async () => {
    const { set, state, address } = await account();
    await set(address);
    await open(log.mailedToken(address));
    await set(address);
    expect(await state()).toEqual([address, true]);
    await set(`other.${address}`);
    expect(await state()).toEqual([`other.${address}`, false]);
    await open(log.mailedToken(`other.${address}`));
    await set(`Other.${address}`);
    expect(await state()).toEqual([`Other.${address}`, false]);
  });

  it('is not verified by a link that was mailed to an address before it', async () => {
    const { set, state, address } = await account();
    await set(address);
    const old = log.mailedToken(address);
    await set(`new.${address}`);
    isRefused(await open(old));
    expect(await state()).toEqual([`new.${address}`, false]);
  });

  it('is not verified by a changed, foreign or old token', async () => {
    const { id, me, set, state, address } = await account();
    await set(address);
    const token = log.mailedToken(address);
    const [head = '', body = '', sign = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [
      '',
      'x',
      `${head}.${body}`,
      `${head}.${body}.${sign.slice(1)}`,
      `${none}.${body}.`,
      tokenFor(id),
    ]) {
      isRefused(await open(forged));
    }
    const links = shop.app.get(EmailLinks, { strict: false });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 25 * 3_600_000 });
    const stale = links.linkFor({ userId: id, email: address });
    vi.useRealTimers();
    isRefused(await open(new URL(stale).searchParams.get('token') ?? ''));
    const nobody = links.linkFor({ userId: id + 1_000_000, email: address });
    isRefused(await open(new URL(nobody).searchParams.get('token') ?? ''));
    isRefused(await new Client(shop.url).get('/emails/verification/'));
    expect(await state()).toEqual([address, false]);
    const english = await open('x', { 'Accept-Language': 'en' });
    expect(english.body['message']).toBe('This link is not valid or no longer so');
    expect((await me.get('/user/', { Authorization: `Bearer ${token}` })).status).toBe(401);
  });

  it('has to look like one, and belongs to whoever is logged in', async () => {
    const { set, me, state } = await account();
    const bad = [
      '',
      'nobody',
      'a@b',
      'a@b.cn,c@d.cn',
      'a@b.cn\r\nBcc: c@d.cn',
      5,
      null,
      ['a@b.cn'],
    ];
    for (const email of [...bad, `${'x'.repeat(250)}@b.cn`]) {
      expect(await set(email)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', email: ['邮箱格式错误'] },
      });
    }
    expect((await me.put('/email/', { email: 'a@b.cn', user_id: 1 })).status).toBe(400);
    expect((await new Client(shop.url).put('/email/', { email: 'a@b.cn' })).status).toBe(401);
    expect(await state()).toEqual(['', false]);
  });

  it('is mailed at most five times an hour, also at once', async () => {
    const { id, set, state, address } = await account();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => insist(() => set(`${i}.${address}`))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3000);
    const before = await state();
    expect((await set(address)).status).toBe(429);
    expect(await state()).toEqual(before);
    await shop.db.sql(
      "UPDATE quotas SET resets_at = UTC_TIMESTAMP(3) WHERE name = 'email' AND subject = ?",
      [String(id)],
    );
    expect((await set(address)).status).toBe(200);
  });

  describe('over SMTP', () => {
    let smtp: SmtpServer;
    let mailing: Shop;
    beforeAll(async () => {
      smtp = await SmtpServer.start();
      mailing = await startBareShop({
        SMTP_URL: smtp.url,
        MAIL_FROM: '美多商城 <noreply@meiduo.example>',
        EMAIL_VERIFY_URL: PAGE,
      });
    });
    afterAll(async () => {
      await mailing.close();
      await smtp.stop();
    });

    async function me() {
      const [{ id }] = (await buildBuyers(mailing.db, 1)) as [Buyer];
      return new Client(mailing.url, tokenFor(id));
    }

    it('reaches one address, with the link to the page of the settings', async () => {
      const answer = await (await me()).put('/email/', { email: '"a, b"@example.com' });
      expect(answer.status).toBe(200);
      const [mail] = smtp.mails.splice(0);
      expect(mail?.to).toEqual(['"a, b"@example.com']);
      const [, coded = ''] = mail?.text.split('\n\n') ?? [];
      const text = mail?.text.includes('base64')
        ? Buffer.from(coded, 'base64').toString()
        : (mail?.text ?? '').replaceAll('=\n', '').replaceAll('=3D', '=');
      const token = /success_verify_email\.html\?token=([\w.-]+)/.exec(text)?.[1] ?? '';
      expect(text).toContain(PAGE);
      const opened = await new Client(mailing.url).get(`/emails/verification/?token=${token}`);
      expect(opened.status).toBe(200);
    });

    it('that fails changes nothing and does not count', async () => {
      const buyer = await me();
      smtp.isRefusing = true;
      for (let i = 0; i < 6; i += 1) {
        expect(await buyer.put('/email/', { email: 'a@example.com' })).toMatchObject({
          status: 503,
          body: { code: 'MAIL_UNAVAILABLE', message: '邮件服务暂时不可用' },
        });
      }
      expect((await buyer.get('/user/')).body).toMatchObject({ email: '', email_active: false });
      smtp.isRefusing = false;
      expect((await buyer.put('/email/', { email: 'a@example.com' })).status).toBe(200);
      expect(smtp.mails.splice(0)).toHaveLength(1);
    });

    it('is not sent in production over a line that others can read', async () => {
      const settings = { SMTP_URL: smtp.url, MAIL_FROM: 'noreply@meiduo.example' };
      const config = testSettings(mailing.db.url, settings);
      const mail = { to: 'a@example.com', subject: 's', text: 't' };
      await mailerFor(config).send(mail);
      expect(smtp.mails.splice(0)).toHaveLength(1);
      const production = mailerFor(Object.assign(config, { NODE_ENV: 'production' }));
      await expect(production.send(mail)).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
      expect(smtp.mails).toEqual([]);
    });
  });

  it('is not written to the log in production, but refused, when there is no server', async () => {
    const config = Object.assign(testSettings(shop.db.url), { NODE_ENV: 'production' });
    const mail = { to: 'quiet@example.com', subject: 's', text: 'https://x/?token=t\n' };
    await expect(mailerFor(config).send(mail)).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
    expect(() => log.mailedToken('quiet@example.com')).toThrow('no line');
  });
});
