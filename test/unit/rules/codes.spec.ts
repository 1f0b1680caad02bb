/** What proves a person, a number, an address: codes of images and messages, links of mails, and how many there may be. */
import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../../src/config/config.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { IMAGE_CODE_ID, ImageCodes } from '../../../src/users/captcha/image-codes.js';
import { EmailLinks } from '../../../src/users/email/email-links.js';
import { deleteEndedQuotas, withinQuota } from '../../../src/users/quotas.js';
import { deleteOldCodes, SmsCodes } from '../../../src/users/sms/sms-codes.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { TEST_JWT_SECRET } from '../../kit/settings.js';
import { handMade, inSeconds, type Json } from '../../kit/tokens.js';
import { before } from '../../kit/wrapped.js';

const CONFIG = {
  JWT_SECRET: TEST_JWT_SECRET,
  NODE_ENV: 'test',
  emailVerifyUrl: 'http://www.meiduo.site:8080/verified.html?from=mail',
} as Config;
const FAULT = new Error('a fault');

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

/** The key of one purpose, made of the secret as every version of the shop makes it. */
const keyFor = (purpose: string) =>
  Buffer.from(hkdfSync('sha256', TEST_JWT_SECRET, '', purpose, 32));
const sealed = (purpose: string, text: string) =>
  createHmac('sha256', keyFor(purpose)).update(text).digest();
const failing = (part: string): DataSource =>
  before(db.dataSource, part, () => Promise.reject(FAULT));

let numbers = 0;
/** A number nobody else has. */
const newMobile = () => `1370000${String((numbers += 1)).padStart(4, '0')}`;
const wrongOf = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Codes of messages; what was sent is read, as by whom it was sent to. */
function smsCodes(dataSource = db.dataSource) {
  const sent: [mobile: string, code: string][] = [];
  const sender = {
    fault: undefined as Error | undefined,
    send: (mobile: string, code: string) => {
      sent.push([mobile, code]);
      return sender.fault ? Promise.reject(sender.fault) : Promise.resolve();
    },
  };
  const codes = new SmsCodes(dataSource, sender, CONFIG);
  const codeFor = async (mobile: string) => {
    await codes.send(mobile);
    return sent.at(-1)?.[1] ?? '';
  };
  const use = (mobile: string, code: string) =>
    inTransaction(db.dataSource, (tx) => codes.use(tx, mobile, code));
  return { codes, sent, sender, codeFor, use };
}
const INVALID = { code: 'SMS_CODE_INVALID' };
/** Lets time pass for the code of a number. */
const later = (mobile: string, seconds: number) =>
  db.sql(
    `UPDATE sms_codes SET sent_at = sent_at - INTERVAL ? SECOND,
       expires_at = expires_at - INTERVAL ? SECOND WHERE mobile = ?`,
    [seconds, seconds, mobile],
  );

