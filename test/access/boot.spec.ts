/**
 * Refusing to start [G23]: `node dist/main.js` in production, once as it should be, and once for
 * each unsafe setting. It ends at once, says which setting it is, and prints no secret (needs a build).
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, findServer, startDatabase } from '../../scripts/lib/mariadb.mjs';
import { startRedis } from '../../scripts/lib/redis.mjs';
import { databaseOptions } from '../../src/database/options.js';
import { figure } from '../kit/figure.js';
import { spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';

const AT_ONCE = 3;
const POWER_PASSWORD = 'Zk4vW9qPs2Lx';

/** Users who may do with the shop's database what they like, and something else. */
const BEYOND = {
  rows: 'SELECT, INSERT, UPDATE, DELETE ON *.*',
  own: 'ALL PRIVILEGES ON mysql.*',
  any: 'ALL PRIVILEGES ON `%`.*',
  role: 'dba',
};

const keys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const [own, alipays] = [keys(), keys()];
const JWT_SECRET = 'k2J8sQv5Wn3Zx7Lr1Tp9Yc4Hd6Mf0BgA';
const SAFE: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  JWT_SECRET,
  PUBLIC_URL: 'https://api.shop.example',
  CORS_ORIGINS: 'https://shop.example',
  METRICS_TOKEN: 'Wq8eRt5yUi2oPa9sDf6g',
  WEBHOOK_URLS: 'https://erp.example/hooks',
  WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  LOG_LEVEL: 'info',
  JOBS: 'off',
  RATE_LIMITS: 'on',
  ALIPAY_APP_ID: '2021000000000000',
  ALIPAY_SELLER_ID: '2088000000000000',
  ALIPAY_PRIVATE_KEY: own.privateKey,
  ALIPAY_PUBLIC_KEY: alipays.publicKey,
  ALIPAY_GATEWAY: 'https://openapi.alipay.com/gateway.do',
  ALIPAY_NOTIFY_URL: 'https://api.shop.example/payment/alipay/notify/',
  ALIPAY_RETURN_URL: 'https://shop.example/pay_success.html',
};

