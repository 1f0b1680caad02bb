/** Settings: every problem at once, no value in any message, and nothing unsafe in production. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unsafeInProduction } from '../../src/config/production-rules.js';
import { ConfigError, readConfig } from '../../src/config/read-config.js';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const SAFE = {
  NODE_ENV: 'production',
  DATABASE_URL: 'mysql://shop:Q7vR2mXk9tLw@db.internal/meiduo',
  DATABASE_TLS: 'on',
  JWT_SECRET: 'k2J8sQv5Wn3Zx7Lr1Tp9Yc4Hd6Mf0BgA',
  PUBLIC_URL: 'https://api.shop.example',
  ALIPAY_APP_ID: '2021000000000000',
  ALIPAY_SELLER_ID: '2088000000000000',
  ALIPAY_PRIVATE_KEY: pair().privateKey,
  ALIPAY_PUBLIC_KEY: pair().publicKey,
  ALIPAY_GATEWAY: 'https://openapi.alipay.com/gateway.do',
  ALIPAY_NOTIFY_URL: 'https://api.shop.example/payment/alipay/notify/',
  ALIPAY_RETURN_URL: 'https://shop.example/pay_success.html',
};

const WEBHOOKS = {
  WEBHOOK_URLS: 'https://erp.example/hooks',
  WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

function problems(changes: Record<string, string>): readonly string[] {
  try {
    readConfig({ ...SAFE, ...changes });
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

/** As a signing secret; the keys of the gateway, which take long to read, are left out. */
function isAccepted(secret: string): boolean {
  const safe = { ...SAFE, JWT_TTL_SECONDS: 3600, WEBHOOK_URLS: [], WEBHOOK_SECRET: [] };
  const rest = { ORDER_STRATEGY: 'pessimistic', LOG_LEVEL: 'info', RATE_LIMITS: 'on' };
  return unsafeInProduction({ ...safe, ...rest, JWT_SECRET: secret }).length === 0;
}