describe('a code of a message', () => {
  it('is six digits, proves its own number and no other, and is used once', async () => {
    const { codes, codeFor, use } = smsCodes();
    const [mobile, other] = [newMobile(), newMobile()];
    const [code, otherCode] = [await codeFor(mobile), await codeFor(other)];
    for (const one of [code, otherCode]) {
      expect(one).toMatch(/^\d{6}$/);
    }
    await codes.check(mobile, code);
    await expect(codes.check(other, wrongOf(otherCode))).rejects.toMatchObject(INVALID);
    await expect(codes.check(newMobile(), code)).rejects.toMatchObject(INVALID);
    await expect(use(other, wrongOf(otherCode))).rejects.toMatchObject(INVALID);
    await use(mobile, code);
    await expect(use(mobile, code)).rejects.toMatchObject(INVALID);
    await expect(codes.check(mobile, code)).rejects.toMatchObject(INVALID);
    await codes.check(other, otherCode);
  });

  it('keeps its noughts, and is another one each time', async () => {
    const { codes, sent } = smsCodes();
    await Promise.all(Array.from({ length: 80 }, () => codes.send(newMobile())));
    for (const [, code] of sent) {
      expect(code).toMatch(/^\d{6}$/);
    }
    expect(new Set(sent.map(([, code]) => code)).size).toBeGreaterThan(70);
  });

  it('is worth five guesses, also those of requests that came to nothing', async () => {
    const { codes, codeFor } = smsCodes();
    const mobile = newMobile();
    const code = await codeFor(mobile);
    for (let guess = 0; guess < 4; guess += 1) {
      await expect(codes.check(mobile, wrongOf(code))).rejects.toMatchObject(INVALID);
    }
    await codes.check(mobile, code);
    await expect(codes.check(mobile, code)).rejects.toMatchObject(INVALID);
  });

  it('lives for five minutes', async () => {
    const { codes, codeFor, use } = smsCodes();
    const mobile = newMobile();
    const code = await codeFor(mobile);
    await later(mobile, 270);
    await codes.check(mobile, code);
    await later(mobile, 30);
    await expect(codes.check(mobile, code)).rejects.toMatchObject(INVALID);
    await expect(use(mobile, code)).rejects.toMatchObject(INVALID);
  });

  it('is sent once a minute, and then takes the place of the one before', async () => {
    const { codes, codeFor, sent } = smsCodes();
    const mobile = newMobile();
    const first = await codeFor(mobile);
    await later(mobile, 50);
    await expect(codes.send(mobile)).rejects.toMatchObject({
      code: 'SMS_TOO_FREQUENT',
      extras: { retryAfterSeconds: 60 },
    });
    expect(sent).toHaveLength(1);
    await codes.check(mobile, first);
    await later(mobile, 10);
    // By lot it may be the same one again.
    let second = await codeFor(mobile);
    while (second === first) {
      await later(mobile, 60);
      second = await codeFor(mobile);
    }
    await expect(codes.check(mobile, first)).rejects.toMatchObject(INVALID);
    await codes.check(mobile, second);
  });

  it('that could not be sent is no code, and counts neither for the minute nor for the day', async () => {
    const { codes, codeFor, sender, sent } = smsCodes();
    const mobile = newMobile();
    sender.fault = FAULT;
    await expect(codes.send(mobile)).rejects.toBe(FAULT);
    await expect(codes.check(mobile, sent[0]?.[1] ?? '')).rejects.toMatchObject(INVALID);
    sender.fault = undefined;
    await codes.check(mobile, await codeFor(mobile));
    expect(await db.sql('SELECT name, used FROM quotas WHERE subject = ?', [mobile])).toEqual([
      { name: 'sms', used: 1 },
    ]);
  });

  it('that could not be stored is not sent, and a fault is not taken for haste', async () => {
    const { codes, sent } = smsCodes(failing('sms_codes'));
    await expect(codes.send(newMobile())).rejects.toBe(FAULT);
    expect(sent).toEqual([]);
  });

  it('is kept as a hash under a key of its own, the same one in every instance', async () => {
    const { codes, use } = smsCodes();
    const mobile = newMobile();
    await db.sql(
      `INSERT INTO sms_codes (mobile, code_hash, tries_left, sent_at, expires_at) VALUES
       (?, ?, 5, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 300 SECOND)`,
      [mobile, sealed('sms-codes', `${mobile}:012345`)],
    );
    await codes.check(mobile, '012345');
    await use(mobile, '012345');
  });

  it('is deleted a minute after it is over, the oldest first and so many at a time', async () => {
    await db.sql('DELETE FROM sms_codes');
    const { codeFor } = smsCodes();
    const [old, older, recent, living] = [newMobile(), newMobile(), newMobile(), newMobile()];
    for (const [mobile, seconds] of [
      [old, 370],
      [older, 380],
      [recent, 330],
      [living, 0],
    ] as const) {
      await codeFor(mobile);
      await later(mobile, seconds);
    }
    const some = (max: number) => inTransaction(db.dataSource, (tx) => deleteOldCodes(tx, max));
    const left = async () =>
      (await db.sql<{ mobile: string }>('SELECT mobile FROM sms_codes ORDER BY mobile')).map(
        ({ mobile }) => mobile,
      );
    expect(await some(1)).toBe(1);
    expect(await left()).toEqual([old, recent, living]);
    expect(await some(5)).toBe(1);
    expect(await some(5)).toBe(0);
    expect(await left()).toEqual([recent, living]);
  });
});