/** One unsafe thing each, and the setting that has to be named. */
const UNSAFE: readonly (readonly [what: string, changes: Record<string, string>, named: string])[] =
  [
    ['a short signing secret', { JWT_SECRET: 'k2J8sQ' }, 'JWT_SECRET'],
    ['no signing secret', { JWT_SECRET: '' }, 'JWT_SECRET'],
    ['one letter for a secret', { JWT_SECRET: 'k'.repeat(40) }, 'JWT_SECRET'],
    [
      'the secret of docker-compose.yml',
      { JWT_SECRET: 'development-only-token-signing-key-0001' },
      'JWT_SECRET',
    ],
    ['digits for a secret', { JWT_SECRET: '01234567890123456789012345678901' }, 'JWT_SECRET'],
    ['the alphabet', { JWT_SECRET: 'abcdefghijklmnopqrstuvwxyzabcdef' }, 'JWT_SECRET'],
    ['every hexadecimal digit', { METRICS_TOKEN: '0123456789abcdef' }, 'METRICS_TOKEN'],
    ['a row of digits', { DATABASE_URL: 'mysql://s:12345678@127.0.0.1/s' }, 'DATABASE_URL'],
    ['the product’s name', { DATABASE_URL: 'mysql://s:meiduo123@127.0.0.1/s' }, 'DATABASE_URL'],
    ['a token that lives for a month', { JWT_TTL_SECONDS: '2500000' }, 'JWT_TTL_SECONDS'],
    ['plain http for passwords', { PUBLIC_URL: 'http://api.shop.example' }, 'PUBLIC_URL'],
    ['every origin', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['root', { DATABASE_URL: 'mysql://root:Zk4vW9qPs2Lx@127.0.0.1/shop' }, 'DATABASE_URL'],
    [
      'a known database password',
      { DATABASE_URL: 'mysql://s:12341234@127.0.0.1/s' },
      'DATABASE_URL',
    ],
    [
      'a database far away without TLS',
      { DATABASE_URL: 'mysql://shop:Zk4vW9qPs2Lx@192.0.2.1/shop' },
      'DATABASE_TLS',
    ],
    ['a short metrics token', { METRICS_TOKEN: 'Wq8eRt5y' }, 'METRICS_TOKEN'],
    ['a metrics token to be guessed', { METRICS_TOKEN: '0000000000000000' }, 'METRICS_TOKEN'],
    ['one secret for two things', { METRICS_TOKEN: JWT_SECRET }, 'METRICS_TOKEN'],
    ['a weak webhook secret', { WEBHOOK_SECRET: `whsec_${'A'.repeat(40)}` }, 'WEBHOOK_SECRET'],
    ['webhooks in the open', { WEBHOOK_URLS: 'http://erp.example/hooks' }, 'WEBHOOK_URLS'],
    ['logs that tell too much', { LOG_LEVEL: 'trace' }, 'LOG_LEVEL'],
    ['no limits', { RATE_LIMITS: 'off' }, 'RATE_LIMITS'],
    ['trust in every address', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
    ['our sandbox', { ALIPAY_APP_ID: '9021000000000001' }, 'ALIPAY_APP_ID'],
    [
      'Alipay’s sandbox',
      { ALIPAY_GATEWAY: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do' },
      'ALIPAY_GATEWAY',
    ],
    [
      'a plain gateway',
      { ALIPAY_GATEWAY: 'http://openapi.alipay.com/gateway.do' },
      'ALIPAY_GATEWAY',
    ],
    [
      'a plain notify address',
      { ALIPAY_NOTIFY_URL: 'http://api.shop.example/payment/alipay/notify/' },
      'ALIPAY_NOTIFY_URL',
    ],
    ['our own public key as Alipay’s', { ALIPAY_PUBLIC_KEY: own.publicKey }, 'ALIPAY_PUBLIC_KEY'],
    [
      'a queue without password',
      { ORDER_STRATEGY: 'queue', REDIS_URL: 'redis://127.0.0.1:6379' },
      'REDIS_URL',
    ],
    [
      'a queue far away in the open',
      { ORDER_STRATEGY: 'queue', REDIS_URL: 'redis://:Zk4vW9qPs2Lx@192.0.2.1:6379' },
      'REDIS_URL',
    ],
  ];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the shop until it ends by itself. Nothing of this process's environment is handed on. */
async function start(environment: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 180_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, output };
}

/** Everything in an environment that must not be printed. */
function secretsOf(environment: Record<string, string>): string[] {
  const { JWT_SECRET: jwt, METRICS_TOKEN: metrics, WEBHOOK_SECRET: hook, ...rest } = environment;
  const passwords = [rest['DATABASE_URL'], rest['REDIS_URL']].flatMap((url) =>
    url ? [new URL(url).password] : [],
  );
  const key = rest['ALIPAY_PRIVATE_KEY']?.split('\n').filter((line) => !line.includes('-----'));
  return [jwt, metrics, hook, ...passwords, ...(key ?? [])].filter(
    (secret): secret is string => secret !== undefined && secret.length > 5,
  );
}

describe('G23: a production', () => {
  let dir: string;
  let server: Database;
  let database: DataSource;
  let environment: Record<string, string>;
  let refused = 0;
  let leaks = 0;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'meiduo-boot-'));
    server = await startDatabase({ dir });
    database = await new DataSource(databaseOptions(server.url, 2)).initialize();
    await database.runMigrations({ transaction: 'each' });
    environment = { ...SAFE, DATABASE_URL: server.url };
  });
  afterAll(async () => {
    const wanted = UNSAFE.length + Object.keys(BEYOND).length + 7;
    figure(
      'G23',
      'production refuses to boot: refused, secrets printed',
      `${wanted}, 0`,
      `${refused}, ${leaks}`,
      refused === wanted && leaks === 0,
    );
    await database?.destroy();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** One sentence, which names no secret. */
  function expectToldStart(
    { code, output }: Ended,
    words: string,
    used: Record<string, string>,
  ): void {
    expect([code, output]).toEqual([1, expect.stringContaining(words)]);
    expect(output.split('\n').filter((line) => line && !line.startsWith('{'))).toHaveLength(1);
    expect(output).not.toContain('does not answer');
    expect(secretsOf(used).filter((secret) => output.includes(secret))).toEqual([]);
  }

  /** Whether it ended and named what was wrong, and how many secrets it printed. */
  function verdictOn({ code, output }: Ended, named: string, used: Record<string, string>) {
    const leaked = secretsOf(used).filter((secret) => output.includes(secret));
    return { refused: code === 1 && output.includes(named), leaks: leaked.length };
  }

  function expectRefused(ended: Ended, named: string, used: Record<string, string>): void {
    const verdict = verdictOn(ended, named, used);
    refused += verdict.refused ? 1 : 0;
    leaks += verdict.leaks;
    expect(verdict, ended.output).toEqual({ refused: true, leaks: 0 });
    expect(ended.output).not.toMatch(/^\s+at /m);
  }

  it('starts when it is set up well, and shows no document, no counters and no stack', async () => {
    const shop = await spawnShop(server.url, environment);
    const get = async (path: string, init?: RequestInit) => {
      const answer = await fetch(new URL(path, shop.url), init);
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    for (const path of ['/docs', '/docs/', '/openapi.json', '/docs-json', '/docs-yaml', '/']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    expect((await get('/metrics')).status).toBe(401);
    const Authorization = `Bearer ${environment['METRICS_TOKEN']}`;
    expect((await get('/metrics', { headers: { Authorization } })).status).toBe(200);
    await database.query('RENAME TABLE skus TO skus_away');
    const fault = await get('/skus/1/');
    await database.query('RENAME TABLE skus_away TO skus');
    expect(fault.status).toBe(500);
    expect(fault.text).not.toMatch(/skus_away|\bat \w|\.js|SELECT|doesn't exist/i);
    expect(fault.headers.get('x-powered-by')).toBeNull();
    expect(fault.headers.get('server')).toBeNull();
    await shop.stop();
    for (const secret of secretsOf(environment)) {
      expect(shop.output()).not.toContain(secret);
    }
  });

  it('ends at each unsafe setting, naming it and no secret', async () => {
    const left = [...UNSAFE];
    const worker = async () => {
      for (let one = left.shift(); one; one = left.shift()) {
        const [, changes, named] = one;
        const used = { ...environment, ...changes };
        expectRefused(await start(used), `- ${named}: `, used);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }, 600_000);

  it('a rule that is switched off is noticed, and a secret that is printed: the control', async () => {
    // With another thing that is unsafe, so that it ends.
    const unsafe = { RATE_LIMITS: 'off', LOG_LEVEL: 'trace' };
    const used = { ...environment, ...unsafe, ...seeded('test/access/seed-lax-boot.mjs') };
    const ended = await start(used);
    expect(verdictOn(ended, '- LOG_LEVEL: ', used)).toEqual({ refused: true, leaks: 1 });
    expect(verdictOn(ended, '- RATE_LIMITS: ', used).refused).toBe(false);
  });

  it('names all unsafe settings at once', async () => {
    // What would be another setting's problem is left to that one.
    const changes = UNSAFE.filter(
      ([what]) => !/one secret|Alipay’s sandbox|TLS|plain gateway/.test(what),
    );
    const all: Record<string, string> = Object.assign({}, ...changes.map(([, change]) => change));
    const used = { ...environment, ...all };
    const { code, output } = await start(used);
    expect(code).toBe(1);
    for (const [, , named] of changes) {
      expect(output).toContain(`- ${named}: `);
    }
    expect(secretsOf(used).filter((secret) => output.includes(secret))).toEqual([]);
  });

  it('says whether it cannot listen or the database lets it not in', async () => {
    for (const HOST of ['nowhere.invalid', '192.0.2.1']) {
      const used = { ...environment, HOST };
      expectToldStart(await start(used), `it cannot listen on HOST ${HOST}, PORT 0 (E`, used);
    }
    const url = new URL(server.url);
    url.password = 'Hm5tKd8sWq2zXc';
    const stranger = { ...environment, DATABASE_URL: url.href };
    const refusal = 'refuses its user, password or name (ER_ACCESS_DENIED_ERROR)';
    expectToldStart(await start(stranger), refusal, stranger);
  });

  it('ends when everybody knows the password of an account in it', async () => {
    await database.query(
      `INSERT INTO users (username, mobile, password_hash) VALUES ('demo_admin', '13900139000', '!')`,
    );
    expectRefused(await start(environment), 'demo accounts', environment);
    await database.query('DELETE FROM users');
  });

  it('ends on a schema that is not the newest', async () => {
    await database.undoLastMigration({ transaction: 'each' });
    expectRefused(await start(environment), 'npm run migrate', environment);
    await database.runMigrations({ transaction: 'each' });
  });

  it('ends on a Redis that may forget a job, and takes one that keeps them', async () => {
    const redis = await startRedis({ dir: join(dir, 'redis'), appendonly: false });
    const used = { ...environment, ORDER_STRATEGY: 'queue', REDIS_URL: redis.url };
    const client = new Redis(redis.url);
    try {
      expectRefused(await start(used), 'REDIS_URL: this Redis has no append-only file', used);
      await client.config('SET', 'appendonly', 'yes');
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      expectRefused(await start(used), 'REDIS_URL: this Redis may throw jobs away', used);
      await client.config('SET', 'maxmemory-policy', 'noeviction');
      await client.config('SET', 'appendfsync', 'everysec');
      expectRefused(await start(used), 'REDIS_URL: this Redis answers before', used);
      await client.config('SET', 'appendfsync', 'always');
      const shop = await spawnShop(server.url, used);
      expect((await fetch(new URL('/health/ready', shop.url))).status).toBe(200);
      await shop.stop();
    } finally {
      client.disconnect();
      await redis.stop();
    }
    expectRefused(await start(used), 'REDIS_URL: this Redis cannot be asked', used);
  });

  it('ends on a server that may lose orders or checks nothing, as a user that may do anything', async () => {
    const folder = join(dir, 'unsafe');
    const mariadb = findServer()?.family === 'mariadb';
    const sql = join(dir, 'power.sql');
    writeFileSync(
      sql,
      [
        'CREATE DATABASE IF NOT EXISTS meiduo CHARACTER SET latin1;',
        `CREATE USER IF NOT EXISTS power@127.0.0.1 IDENTIFIED BY '${POWER_PASSWORD}';`,
        'GRANT ALL PRIVILEGES ON *.* TO power@127.0.0.1 WITH GRANT OPTION;',
        ...(mariadb ? ['SET GLOBAL check_constraint_checks = OFF;'] : []),
        '',
      ].join('\n'),
    );
    const unsafe = await startDatabase({
      dir: folder,
      durable: false,
      options: [`--init-file=${sql}`, '--innodb-flush-log-at-trx-commit=2'],
    });
    try {
      const as = (user: string) => ({
        ...environment,
        DATABASE_URL: `mysql://${user}:${POWER_PASSWORD}@127.0.0.1:${unsafe.port}/meiduo`,
      });
      const used = as('power');
      const ended = await start(used);
      expectRefused(ended, 'innodb_flush_log_at_trx_commit', used);
      const power = await new DataSource(databaseOptions(used.DATABASE_URL, 1)).initialize();
      await power.query('CREATE ROLE dba');
      for (const [user, rights] of Object.entries(BEYOND)) {
        await power.query(`CREATE USER '${user}'@127.0.0.1 IDENTIFIED BY '${POWER_PASSWORD}'`);
        await power.query(`GRANT ALL PRIVILEGES ON meiduo.* TO '${user}'@127.0.0.1`);
        await power.query(`GRANT ${rights} TO '${user}'@127.0.0.1`);
        expectRefused(await start(as(user)), 'rights beyond its own database', as(user));
      }
      await power.destroy();
      expect(ended.output).toContain('rights beyond its own database');
      const more = ['character_set_database', 'npm run migrate'];
      for (const problem of [...more, ...(mariadb ? ['CHECK constraints'] : [])]) {
        expect(ended.output).toContain(problem);
      }
    } finally {
      await unsafe.stop();
    }
  });
});