describe('readConfig', () => {
  it('accepts a safe production', () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    ['JWT_SECRET', 'short'],
    ['JWT_SECRET', 'a'.repeat(40)],
    ['JWT_SECRET', 'development-only-token-signing-key-0001'],
    ['DATABASE_URL', 'mysql://root:Q7vR2mXk9tLw@db.internal/meiduo'],
    ['DATABASE_URL', 'mysql://shop:password@db.internal/meiduo'],
    ['DATABASE_URL', 'postgres://shop@db/meiduo'],
    ['CORS_ORIGINS', '*'],
    ['PUBLIC_URL', 'ftp://api.shop.example'],
    ['CORS_ORIGINS', 'null'],
    ['ALIPAY_GATEWAY', 'http://localhost:3001/gateway.do'],
    ['ALIPAY_NOTIFY_URL', 'http://api.shop.example/payment/alipay/notify/'],
    ['ALIPAY_APP_ID', '9021000000000001'],
    ['ALIPAY_PRIVATE_KEY', 'junk'],
    ['ALIPAY_PUBLIC_KEY', 'junk'],
    ['ORDER_STRATEGY', 'hope'],
    ['PORT', 'abc'],
    ['PUBLIC_URL', 'http://api.shop.example'],
    ['DATABASE_TLS', 'off'],
    ['METRICS_TOKEN', 'short'],
    ['METRICS_TOKEN', 'aaaaaaaaaaaaaaaaaaaaaaaa'],
    ['METRICS_TOKEN', 'k2J8sQv5Wn3Zx7Lr1Tp9Yc4Hd6Mf0BgA'],
    ['WEBHOOK_SECRET', `whsec_${'a'.repeat(40)}`],
    ['WEBHOOK_URLS', 'http://erp.example/hooks'],
    ['JWT_TTL_SECONDS', '700000'],
    ['LOG_LEVEL', 'debug'],
    ['LOG_LEVEL', 'trace'],
    ['RATE_LIMITS', 'off'],
    ['RATE_LIMIT_OVERRIDES', 'login.address=0/0'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,proxy'],
    ['ALIPAY_GATEWAY', 'https://openapi-sandbox.dl.alipaydev.com/gateway.do'],
    ['REQUEST_DEADLINE_MS', '1'],
    ['EMAIL_VERIFY_URL', 'success_verify_email.html'],
  ])('refuses %s=%s in production, naming it and not its value', (name, value) => {
    const found = problems({ ...WEBHOOKS, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: `));
    if (/SECRET|TOKEN|DATABASE_URL/.test(name)) {
      expect(found[0]).not.toContain(value);
    }
  });

  it.each([
    '01234567890123456789012345678901',
    '98765432109876543210987654321098',
    'abcdefghijklmnopqrstuvwxyzabcdef',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    '1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y',
    'aabbccddeeff00112233445566778899',
    'Zk4vWZk4vWZk4vWZk4vWZk4vWZk4vWZk4vW',
    'meiduo-mall-jwt-signing-key-2026',
    'P@ssw0rd-P@ssw0rd-k2J8sQv5Wn3Zx7',
    '0123456789abcdef',
    '12345678',
    '1qaz2wsx',
    'meiduo123',
    'Admin2026!',
    'demo-pass-2026',
  ])('refuses the secret %s in production, which anybody guesses, wherever it stands', (secret) => {
    const long = secret.padEnd(32, secret);
    for (const [name, value] of [
      ['JWT_SECRET', long],
      ['METRICS_TOKEN', long],
      ['DATABASE_URL', `mysql://shop:${secret}@db.internal/meiduo`],
      ['REDIS_URL', `redis://:${secret}@127.0.0.1`],
    ] as const) {
      const changes = {
        [name]: value,
        ...(name === 'REDIS_URL' ? { ORDER_STRATEGY: 'queue' } : {}),
      };
      expect(problems(changes)).toEqual([expect.stringMatching(`^${name}: .*too easy to guess`)]);
    }
  });

  it('accepts what tools draw and what people make of words, a thousand times of each', () => {
    const ways: readonly (() => string)[] = [
      () => randomBytes(16).toString('hex'),
      () => randomBytes(32).toString('hex'),
      () => randomBytes(24).toString('base64'),
      () => randomBytes(24).toString('base64url'),
      () => 'correct-horse-battery-staple-lamp',
      () => 'under seven pale moons a heron waits',
    ];
    const refused = ways.map(
      (way) => Array.from({ length: 1000 }, way).filter((secret) => !isAccepted(secret)).length,
    );
    expect(refused).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has no shop window in production unless it is asked for, and one elsewhere', () => {
    const windowOf = (changes: Record<string, string>) =>
      readConfig({ ...SAFE, ...changes }).shopWindowEnabled;
    expect(windowOf({})).toBe(false);
    expect(windowOf({ SHOP_WINDOW_ENABLED: 'true' })).toBe(true);
    expect(windowOf({ NODE_ENV: 'development' })).toBe(true);
    expect(windowOf({ NODE_ENV: 'development', SHOP_WINDOW_ENABLED: 'false' })).toBe(false);
  });

  it('refuses a wait for the queue that is not shorter than the request’s deadline', () => {
    const queue = { ORDER_STRATEGY: 'queue', REDIS_URL: 'rediss://:Wm3xQ8vT5nLz@redis.example' };
    const waits = (wait: string, deadline: string, more: Record<string, string> = queue) =>
      problems({ QUEUE_WAIT_MS: wait, REQUEST_DEADLINE_MS: deadline, ...more });
    expect(waits('3000', '3000')).toEqual([
      'QUEUE_WAIT_MS: must be less than REQUEST_DEADLINE_MS, or 503 comes before the 202',
    ]);
    expect(waits('2999', '3000')).toEqual([]);
    expect(waits('3000', '2000', {})).toEqual([]);
  });

  it('lets a database on this machine be without TLS, and another one where it is said', () => {
    const local = 'mysql://shop:Q7vR2mXk9tLw@127.0.0.1:3306/meiduo';
    expect(problems({ DATABASE_URL: local, DATABASE_TLS: 'off' })).toEqual([]);
    expect(problems({ DATABASE_TLS: 'trusted-network' })).toEqual([]);
  });

  it('reads networks and limits', () => {
    const changes = {
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      RATE_LIMIT_OVERRIDES: 'login.address=7/60',
    };
    const config = readConfig({ ...SAFE, ...changes });
    expect(config.TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '::1']);
    expect(config.limits.login.limits).toContainEqual({ per: 'address', points: 7, seconds: 60 });
  });

  it('means production when nothing is said', () => {
    const { NODE_ENV: _, ...unsaid } = { ...SAFE, ALIPAY_GATEWAY: 'http://x/gateway.do' };
    expect(() => readConfig(unsaid)).toThrow(/must be https in production/);
  });

  it('tells what is unsafe beside what is missing', () => {
    expect(problems({ JWT_SECRET: '', CORS_ORIGINS: '*' })).toEqual([
      'JWT_SECRET: is missing',
      expect.stringMatching(/^CORS_ORIGINS: /),
    ]);
  });

  it('tells everything that is missing at once', () => {
    expect(() => readConfig({})).toThrow(ConfigError);
    const missing = problems({ JWT_SECRET: '', DATABASE_URL: '', ALIPAY_GATEWAY: '' });
    expect(new Set(missing.map((problem) => problem.split(':')[0]))).toEqual(
      new Set(['ALIPAY_GATEWAY', 'DATABASE_URL', 'JWT_SECRET']),
    );
  });

  it('demands a sender for a mail server, which may come from a file as all secrets do', () => {
    const server = { SMTP_URL: 'smtps://shop:Q7vR2mXk9tLw@smtp.example:465' };
    expect(problems(server)).toEqual([expect.stringMatching(/^MAIL_FROM: /)]);
    expect(problems({ ...server, MAIL_FROM: '美多商城 <noreply@shop.example>' })).toEqual([]);
    expect(problems({ ...server, MAIL_FROM: 'noreply@shop.example' })).toEqual([]);
    expect(problems({ ...server, MAIL_FROM: 'a\r\nBcc: b@c.example' })).toHaveLength(1);
    expect(problems({ SMTP_URL: 'http://x', MAIL_FROM: 'a@b.example' })).toHaveLength(1);
    expect(problems({ SMTP_URL_FILE: '/nowhere' })).toEqual([
      'SMTP_URL_FILE: the file cannot be read',
    ]);
  });

  it.each(['foo', '*', 'null', 'https://shop.example/', 'https://*.shop.example', 'shop.example'])(
    'refuses an origin written %s in development too',
    (origin) => {
      const changes = { NODE_ENV: 'development', CORS_ORIGINS: `https://a.example,${origin}` };
      expect(problems(changes)).toEqual([expect.stringMatching(/^CORS_ORIGINS: must be origins/)]);
    },
  );

  it('takes origins with and without a port', () => {
    const config = readConfig({ ...SAFE, CORS_ORIGINS: 'https://a.example, http://b.example:81' });
    expect(config.corsOrigins).toEqual(['https://a.example', 'http://b.example:81']);
  });

  it('refuses a secret that is given by name and by file', () => {
    expect(problems({ JWT_SECRET_FILE: '/dev/null' })).toEqual([
      'JWT_SECRET: is given twice, by JWT_SECRET and by JWT_SECRET_FILE',
    ]);
  });

  it('says a setting’s name once, and the range of a number', () => {
    const { WEBHOOK_SECRET } = WEBHOOKS;
    expect(
      problems({ PORT: '70000', LOG_LEVEL: 'loud', WEBHOOK_SECRET, WEBHOOK_URLS: 'x' }),
    ).toEqual([
      'PORT: must be a whole number from 0 to 65535',
      'WEBHOOK_URLS: each must be a URL address',
      expect.stringMatching(/^LOG_LEVEL: must be one of/),
    ]);
  });

  it('demands Redis for the queue only', () => {
    expect(problems({ ORDER_STRATEGY: 'queue' })).toEqual([expect.stringMatching(/^REDIS_URL: /)]);
    const redis = { ORDER_STRATEGY: 'queue', REDIS_URL: 'rediss://:Q7vR2mXk9tLw@r' };
    expect(problems(redis)).toEqual([]);
    expect(problems({ ...redis, REDIS_URL: 'rediss://r' })).toHaveLength(1);
  });

  it('lets nobody listen on the way to Redis, unless it is this machine or that is answered for', () => {
    const queue = { ORDER_STRATEGY: 'queue', REDIS_URL: 'redis://:Q7vR2mXk9tLw@redis.internal' };
    expect(problems(queue)).toEqual([expect.stringMatching(/^REDIS_URL: .*another machine/)]);
    expect(problems({ ...queue, DATABASE_TLS: 'trusted-network' })).toEqual([]);
    expect(problems({ ...queue, ORDER_STRATEGY: 'pessimistic' })).toEqual([]);
    for (const here of ['localhost', '127.0.0.1:6379', '[::1]:6379']) {
      expect(problems({ ...queue, REDIS_URL: `redis://:Q7vR2mXk9tLw@${here}` })).toEqual([]);
    }
  });
});