describe('the code of an image', () => {
  const lines: [text: string, name: string][] = [];
  beforeEach(() => {
    lines.length = 0;
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(function (this: Logger, text) {
      lines.push([String(text), (this as unknown as { context: string }).context]);
    });
    return () => log.mockRestore();
  });
  const images = (config = CONFIG, dataSource = db.dataSource) =>
    new ImageCodes(dataSource, config);
  /** The text of the image drawn last, as the log tells it. */
  const lastText = () => /: (\w{4})$/.exec(lines.at(-1)?.[0] ?? '')?.[1] ?? '';
  const none = { code: 'IMAGE_CODE_INVALID' };

  it('is read off a drawing, whatever case and blanks it is typed in, and is used up by one look', async () => {
    for (const typed of [(text: string) => text, (text: string) => ` ${text.toLowerCase()}\n`]) {
      const id = randomUUID();
      expect(await images().draw(id)).toMatch(/^<svg/);
      expect(lines.at(-1)).toEqual([`Image code ${id}: ${lastText()}`, 'ImageCode']);
      await images().use(id, typed(lastText()));
      await expect(images().use(id, lastText())).rejects.toMatchObject(none);
    }
  });

  it.each(['AAAB', '', undefined])('is used up by a wrong answer (%j) as well', async (answer) => {
    const id = randomUUID();
    await images().draw(id);
    await expect(images().use(id, answer)).rejects.toMatchObject({ code: 'IMAGE_CODE_WRONG' });
    await expect(images().use(id, lastText())).rejects.toMatchObject(none);
  });

  it('belongs to its id, in capitals or not, and to no other', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await images().draw(id.toUpperCase());
    expect(lines[0]?.[0]).toContain(id);
    const text = lastText();
    await images().draw(other);
    if (lastText() !== text) {
      await expect(images().use(other, text)).rejects.toMatchObject({ code: 'IMAGE_CODE_WRONG' });
    }
    await images().use(id.toUpperCase(), text);
    await images().draw(id);
    await images().use(id.toUpperCase(), lastText());
  });

  it('has a UUID for its id; what is none is no image, not even one that was drawn', async () => {
    const id = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
    expect([id, id.toUpperCase()].every((one) => IMAGE_CODE_ID.test(one))).toBe(true);
    const odd = [
      '',
      `${id}0`,
      `0${id}`,
      `${id}\n`,
      id.slice(1),
      id.slice(0, -1),
      id.replaceAll('-', ''),
      id.replace('4e5f', 'xxxx'),
      id.replace('0a1b2c3d', 'xxxxxxxx'),
      id.replace('ef0123456789', 'xxxxxxxxxxxx'),
      id.replace('-4e5f', '-4e5'),
      id.replace('-4e5f', ''),
      `${id.slice(0, 23)}-0000${id.slice(23)}`,
    ];
    for (const one of odd) {
      expect([one, IMAGE_CODE_ID.test(one)]).toEqual([one, false]);
    }
    await images().draw('no-uuid');
    await expect(images().use('no-uuid', lastText())).rejects.toMatchObject(none);
    await expect(images().use(undefined, lastText())).rejects.toMatchObject(none);
    await expect(images().use(randomUUID(), lastText())).rejects.toMatchObject(none);
  });

  it('lives for five minutes, and a new drawing takes the place of the old', async () => {
    const id = randomUUID();
    const age = (seconds: number) =>
      db.sql('UPDATE image_codes SET expires_at = expires_at - INTERVAL ? SECOND WHERE id = ?', [
        seconds,
        id,
      ]);
    await images().draw(id);
    await age(270);
    await images().use(id, lastText());
    await images().draw(id);
    await age(300);
    await expect(images().use(id, lastText())).rejects.toMatchObject(none);
    await images().draw(id);
    await age(300);
    await images().draw(id);
    await images().use(id, lastText());
  });

  it('is for one of two who come at once', async () => {
    const id = randomUUID();
    await images().draw(id);
    const rival = before(db.dataSource, 'DELETE FROM image_codes', () =>
      db.sql('DELETE FROM image_codes WHERE id = ?', [id]),
    );
    await expect(images(CONFIG, rival).use(id, lastText())).rejects.toMatchObject(none);
  });

  it('is forgotten when fifty thousand newer ones were drawn', async () => {
    await db.sql('DELETE FROM image_codes');
    const [first, second, last] = [randomUUID(), randomUUID(), randomUUID()];
    await images().draw(first);
    await images().draw(second);
    const [{ seq }] = (await db.sql<{ seq: number }>(
      'SELECT CAST(seq AS DOUBLE) AS seq FROM image_codes WHERE id = ?',
      [first],
    )) as [{ seq: number }];
    // As if so many had been drawn between.
    await db.sql(
      `INSERT INTO image_codes (seq, id, code_hash, expires_at)
       VALUES (?, ?, REPEAT('x', 32), UTC_TIMESTAMP(3))`,
      [seq + 49_999, randomUUID()],
    );
    await images().draw(last);
    const ids = await db.sql<{ id: string }>('SELECT id FROM image_codes');
    expect(ids.map(({ id }) => id)).not.toContain(first);
    expect(ids.map(({ id }) => id)).toEqual(expect.arrayContaining([second, last]));
  });

  it('is kept as a hash under a key of its own, and told by no log of production', async () => {
    const id = randomUUID();
    await db.sql(
      `INSERT INTO image_codes (id, code_hash, expires_at)
       VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL 300 SECOND)`,
      [id, sealed('image-codes', `${id}:ABCD`)],
    );
    await images().use(id, 'abcd');
    await images({ ...CONFIG, NODE_ENV: 'production' } as Config).draw(id);
    expect(lines).toEqual([]);
  });
});

