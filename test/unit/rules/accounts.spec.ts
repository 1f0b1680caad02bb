/** Accounts: who may have a name, who comes in, and what a change of password ends. */
import { JwtService } from '@nestjs/jwt';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Revocations } from '../../../src/auth/revocations.js';
import { signingKey, Tokens } from '../../../src/auth/tokens.js';
import type { Config } from '../../../src/config/config.js';
import { databaseOptions } from '../../../src/database/options.js';
import { prepareSessions } from '../../../src/database/session.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { hashPassword, passwordMatches } from '../../../src/users/passwords.js';
import { SmsCodes } from '../../../src/users/sms/sms-codes.js';
import { User } from '../../../src/users/user.entity.js';
import { lockUser } from '../../../src/users/users.locks.js';
import { UsersService } from '../../../src/users/users.service.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { TEST_JWT_SECRET } from '../../kit/settings.js';
import { before } from '../../kit/wrapped.js';

const CONFIG = { JWT_SECRET: TEST_JWT_SECRET, JWT_TTL_SECONDS: 3600 } as Config;
const PASSWORD = 'pass-word-1';

let db: TestDatabase;
/** The same database with the users as entities. */
let withUsers: DataSource;
let passwordHash: string;
beforeAll(async () => {
  [db, passwordHash] = await Promise.all([freshDatabase(), hashPassword(PASSWORD)]);
  const options = { ...databaseOptions(db.url, 4), entities: [User] };
  withUsers = await new DataSource(options).initialize();
  await prepareSessions(withUsers);
});
afterAll(async () => {
  await withUsers.destroy();
  await db.close();
});

const jwt = new JwtService({ secret: signingKey(CONFIG) });
const said = (token: string) => jwt.verify<Record<string, unknown>>(token);

/** The service, and what was last sent to whom. */
function accounts(dataSource = withUsers) {
  const sent = new Map<string, string>();
  const send = (mobile: string, code: string) => Promise.resolve(void sent.set(mobile, code));
  const codes = new SmsCodes(dataSource, { send }, CONFIG);
  const revocations = new Revocations(dataSource);
  const users = dataSource.getRepository(User);
  const tokens = new Tokens(jwt, CONFIG);
  const service = new UsersService(dataSource, users, codes, tokens, revocations);
  return { service, codes, sent, revocations };
}

let people = 0;
const newPerson = () => {
  people += 1;
  return { username: `Person_${people}`, mobile: `1370001${String(people).padStart(4, '0')}` };
};
/** Somebody who has an account already. */
async function member(password = passwordHash) {
  const person = newPerson();
  const [{ id }] = (await db.sql<{ id: number }>(
    'INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?) RETURNING id',
    [person.username, person.mobile, password],
  )) as [{ id: number }];
  return { id, ...person };
}
const rowsOf = ({ username, mobile }: { username: string; mobile: string }) =>
  db.sql<{ id: number; hash: string; role: string; version: number }>(
    `SELECT id, password_hash AS hash, role, token_version AS version FROM users
     WHERE username = ? OR mobile = ?`,
    [username, mobile],
  );

/** A form whose code has been sent. */
async function form({ codes, sent }: ReturnType<typeof accounts>, changes: object = {}) {
  const person = { ...newPerson(), ...changes };
  await codes.send(person.mobile);
  const sms_code = sent.get(person.mobile) ?? '';
  return {
    ...person,
    password: PASSWORD,
    password2: PASSWORD,
    sms_code,
    allow: 'true',
    ...changes,
  };
}

