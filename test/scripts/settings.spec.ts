import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { firstOutgoing, freePort, readPort, requireFreePort } from '../../scripts/lib/ports.mjs';
import { requireListening, withoutPassword } from '../../scripts/lib/database-url.mjs';
import { apiEnvironment, readSettings, withoutEmpty } from '../../scripts/lib/settings.mjs';

const run = promisify(execFile);
const servers: Server[] = [];

afterEach(() => {
  servers.splice(0).forEach((server) => server.close());
});

async function occupy(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a port', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('taken on %s is told with its setting', async (host) => {
    const port = await occupy(host);
    await expect(requireFreePort('SANDBOX_PORT', port)).rejects.toThrow(
      new RegExp(
        `^Port ${port} is taken by another program\\..*beside your other settings, for example SANDBOX_PORT=\\d+\\.$`,
      ),
    );
  });

  it('that is free is accepted', async () => {
    await expect(requireFreePort('PORT', await freePort())).resolves.toBeUndefined();
  });

  it('is given once, to one process, and is none that a connection may be made from', async () => {
    const mine = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    const ports = new URL('../../scripts/lib/ports.mjs', import.meta.url).href;
    const script = `
      const { take } = await import(${JSON.stringify(ports)});
      console.log(JSON.stringify(await Promise.all(${JSON.stringify(mine)}.map(take))));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).toEqual(mine.map(() => false));
    expect(new Set(mine).size).toBe(mine.length);
    expect(Math.max(...mine)).toBeLessThan(firstOutgoing());
  });

  it.each(['abc', '0', '65536', '80.5', '-1'])('written %s is refused', (value) => {
    expect(() => readPort('PORT', value, 3000)).toThrow('PORT must be a port number');
  });

  it('must not serve both programs', () => {
    expect(() => readSettings({ PORT: '4000', SANDBOX_PORT: '4000' })).toThrow('must differ');
    expect(readSettings({ PORT: '3001', ALIPAY_GATEWAY: 'https://a.test/' }).port).toBe(3001);
  });
});

describe('DATABASE_URL', () => {
  it('that nobody answers is told without its password', async () => {
    const url = `mysql://me:s3cret@127.0.0.1:${await freePort()}/shop`;
    const failure = await requireListening(url).catch((error: Error) => error.message);
    expect(failure).toMatch(/^No database answers at 127\.0\.0\.1:\d+, .*ECONNREFUSED/);
    expect(failure).not.toContain('s3cret');
  });

  it.each(['postgres://u:s3cret@h/d', 'nonsense', 'mysql://h', 'mysql://u:s3cret@h/'])(
    'written %s is refused, its password unsaid',
    async (url) => {
      const failure = await requireListening(url).catch((error: Error) => error.message);
      expect(failure).toBe('DATABASE_URL must look like mysql://user:password@host:3306/name.');
    },
  );

  it('is shown without its password', () => {
    expect(withoutPassword('mysql://me:s3cret@db.test:3307/shop')).toBe(
      'mysql://me@db.test:3307/shop',
    );
  });
});

describe('the environment of the API', () => {
  const parts = {
    databaseUrl: 'mysql://me:pw@127.0.0.1:1/shop',
    redisUrl: undefined,
    jwtSecret: 'j'.repeat(48),
  };
  const environment = (env: NodeJS.ProcessEnv) => {
    const given = withoutEmpty(env);
    return apiEnvironment(readSettings(given), parts, given);
  };

  it('points at our sandbox unless a gateway is named', () => {
    expect(environment({ SANDBOX_PORT: '3999' })).toMatchObject({
      ALIPAY_GATEWAY: 'http://localhost:3999/gateway.do',
      ALIPAY_PRIVATE_KEY_FILE: expect.stringMatching(/sandbox\/keys\/app_private_key\.pem$/),
    });
    const theirs = environment({ ALIPAY_GATEWAY: 'https://gateway.test/gateway.do' });
    expect(theirs.ALIPAY_GATEWAY).toBe('https://gateway.test/gateway.do');
    expect(theirs).not.toHaveProperty('ALIPAY_PRIVATE_KEY_FILE');
    expect(theirs).not.toHaveProperty('ALIPAY_APP_ID');
  });

  it('lets what the person set win, and takes nothing for not set', () => {
    const own = 'o'.repeat(40);
    expect(environment({ JWT_SECRET: own, PORT: '' })).toMatchObject({
      JWT_SECRET: own,
      PORT: '3000',
      PUBLIC_URL: 'http://localhost:3000',
    });
  });

  it('holds each secret once, and refuses what is given twice', () => {
    const jwt = environment({ JWT_SECRET_FILE: '/run/secrets/jwt' });
    expect(jwt).toMatchObject({ JWT_SECRET_FILE: '/run/secrets/jwt' });
    expect(jwt).not.toHaveProperty('JWT_SECRET');
    expect(() => environment({ DATABASE_URL: 'mysql://u:p@h/d', DATABASE_URL_FILE: '/x' })).toThrow(
      'DATABASE_URL and DATABASE_URL_FILE are both given',
    );
  });

  it('does not put our key file over a key that the person gave', () => {
    const env = environment({ ALIPAY_PRIVATE_KEY: 'their key' });
    expect(env).not.toHaveProperty('ALIPAY_PRIVATE_KEY_FILE');
    expect(env.ALIPAY_PRIVATE_KEY).toBe('their key');
  });
});