describe('a quota', () => {
  const one = (name: 'sms' | 'email', subject: string) =>
    withinQuota(db.dataSource, name, subject, () => Promise.resolve('done'));
  const pass = (subject: string, seconds: number) =>
    db.sql('UPDATE quotas SET resets_at = resets_at - INTERVAL ? SECOND WHERE subject = ?', [
      seconds,
      subject,
    ]);

  it.each([
    ['sms', 10, 86_400, 'SMS_TOO_FREQUENT'],
    ['email', 5, 3600, 'TOO_MANY_REQUESTS'],
  ] as const)(
    'of %s lets %i through in %i seconds, each subject its own',
    async (name, max, seconds, code) => {
      const [subject, other] = [randomUUID(), randomUUID()];
      for (let used = 0; used < max; used += 1) {
        expect(await one(name, subject)).toBe('done');
      }
      await pass(subject, seconds - 30);
      for (let refused = 0; refused < 2; refused += 1) {
        const refusal = one(name, subject);
        await expect(refusal).rejects.toMatchObject({ code });
        const { extras } = (await refusal.catch((error: unknown) => error)) as {
          extras: { retryAfterSeconds: number };
        };
        expect(extras.retryAfterSeconds).toBeGreaterThan(0);
        expect(extras.retryAfterSeconds).toBeLessThanOrEqual(31);
      }
      expect(await one(name, other)).toBe('done');
      expect(await db.sql('SELECT used FROM quotas WHERE subject = ?', [subject])).toEqual([
        { used: max },
      ]);
      await pass(subject, 30);
      for (let used = 0; used < max; used += 1) {
        expect(await one(name, subject)).toBe('done');
      }
      await expect(one(name, subject)).rejects.toMatchObject({ code });
    },
  );

  it('is not spent by work that fails, nor the work done when it is used up', async () => {
    const subject = randomUUID();
    const fails = () => Promise.reject(FAULT);
    for (let tries = 0; tries < 6; tries += 1) {
      await expect(withinQuota(db.dataSource, 'email', subject, fails)).rejects.toBe(FAULT);
    }
    for (let used = 0; used < 5; used += 1) {
      await one('email', subject);
    }
    const work = vi.fn<() => Promise<void>>(() => Promise.resolve());
    await expect(withinQuota(db.dataSource, 'email', subject, work)).rejects.toThrow();
    expect(work).not.toHaveBeenCalled();
  });

  it('that has ended is deleted, the oldest first and so many at a time', async () => {
    await db.sql('DELETE FROM quotas');
    for (const [subject, seconds] of [
      ['old', 3610],
      ['older', 3620],
      ['living', 3500],
    ] as const) {
      await one('email', subject);
      await pass(subject, seconds);
    }
    const some = (max: number) => inTransaction(db.dataSource, (tx) => deleteEndedQuotas(tx, max));
    const left = () => db.sql('SELECT subject FROM quotas ORDER BY subject');
    expect(await some(1)).toBe(1);
    expect(await left()).toEqual([{ subject: 'living' }, { subject: 'old' }]);
    expect(await some(5)).toBe(1);
    expect(await some(5)).toBe(0);
    expect(await left()).toEqual([{ subject: 'living' }]);
  });
});

describe('the link of a mail', () => {
  const links = () => new EmailLinks(CONFIG);
  const claim = { userId: 26, email: 'buyer+1@example.com' };
  const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';
  const made = (changes: Json, more: Parameters<typeof handMade>[1] = {}) => {
    const claims = { sub: '26', email: claim.email, aud: 'email-verification', ...changes };
    const secret = keyFor('email-links') as unknown as string;
    return handMade({ exp: inSeconds(60), ...claims }, { secret, ...more });
  };

  it('leads to the page of the settings, and says whose address it proves, for a day', () => {
    const link = links().linkFor(claim);
    expect(link.startsWith(`${CONFIG.emailVerifyUrl}&token=`)).toBe(true);
    expect(links().read(tokenOf(link))).toEqual(claim);
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.advanceTimersByTime(86_390_000);
      expect(links().read(tokenOf(link))).toEqual(claim);
      vi.advanceTimersByTime(20_000);
      expect(links().read(tokenOf(link))).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is good in every instance, since its key is made of the secret', () => {
    expect(links().read(made({}))).toEqual(claim);
  });

  it('is none with another key, purpose or algorithm, or without a signature', () => {
    const bad = {
      'the key of access tokens': made({}, { secret: TEST_JWT_SECRET }),
      'a key of another purpose': made({}, { secret: keyFor('sms-codes') as unknown as string }),
      'another purpose': made({ aud: 'meiduo-shop' }),
      'no purpose': made({ aud: undefined }),
      'another algorithm': made({}, { header: { alg: 'HS512' }, hash: 'sha512' }),
      'no signature': made({}, { header: { alg: 'none' } }).replace(/[^.]*$/, ''),
      'an end that is past': made({ exp: inSeconds(-1) }),
      nothing: '',
      'no token': 'x.y.z',
    };
    for (const [what, token] of Object.entries(bad)) {
      expect([what, links().read(token)]).toEqual([what, undefined]);
    }
  });
});
