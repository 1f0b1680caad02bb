/** Accounts over HTTP: taken names, logging in, the profile, the password, the demo accounts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedAreas } from '../../src/database/seed/areas.js';
import { createDemoUsers } from '../../src/users/demo-users.js';
import { hashPassword } from '../../src/users/passwords.js';
import { Client } from '../kit/client.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const DEMO = { username: 'demo_buyer', password: 'demo-pass-2026' };

describe('accounts', () => {
  let shop: Shop;
  let anybody: Client;

  beforeAll(async () => {
    shop = await startBareShop();
    await seedAreas(shop.db.dataSource);
    await createDemoUsers(shop.db.dataSource);
    anybody = new Client(shop.url);
  });
  afterAll(() => shop.close());

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
    const username = 'changeable';
    await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
      username,
      '13600136000',
      await hashPassword('pass-word-1'),
    ]);
    const login = (password: string) =>
      anybody.post<{ token: string; user_id: number }>('/authorizations/', { username, password });
    const { token, user_id: id } = (await login('pass-word-1')).body;
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

    expect(await shop.db.sql('SELECT token_version FROM users WHERE id = ?', [id])).toEqual([
      { token_version: 1 },
    ]);
    expect((await login('pass-word-1')).body).toMatchObject({ code: 'LOGIN_FAILED' });
    const fresh = await login('pass-word-2');
    expect((await new Client(shop.url, fresh.body.token).get('/user/')).status).toBe(200);
  });

  it('makes the demo accounts once', async () => {
    const users = () => shop.db.sql('SELECT id, username, mobile, role FROM users ORDER BY id');
    const before = await users();
    await createDemoUsers(shop.db.dataSource);
    expect(await users()).toEqual(before);
    expect(before.slice(0, 2)).toMatchObject([
      { username: 'demo_buyer', mobile: '13800138000', role: 'buyer' },
      { username: 'demo_admin', mobile: '13900139000', role: 'admin' },
    ]);
  });
});