describe('whoever registers', () => {
  it('has an account of a buyer, a hash for a password, a token, and a code that is used up', async () => {
    const all = accounts();
    const body = await form(all);
    const { token, ...registered } = await all.service.register(body);
    const [row] = await rowsOf(body);
    expect(registered).toEqual({ id: row?.id, username: body.username, mobile: body.mobile });
    expect(row).toMatchObject({ role: 'buyer', version: 0 });
    expect(await passwordMatches(row?.hash, PASSWORD)).toBe(true);
    expect(said(token)).toMatchObject({
      sub: String(row?.id),
      username: body.username,
      role: 'buyer',
      ver: 0,
    });
    const again = { ...body, username: 'another_name' };
    await expect(all.service.register(again)).rejects.toMatchObject({ code: 'SMS_CODE_INVALID' });
  });

  it.each([
    [{ allow: 'false' }, 'AGREEMENT_REQUIRED'],
    [{ allow: '' }, 'AGREEMENT_REQUIRED'],
    [{ password2: 'pass-word-2' }, 'PASSWORDS_DIFFER'],
    [{ sms_code: 'wrong' }, 'SMS_CODE_INVALID'],
  ])('with %j has no account, and may try again', async (changes, code) => {
    const all = accounts();
    const body = await form(all);
    await expect(all.service.register({ ...body, ...changes })).rejects.toMatchObject({ code });
    expect(await rowsOf(body)).toEqual([]);
    await all.service.register(body);
  });

  it('is told that a name or a number is taken only with the code of the number, and before any work', async () => {
    const taken = await member();
    const asked: string[] = [];
    const counted = before(withUsers, 'INSERT INTO users', () =>
      Promise.resolve(asked.push('insert')),
    );
    const all = accounts(counted);
    const byName = await form(all, { username: taken.username });
    const byNumber = await form(all, { mobile: taken.mobile });
    for (const body of [byName, byNumber]) {
      const guess = { ...body, sms_code: 'wrong' };
      await expect(all.service.register(guess)).rejects.toMatchObject({ code: 'SMS_CODE_INVALID' });
    }
    await expect(all.service.register(byName)).rejects.toMatchObject({ code: 'USERNAME_TAKEN' });
    await expect(all.service.register(byNumber)).rejects.toMatchObject({ code: 'MOBILE_TAKEN' });
    expect(asked).toEqual([]);
    expect(await rowsOf(taken)).toHaveLength(1);
  });

  it.each([
    ['username', 'USERNAME_TAKEN'],
    ['mobile', 'MOBILE_TAKEN'],
  ] as const)(
    'at the same time as another with the same %s has no account, and keeps the code',
    async (same, code) => {
      const one = accounts();
      const body = await form(one);
      const rival = { ...newPerson(), [same]: body[same] };
      let came = false;
      const late = before(withUsers, 'INSERT INTO users', async () => {
        came = true;
        await db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
          rival.username,
          rival.mobile,
          '!',
        ]);
      });
      await expect(accounts(late).service.register(body)).rejects.toMatchObject({ code });
      expect(came).toBe(true);
      expect(await rowsOf(body)).toHaveLength(1);
      await one.codes.check(body.mobile, body.sms_code);
    },
  );

  it('when the database fails has no account, and hears of no name that is taken', async () => {
    const body = await form(accounts());
    const fault = new Error('a fault');
    const broken = before(withUsers, 'INSERT INTO users', () => Promise.reject(fault));
    await expect(accounts(broken).service.register(body)).rejects.toBe(fault);
    expect(await rowsOf(body)).toEqual([]);
  });
});

describe('whoever logs in', () => {
  const login = (username: string, password = PASSWORD) =>
    accounts().service.login({ username, password });

  it('comes in by name, in capitals or not, and by number, with a token of the version that holds', async () => {
    const [, { id, username, mobile }] = [await member(), await member()];
    await db.sql("UPDATE users SET token_version = 3, role = 'admin' WHERE id = ?", [id]);
    for (const name of [username, username.toUpperCase(), username.toLowerCase(), mobile]) {
      const { token, ...rest } = await login(name);
      expect(rest).toEqual({ user_id: id, username });
      expect(said(token)).toMatchObject({ sub: String(id), username, role: 'admin', ver: 3 });
    }
  });

  it('hears the same for a wrong password, a locked account, nobody, and a name spelt otherwise', async () => {
    const [somebody, locked] = [await member(), await member('!')];
    const refused = { code: 'LOGIN_FAILED' };
    for (const [name, password] of [
      [somebody.username, 'pass-word-2'],
      [somebody.mobile, 'pass-word-2'],
      [locked.username, '!'],
      [locked.mobile, PASSWORD],
      ['nobody_here', PASSWORD],
      ['13900000000', PASSWORD],
      [somebody.username.replace('e', 'é'), PASSWORD],
      [`${somebody.username} `, PASSWORD],
      [`${somebody.mobile} `, PASSWORD],
    ] as const) {
      await expect(login(name, password), name).rejects.toMatchObject(refused);
    }
  });
});

it('a profile is that of its id, the address empty where there is none; nobody has none', async () => {
  const [other, { id, username, mobile }] = [await member(), await member()];
  const { service } = accounts();
  const profile = { id, username, mobile, email: '', email_active: false };
  expect(await service.profile(id)).toEqual(profile);
  await db.sql("UPDATE users SET email = 'a@b.cn', email_active = TRUE WHERE id = ?", [id]);
  expect(await service.profile(id)).toEqual({ ...profile, email: 'a@b.cn', email_active: true });
  expect(await service.profile(other.id)).toMatchObject({ id: other.id, email: '' });
  await expect(service.profile(4_000_000_000)).rejects.toMatchObject({ code: 'NOT_AUTHENTICATED' });
});

