/** Access tokens: what is pinned, what is refused, and that a token can be killed before its time. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.js';
import { hashPassword } from '../../src/users/passwords.js';
import { type Buyer, buildBuyers } from '../kit/build.js';
import { Client } from '../kit/client.js';
import { TEST_JWT_SECRET, testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';
import { claimsOf, handMade, inSeconds, type Json } from '../kit/tokens.js';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  let shop: Shop;
  let buyer: Buyer;
  let claims: Json;

  beforeAll(async () => {
    shop = await startBareShop();
    [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    claims = claimsOf(buyer.id);
  });
  afterAll(() => shop.close());

  const statusOf = async (token: string) =>
    (await new Client(shop.url, token).get('/user/')).status;

  it('are taken when they are ours: the controls of what follows', async () => {
    expect(await statusOf(handMade(claims))).toBe(200);
    expect(await statusOf(handMade({ ...claims, exp: inSeconds(-20) }))).toBe(200);
    expect(await statusOf(handMade({ ...claims, iat: inSeconds(20) }))).toBe(200);
    // What a header says about keys is not read: neither trusted nor a reason to refuse.
    for (const header of [{ kid: '../../dev/null' }, { x5u: 'http://127.0.0.1:9/' }]) {
      expect(await statusOf(handMade(claims, { header }))).toBe(200);
    }
  });

  it('are refused when their algorithm is not HS256, whoever signed', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const none = (alg: string) => `${encoded({ alg, typ: 'JWT' })}.${encoded(claims)}.`;
    const tokens = {
      none: none('none'),
      None: none('None'),
      'no algorithm': `${encoded({ typ: 'JWT' })}.${encoded(claims)}.`,
      'HS512 with our secret': handMade(claims, { header: { alg: 'HS512' }, hash: 'sha512' }),
      'HS384 with our secret': handMade(claims, { header: { alg: 'HS384' }, hash: 'sha384' }),
      RS256: `${rsa}.${sign('RSA-SHA256', Buffer.from(rsa), privateKey).toString('base64url')}`,
      'HS256 that calls itself RS256': handMade(claims, { header: { alg: 'RS256' } }),
      'HS256 with a public key for a secret': handMade(claims, { secret: pem }),
      'HS256 with nothing for a secret': handMade(claims, { secret: '' }),
      'HS256 with six bytes for a secret': handMade(claims, { secret: 'secret' }),
    };
    for (const [what, token] of Object.entries(tokens)) {
      expect([what, await statusOf(token)]).toEqual([what, 401]);
    }
  });

  it('are refused when a claim is missing, wrong or not its time', async () => {
    const without = (name: string) =>
      Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
    const tokens: Record<string, Json> = {
      ...Object.fromEntries(
        ['exp', 'iss', 'aud', 'typ', 'sub', 'ver'].map((name) => [`no ${name}`, without(name)]),
      ),
      'another issuer': { ...claims, iss: 'meiduo' },
      'another audience': { ...claims, aud: 'meiduo-admin' },
      'another kind': { ...claims, typ: 'refresh' },
      'a name for an id': { ...claims, sub: 'admin' },
      'text for a version': { ...claims, ver: '0' },
      'text for an end': { ...claims, exp: 'never' },
      'ended beyond the leeway': { ...claims, exp: inSeconds(-31) },
      'made tomorrow': { ...claims, iat: inSeconds(86_400) },
      'good from tomorrow on': { ...claims, nbf: inSeconds(86_400) },
    };
    for (const [what, wrong] of Object.entries(tokens)) {
      expect([what, await statusOf(handMade(wrong))]).toEqual([what, 401]);
    }
  });

  it('are refused when anything was changed after the signature', async () => {
    const [header = '', , signature = ''] = handMade(claims).split('.');
    const good = handMade(claims);
    const tokens = {
      'another user': `${header}.${encoded({ ...claims, sub: String(buyer.id + 1) })}.${signature}`,
      'an administrator': `${header}.${encoded({ ...claims, role: 'admin' })}.${signature}`,
      'another header': `${encoded({ alg: 'HS256' })}.${encoded(claims)}.${signature}`,
      'half a signature': good.slice(0, -20),
      'no signature': `${header}.${encoded(claims)}.`,
      'two parts': `${header}.${encoded(claims)}`,
      'a part more': `${good}.${signature}`,
      nonsense: 'x.y.z',
      'nothing in it': '..',
    };
    for (const [what, token] of Object.entries(tokens)) {
      expect([what, await statusOf(token)]).toEqual([what, 401]);
    }
    expect(await statusOf(good)).toBe(200);
  });

  it('fetch no key from where their header points', async () => {
    let asked = 0;
    const elsewhere = createServer((_, answer) => {
      asked += 1;
      answer.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as { port: number };
    const url = `http://127.0.0.1:${port}/keys`;
    const jwk = { kty: 'oct', k: Buffer.from('attacker').toString('base64url') };
    for (const header of [{ jku: url }, { x5u: url }, { jwk }, { kid: url }]) {
      expect(await statusOf(handMade(claims, { header, secret: 'attacker' }))).toBe(401);
    }
    expect(asked).toBe(0);
    elsewhere.close();
  });

  it('are read from the header alone, never from an address or a cookie', async () => {
    const token = handMade(claims);
    const anybody = new Client(shop.url);
    for (const name of ['token', 'access_token', 'authorization', 'jwt']) {
      expect((await anybody.get(`/user/?${name}=${token}`)).status).toBe(401);
      expect((await anybody.get('/user/', { Cookie: `${name}=${token}` })).status).toBe(401);
    }
    expect((await anybody.send('POST', '/addresses/', { token, auth_token: token })).status).toBe(
      401,
    );
  });

  it('die on every instance when their version is raised, remembered or not', async () => {
    const other = await createApp(testSettings(shop.db.url));
    await other.listen(0, '127.0.0.1');
    const there = new Client(await other.getUrl(), handMade(claims));
    expect((await there.get('/user/')).status).toBe(200);
    await shop.db.sql(
      `UPDATE users SET token_version = token_version + 1, tokens_revoked_at = UTC_TIMESTAMP(3)
       WHERE id = ?`,
      [buyer.id],
    );
    await vi.waitFor(async () => expect((await there.get('/user/')).status).toBe(401), {
      timeout: 30_000,
      interval: 50,
    });
    await other.close();
  });

  it('an administrator is made and unmade as docs/SECURITY.md says, and older tokens end', async () => {
    const [{ id }] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const password = 'a-good-passphrase';
    await shop.db.sql('UPDATE users SET password_hash = ? WHERE id = ?', [
      await hashPassword(password),
      id,
    ]);
    const username = `buyer_${id}`;
    const statements = [
      ...readFileSync('docs/SECURITY.md', 'utf8').matchAll(/^UPDATE users SET role = .*$/gm),
    ].map(([text]) => text);
    expect(statements).toHaveLength(2);
    // Passport knows one strategy in a process, that of the app made last.
    const app = await createApp(testSettings(shop.db.url));
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const logIn = async () => {
      const { body } = await new Client(url).post('/authorizations/', { username, password });
      return new Client(url, body['token'] as string);
    };
    const onAdminRoute = async (client: Client) =>
      (await client.get('/admin/alipay/quarantine/')).status;
    let client = await logIn();
    expect(await onAdminRoute(client)).toBe(403);
    for (const [statement, status] of [
      [statements[0] ?? '', 200],
      [statements[1] ?? '', 403],
    ] as const) {
      await shop.db.sql(statement.replace('NAME', username));
      await vi.waitFor(async () => expect(await onAdminRoute(client)).toBe(401), {
        timeout: 30_000,
        interval: 50,
      });
      client = await logIn();
      expect(await onAdminRoute(client)).toBe(status);
    }
    await app.close();
  });

  it('are signed with 32 bytes or more, or the shop does not start', () => {
    const start = (secret: string) => () => testSettings(shop.db.url, { JWT_SECRET: secret });
    expect(start('secret')).toThrow(/JWT_SECRET/);
    expect(start(TEST_JWT_SECRET.slice(0, 31))).toThrow(/JWT_SECRET/);
    expect(start(TEST_JWT_SECRET)).not.toThrow();
  });
});
