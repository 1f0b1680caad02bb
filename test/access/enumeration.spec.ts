/** Who has an account here is not told: neither by what is answered nor by when. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/users/passwords.js';
import { type Answer, Client } from '../kit/client.js';
import { figure, FULL } from '../kit/figure.js';
import { type Shop, startBareShop } from '../kit/shop.js';
import { compareTimes } from '../kit/timing.js';

const TRIES = FULL ? 500 : 25;
/** In full what is wanted; the few tries of the short form say less. */
const FACTOR = FULL ? 1.05 : 1.25;

describe('whether somebody has an account', () => {
  let shop: Shop;
  let anybody: Client;

  beforeAll(async () => {
    shop = await startBareShop();
    anybody = new Client(shop.url);
    await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
      'somebody_real',
      '13600136000',
      await hashPassword('pass-word-1'),
    ]);
  });
  afterAll(() => shop.close());

  /** All of an answer but what is different in every answer. */
  function shapeOf({ status, headers, body }: Answer) {
    const { request_id: _, ...rest } = body;
    const changing = new Set(['date', 'x-request-id', 'keep-alive']);
    return { status, body: rest, headers: [...headers].filter(([name]) => !changing.has(name)) };
  }
  const login = (username: string) =>
    anybody.post('/authorizations/', { username, password: 'wrong-pass' });

  it('is not told by a login: same status, headers and body, byte for byte', async () => {
    const known = shapeOf(await login('somebody_real'));
    expect(known.status).toBe(400);
    for (const name of ['somebody_else', '13600136000', '13900139999', 'x', '美'.repeat(60), "'"]) {
      expect(shapeOf(await login(name))).toEqual(known);
    }
  });

  it(`is not told by how long a login takes (${TRIES} tries of each)`, async () => {
    const { a, b, tries, alike } = await compareTimes(
      TRIES,
      FACTOR,
      () => login('somebody_real'),
      () => login('somebody_else'),
    );
    const difference = `${(((b - a) / a) * 100).toFixed(1)} % (${tries} tries of each)`;
    figure(
      'Login',
      'unknown against known user: median time',
      'within 5 %',
      difference,
      Math.abs(b / a - 1) < 0.05,
    );
    // Without the hash that stands in for a missing one, the ratio is about a tenth.
    expect(alike, difference).toBe(true);
  }, 600_000);

  it('is told by registering only to somebody who holds the mobile number', async () => {
    const form = (username: string, mobile: string) => ({
      username,
      password: 'pass-word-1',
      password2: 'pass-word-1',
      mobile,
      sms_code: '123456',
      allow: 'true',
    });
    const nobody = shapeOf(await anybody.post('/users/', form('somebody_else', '13900139999')));
    expect(nobody.body).toMatchObject({ code: 'SMS_CODE_INVALID' });
    for (const taken of [
      form('somebody_real', '13900139999'),
      form('somebody_else', '13600136000'),
      form('somebody_real', '13600136000'),
    ]) {
      expect(shapeOf(await anybody.post('/users/', taken))).toEqual(nobody);
    }
    expect(await shop.db.sql('SELECT COUNT(*) AS n FROM users')).toEqual([{ n: 1 }]);
  });

  it('is not told by asking for a text message', async () => {
    const known = shapeOf(await anybody.get('/sms_codes/13600136000/'));
    expect(shapeOf(await anybody.get('/sms_codes/13900139999/'))).toEqual(known);
  });

  it('is told by the two routes of the original contract, which are limited', async () => {
    const limited = await startBareShop({
      RATE_LIMITS: 'on',
      RATE_LIMIT_OVERRIDES: 'lookup.address=2/600',
    });
    const there = new Client(limited.url);
    const statuses: number[] = [];
    for (const path of ['/usernames/somebody_real/count/', '/mobiles/13600136000/count/']) {
      statuses.push((await there.get(path)).status, (await there.get(path)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
    await limited.close();
  });
});