it('a name and a number are counted: one when they are taken, in any case, else none', async () => {
  const { username, mobile } = await member();
  const { service } = accounts();
  const counts = [{ username }, { username: username.toUpperCase() }, { mobile }].map((taken) =>
    service.count(taken),
  );
  expect(await Promise.all(counts)).toEqual([1, 1, 1]);
  expect(await service.count({ username: 'nobody_here' })).toBe(0);
  expect(await service.count({ mobile: '13900000000' })).toBe(0);
});

describe('a change of password', () => {
  const NEW = 'pass-word-2';
  const body = { old_password: PASSWORD, password: NEW, password2: NEW };
  const callerOf = ({ id, username }: { id: number; username: string }) =>
    ({ id, username, role: 'buyer', version: 0 }) as const;

  it('puts the new one in the place of the old, and ends every token that was made before', async () => {
    const [, somebody] = [await member(), await member()];
    const { service, revocations } = accounts();
    await service.changePassword(callerOf(somebody), somebody.id, body);
    const [row] = await rowsOf(somebody);
    expect(row?.version).toBe(1);
    expect(await passwordMatches(row?.hash, NEW)).toBe(true);
    expect(await passwordMatches(row?.hash, PASSWORD)).toBe(false);
    expect(revocations.revoked(somebody.id, 0)).toBe(true);
    expect(revocations.revoked(somebody.id, 1)).toBe(false);
    const [{ seconds }] = (await db.sql<{ seconds: number }>(
      `SELECT ABS(TIMESTAMPDIFF(SECOND, tokens_revoked_at, UTC_TIMESTAMP())) AS seconds
       FROM users WHERE id = ?`,
      [somebody.id],
    )) as [{ seconds: number }];
    expect(seconds).toBeLessThan(60);
  });

  it.each([
    [{ password2: 'pass-word-3' }, 'PASSWORDS_DIFFER'],
    [{ old_password: NEW }, 'PASSWORD_UNCHANGED'],
    [{ old_password: 'pass-word-0' }, 'OLD_PASSWORD_WRONG'],
  ])('with %j changes nothing', async (changes, code) => {
    const somebody = await member();
    const { service, revocations } = accounts();
    const change = service.changePassword(callerOf(somebody), somebody.id, { ...body, ...changes });
    await expect(change).rejects.toMatchObject({ code });
    expect(await rowsOf(somebody)).toMatchObject([{ hash: passwordHash, version: 0 }]);
    expect(revocations.revoked(somebody.id, 0)).toBe(false);
  });

  it('is for one’s own account: another is not found, and nobody is not known', async () => {
    const [somebody, other] = [await member(), await member()];
    const { service } = accounts();
    const change = service.changePassword(callerOf(somebody), other.id, body);
    await expect(change).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rowsOf(other)).toMatchObject([{ hash: passwordHash, version: 0 }]);
    const nobody = { id: 4_000_000_000, username: 'nobody' };
    await expect(service.changePassword(callerOf(nobody), nobody.id, body)).rejects.toMatchObject({
      code: 'NOT_AUTHENTICATED',
    });
  });

  it('of two at once is done once: the other knows a password that is not the one any more', async () => {
    const somebody = await member();
    const rival = before(withUsers, 'UPDATE users', () =>
      db.sql("UPDATE users SET password_hash = '!' WHERE id = ?", [somebody.id]),
    );
    const { service, revocations } = accounts(rival);
    const change = service.changePassword(callerOf(somebody), somebody.id, body);
    await expect(change).rejects.toMatchObject({ code: 'OLD_PASSWORD_WRONG' });
    expect(await rowsOf(somebody)).toMatchObject([{ hash: '!', version: 0 }]);
    expect(revocations.revoked(somebody.id, 0)).toBe(false);
  });
});

it('a user who is locked is locked for others until the transaction ends; there may be none', async () => {
  const [other, somebody] = [await member(), await member()];
  const free = async ({ id }: { id: number }) =>
    (await db.sql('SELECT id FROM users WHERE id = ? FOR UPDATE SKIP LOCKED', [id])).length;
  await inTransaction(withUsers, async (tx) => {
    expect(await lockUser(tx, somebody.id)).toMatchObject({ username: somebody.username });
    expect([await free(somebody), await free(other)]).toEqual([0, 1]);
    expect(await lockUser(tx, 4_000_000_000)).toBeNull();
  });
  expect(await free(somebody)).toBe(1);
});
