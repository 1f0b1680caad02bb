/**
 * The captcha before an SMS: an image a browser shows, one try, and no SMS without it.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { ImageCodes } from '../../src/users/captcha/image-codes.js';
import { smsSenderFor } from '../../src/users/sms/sms-sender.js';
import { type Answer, Client } from '../kit/client.js';
import { DevelopmentLog } from '../kit/development-log.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const EN = { 'Accept-Language': 'en' };

describe('image codes', () => {
  const log = DevelopmentLog.read();
  let shop: Shop;
  let anybody: Client;
  let numbers = 0;
  beforeAll(async () => {
    shop = await startBareShop();
    anybody = new Client(shop.url);
  });
  afterAll(() => shop.close());

  const newMobile = (): string => `1380000${String((numbers += 1)).padStart(4, '0')}`;
  const image = (id: string) => anybody.get<string>(`/image_codes/${id}/`);
  const rows = () => shop.db.sql('SELECT id FROM image_codes');

  /** A new image, read: its id and its text. */
  async function readImage(): Promise<[id: string, text: string]> {
    const id = randomUUID();
    expect((await image(id)).status).toBe(200);
    return [id, log.imageCode(id)];
  }

  const askForSms = (
    mobile: string,
    [id, text]: readonly [string, string],
    headers?: Record<string, string>,
    client = anybody,
  ): Promise<Answer> =>
    client.get(`/sms_codes/${mobile}/?text=${text}&image_code_id=${id}`, headers);

  const smsRows = (mobile: string) =>
    shop.db.sql('SELECT mobile FROM sms_codes WHERE mobile = ?', [mobile]);

  const refusal = ({ status, body }: Answer) => [
    status,
    body['code'],
    (body['non_field_errors'] as string[])[0],
  ];

  it('are images: SVG that runs nothing, loads nothing, shows no letters and is not kept', async () => {
    const id = randomUUID();
    const { status, headers, body } = await image(id);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>.*<\/svg>$/s);
    expect(body).not.toMatch(/<text|<script|href=|NaN|undefined/);
    expect(body).not.toContain(log.imageCode(id));
  });

  it('of an id that is no UUID are not found', async () => {
    for (const id of ['1', 'x'.repeat(36), `${randomUUID()}0`, "' OR 1=1"]) {
      expect((await image(encodeURIComponent(id))).status).toBe(404);
    }
  });

  it('let the SMS go when their text is typed, in any case', async () => {
    const mobile = newMobile();
    const [id, text] = await readImage();
    const answer = await askForSms(mobile, [id.toUpperCase(), ` ${text.toLowerCase()}`]);
    expect([answer.status, answer.body]).toEqual([200, { message: 'OK' }]);
    expect(log.smsCode(mobile)).toMatch(/^\d{6}$/);
  });

  it('die on first use, right or wrong', async () => {
    const mobile = newMobile();
    const [id, text] = await readImage();
    expect(refusal(await askForSms(mobile, [id, 'nope']))).toEqual([
      400,
      'IMAGE_CODE_WRONG',
      '图片验证码错误',
    ]);
    expect(refusal(await askForSms(mobile, [id, text]))).toEqual([
      400,
      'IMAGE_CODE_INVALID',
      '图片验证码无效',
    ]);
    expect(await smsRows(mobile)).toEqual([]);
    const again = await readImage();
    expect((await askForSms(mobile, again)).status).toBe(200);
    expect(refusal(await askForSms(newMobile(), again))[1]).toBe('IMAGE_CODE_INVALID');
  });

  it('say what is wrong in English too', async () => {
    const [id] = await readImage();
    expect(refusal(await askForSms(newMobile(), [id, ''], EN))).toEqual([
      400,
      'IMAGE_CODE_WRONG',
      'This is not what the image shows',
    ]);
    expect(refusal(await askForSms(newMobile(), [id, ''], EN))).toEqual([
      400,
      'IMAGE_CODE_INVALID',
      'The image is used or too old; ask for another',
    ]);
  });

  it('are demanded: without one, or with one that was never drawn, no SMS goes', async () => {
    const mobile = newMobile();
    for (const query of ['', '?text=ABCD', '?image_code_id=x&text=ABCD', `?image_code_id=&text=`]) {
      const answer = await anybody.get(`/sms_codes/${mobile}/${query}`);
      expect(refusal(answer)).toEqual([400, 'IMAGE_CODE_INVALID', '图片验证码无效']);
    }
    expect(refusal(await askForSms(mobile, [randomUUID(), 'ABCD']))[1]).toBe('IMAGE_CODE_INVALID');
    expect(await smsRows(mobile)).toEqual([]);
  });

  it('are used by one of several requests that have all seen them unused', async () => {
    const read = await readImage();
    const held = shop.db.dataSource.createQueryRunner();
    await held.startTransaction();
    await held.query('SELECT seq FROM image_codes WHERE id = ? FOR UPDATE', [read[0]]);
    const asked = Array.from({ length: 4 }, () => askForSms(newMobile(), read));
    await expect
      .poll(
        async () => {
          const [waiting] = await shop.db.sql(
            `SELECT COUNT(*) AS n FROM information_schema.processlist
           WHERE db = ? AND info LIKE 'DELETE FROM image_codes%'`,
            [shop.db.name],
          );
          return waiting?.['n'];
        },
        { timeout: 60_000 },
      )
      .toBe(4);
    await held.rollbackTransaction();
    await held.release();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map((answer) => refusal(answer)[1]))).toEqual(
      new Set(['IMAGE_CODE_INVALID']),
    );
  });

  it('are good for five minutes', async () => {
    const [id, text] = await readImage();
    const [row] = await shop.db.sql(
      'SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), expires_at) AS s FROM image_codes WHERE id = ?',
      [id],
    );
    expect(row?.['s']).toBeGreaterThan(0);
    expect(row?.['s']).toBeLessThanOrEqual(300);
    await shop.db.sql('UPDATE image_codes SET expires_at = UTC_TIMESTAMP(3) WHERE id = ?', [id]);
    expect(refusal(await askForSms(newMobile(), [id, text]))[1]).toBe('IMAGE_CODE_INVALID');
  });

  it('show a new text when they are asked for again, and the old one is forgotten', async () => {
    const id = randomUUID();
    await image(id);
    const texts = [log.imageCode(id)];
    await image(id);
    texts.push(log.imageCode(id));
    expect(texts[0]).not.toBe(texts[1]);
    expect(refusal(await askForSms(newMobile(), [id, texts[0] ?? '']))[1]).toBe('IMAGE_CODE_WRONG');
  });

  it('are kept as keyed hashes only', async () => {
    const [id, text] = await readImage();
    const [row = {}] = await shop.db.sql('SELECT * FROM image_codes WHERE id = ?', [id]);
    expect(Object.keys(row)).toEqual(['seq', 'id', 'code_hash', 'expires_at']);
    expect((row['code_hash'] as Buffer).toString('latin1')).not.toContain(text);
  });

  it('never fill the database: beyond 50,000 the oldest are forgotten', async () => {
    const before = (await rows()).length;
    expect(before).toBeGreaterThan(0);
    const [max] = await shop.db.sql('SELECT MAX(seq) AS seq FROM image_codes');
    await shop.db.sql(`ALTER TABLE image_codes AUTO_INCREMENT = ${Number(max?.['seq']) + 50_000}`);
    const kept = await readImage();
    expect(await rows()).toEqual([{ id: kept[0] }]);
    expect((await askForSms(newMobile(), kept)).status).toBe(200);
  });

  it('are shared by all instances of the shop', async () => {
    const config = testSettings(shop.db.url);
    const other = await createApp(config);
    await other.listen(0, '127.0.0.1');
    const read = await readImage();
    const client = new Client(await other.getUrl());
    expect((await askForSms(newMobile(), read, {}, client)).status).toBe(200);
    await other.close();
  });

  it('buy no more than ten SMS a day to one number', async () => {
    const mobile = newMobile();
    const aMinuteLater = () =>
      shop.db.sql('UPDATE sms_codes SET sent_at = sent_at - INTERVAL 61 SECOND WHERE mobile = ?', [
        mobile,
      ]);
    for (let i = 0; i < 10; i += 1) {
      expect((await askForSms(mobile, await readImage())).status).toBe(200);
      await aMinuteLater();
    }
    const before = log.smsCode(mobile);
    const eleventh = await askForSms(mobile, await readImage());
    expect(refusal(eleventh)).toEqual([400, 'SMS_TOO_FREQUENT', '请求次数过于频繁']);
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(3600);
    expect(log.smsCode(mobile)).toBe(before);
    await shop.db.sql('UPDATE quotas SET resets_at = UTC_TIMESTAMP(3) WHERE subject = ?', [mobile]);
    expect((await askForSms(mobile, await readImage())).status).toBe(200);
  });

  it('are told to the log outside production only, as the codes of SMS are', async () => {
    const id = randomUUID();
    const config = testSettings(shop.db.url);
    const drawn = (): Promise<string> => new ImageCodes(shop.db.dataSource, config).draw(id);
    config.NODE_ENV = 'production';
    expect(await drawn()).toContain('<svg');
    expect(() => log.imageCode(id)).toThrow('no line');
    const mobile = newMobile();
    const production = smsSenderFor('production').send(mobile, '123456');
    await expect(production).rejects.toMatchObject({ code: 'SMS_UNAVAILABLE' });
    expect(() => log.smsCode(mobile)).toThrow('no line');
    config.NODE_ENV = 'development';
    await drawn();
    await smsSenderFor('development').send(mobile, '123456');
    expect([log.imageCode(id).length, log.smsCode(mobile)]).toEqual([4, '123456']);
  });
});
