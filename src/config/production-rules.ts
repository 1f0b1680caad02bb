import { unescape } from 'node:querystring';

/** The application id of this repository's own sandbox, whose private key is in every developer's folder. */
const SANDBOX_APP_ID = '9021000000000001';

/** Gateways where no money moves: Alipay's own sandboxes. */
const SANDBOX_GATEWAY = /(^|\.)alipaydev\.com$/;

/** Money, its proofs and passwords pass here. The original pages themselves are plain http. */
const HTTPS_IN_PRODUCTION = ['PUBLIC_URL', 'ALIPAY_GATEWAY', 'ALIPAY_NOTIFY_URL'] as const;

/** Each signs or opens something of its own: whoever learns one must not have another. */
const OWN_SECRETS = ['JWT_SECRET', 'METRICS_TOKEN', 'WEBHOOK_SECRET'] as const;

/** So many different characters that nobody foresees; sixteen drawn bytes have more, however written. */
const DIFFERENT_MIN = 8;

const EXAMPLES = /development|secret|p[a@]ssw[o0]rd|change|example|only-for-tests/i;

/** What this product and what stands beside a secret are called, and what people choose first. */
const WORDS =
  /meiduo|mall|shop|store|alipay|mysql|maria|redis|database|queue|metrics|webhook|token|signing|production|server|default|admin|root|user|demo|test|pass|jwt|key|login|letmein|welcome|iloveyou|dragon|monkey/gi;

const ROWS = [
  'abcdefghijklmnopqrstuvwxyzabc',
  '01234567890123',
  '1234567890qwertyuiopasdfghjklzxcvbnm1234567890',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'qazwsxedcrfvtgbyhnujm',
];

/** The alphabet, the digits and the keyboard, as hands run along them, in either direction. */
const RUNS = ROWS.flatMap((row) => [row, [...row].toReversed().join('')]).join(' ');

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A stolen token is good until it ends, so it ends within a week. */
const TOKEN_LIFE_MAX_SECONDS = 7 * 86_400;

type Texts = (typeof HTTPS_IN_PRODUCTION)[number] | 'JWT_SECRET' | 'METRICS_TOKEN';

/** The settings that could be unsafe; any may be missing, which is told elsewhere. */
interface Judged extends Readonly<Partial<Record<Texts, string>>> {
  readonly NODE_ENV: string;
  readonly DATABASE_URL?: string;
  readonly DATABASE_TLS: string;
  readonly REDIS_URL?: string;
  readonly ORDER_STRATEGY: string;
  readonly JWT_TTL_SECONDS: number;
  readonly ALIPAY_APP_ID?: string;
  readonly WEBHOOK_URLS: readonly string[];
  readonly WEBHOOK_SECRET: readonly string[];
  readonly LOG_LEVEL: string;
  readonly RATE_LIMITS: string;
}

type Rule = readonly [unsafe: boolean, problem: string];

/** What a production must not start with, as sentences without any value. Elsewhere, nothing. */
export function unsafeInProduction(config: Judged): string[] {
  if (config.NODE_ENV !== 'production') {
    return [];
  }
  const rules = [
    ...secretRules(config),
    ...serverRules(config),
    ...addressRules(config),
    ...habitRules(config),
  ];
  return rules.filter(([unsafe]) => unsafe).map(([, problem]) => problem);
}

function secretRules(config: Judged): Rule[] {
  const given = OWN_SECRETS.flatMap((name) =>
    [config[name] ?? []].flat().map((secret) => ({ name, secret })),
  );
  return given.flatMap(({ name, secret }, i): Rule[] => [
    [guessable(secret.replace(/^whsec_/, '')), `${name}: too easy to guess`],
    [
      given.slice(0, i).some((other) => other.secret === secret),
      `${name}: the same secret as another setting`,
    ],
  ]);
}

function serverRules(config: Judged): Rule[] {
  const database = parsed(config.DATABASE_URL);
  const redis = parsed(config.REDIS_URL);
  const queued = config.ORDER_STRATEGY === 'queue';
  return [
    [database?.username === 'root', 'DATABASE_URL: the shop must not be root in the database'],
    [guessable(passwordOf(database)), 'DATABASE_URL: the password is too easy to guess'],
    [
      isRemote(database) && config.DATABASE_TLS === 'off',
      'DATABASE_TLS: the database is on another machine; say on, or trusted-network where nobody ' +
        'else can listen or answer',
    ],
    [
      queued && guessable(passwordOf(redis)),
      'REDIS_URL: the password is missing or too easy to guess',
    ],
    [
      queued &&
        isRemote(redis) &&
        redis?.protocol === 'redis:' &&
        config.DATABASE_TLS !== 'trusted-network',
      'REDIS_URL: Redis is on another machine; say rediss://, or DATABASE_TLS=trusted-network where ' +
        'nobody else can listen or answer',
    ],
  ];
}

function addressRules(config: Judged): Rule[] {
  return [
    [config.WEBHOOK_URLS.some(isPlain), 'WEBHOOK_URLS: must be https in production'],
    ...HTTPS_IN_PRODUCTION.map((name): Rule => [
      isPlain(config[name] ?? ''),
      `${name}: must be https in production`,
    ]),
    [
      SANDBOX_GATEWAY.test(parsed(config.ALIPAY_GATEWAY)?.hostname ?? ''),
      'ALIPAY_GATEWAY: this is a sandbox, where no money moves',
    ],
    [config.ALIPAY_APP_ID === SANDBOX_APP_ID, 'ALIPAY_APP_ID: this is the development sandbox'],
  ];
}

function habitRules(config: Judged): Rule[] {
  return [
    [
      config.JWT_TTL_SECONDS > TOKEN_LIFE_MAX_SECONDS,
      'JWT_TTL_SECONDS: more than seven days is too long for a token that may be stolen',
    ],
    [
      ['trace', 'debug'].includes(config.LOG_LEVEL),
      'LOG_LEVEL: trace and debug are for development',
    ],
    [config.RATE_LIMITS === 'off', 'RATE_LIMITS: must be on in production'],
  ];
}

function isPlain(url: string): boolean {
  return !url.startsWith('https://');
}

function parsed(url: string | undefined): URL | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

function isRemote(url: URL | undefined): boolean {
  return url !== undefined && !LOCAL.has(url.hostname);
}

/** As it is typed, not as an address spells it. */
function passwordOf(url: URL | undefined): string | undefined {
  return url && unescape(url.password);
}

/** Whether anybody comes upon it: the words of examples, or few different characters of its own. */
function guessable(secret = ''): boolean {
  return EXAMPLES.test(secret) || new Set(unforeseen(secret)).size < DIFFERENT_MIN;
}

/**
 * What is left of a secret without common words and without what the two characters before foretell:
 * the next one of a row, one that is doubled, and all of a part that was there before.
 */
function unforeseen(secret: string): string[] {
  const text = secret.replaceAll(WORDS, '').replaceAll(/(.)\1+/g, '$1');
  const lower = text.toLowerCase();
  return [...text].filter((_, i) => {
    const three = lower.slice(Math.max(0, i - 2), i + 1);
    return i < 2 || (!RUNS.includes(three) && lower.indexOf(three) === i - 2);
  });
}
