/** The application id of this repository's own sandbox, whose private key is in every developer's folder. */
const SANDBOX_APP_ID = '9021000000000001';

/** Money and its proofs pass here. The original pages themselves are plain http. */
const HTTPS_IN_PRODUCTION = ['ALIPAY_GATEWAY', 'ALIPAY_NOTIFY_URL'] as const;

/** The settings that could be unsafe; any may be missing, which is told elsewhere. */
interface Judged extends Readonly<Partial<Record<(typeof HTTPS_IN_PRODUCTION)[number], string>>> {
  readonly NODE_ENV: string;
  readonly DATABASE_URL?: string;
  readonly REDIS_URL?: string;
  readonly ORDER_STRATEGY: string;
  readonly JWT_SECRET?: string;
  readonly ALIPAY_APP_ID?: string;
  readonly WEBHOOK_URLS: readonly string[];
  readonly corsOrigins: readonly string[];
}

/** What a production must not start with, as sentences without any value. Elsewhere, nothing. */
export function unsafeInProduction(config: Judged): string[] {
  if (config.NODE_ENV !== 'production') {
    return [];
  }
  const database = parsed(config.DATABASE_URL);
  const redis = parsed(config.REDIS_URL);
  const rules: [unsafe: boolean, problem: string][] = [
    [guessable(config.JWT_SECRET), 'JWT_SECRET: too easy to guess'],
    [
      config.corsOrigins.some((origin) => !/^https?:\/\/[^*/]+$/.test(origin)),
      'CORS_ORIGINS: name the origins, as https://shop.example; never * or null',
    ],
    [database?.username === 'root', 'DATABASE_URL: the shop must not be root in the database'],
    [guessable(database?.password, 8), 'DATABASE_URL: the password is too easy to guess'],
    [
      config.ORDER_STRATEGY === 'queue' && guessable(redis?.password, 8),
      'REDIS_URL: the password is missing or too easy to guess',
    ],
    [config.ALIPAY_APP_ID === SANDBOX_APP_ID, 'ALIPAY_APP_ID: this is the development sandbox'],
    [config.WEBHOOK_URLS.some(isPlain), 'WEBHOOK_URLS: must be https in production'],
    ...HTTPS_IN_PRODUCTION.map((name): [boolean, string] => [
      isPlain(config[name] ?? ''),
      `${name}: must be https in production`,
    ]),
  ];
  return rules.filter(([unsafe]) => unsafe).map(([, problem]) => problem);
}

function isPlain(url: string): boolean {
  return !url.startsWith('https://');
}

function parsed(url: string | undefined): URL | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

/** Few different characters, or the words that examples are made of. */
function guessable(secret = '', differentMin = 10): boolean {
  return (
    new Set(secret).size < differentMin ||
    /development|secret|password|change|example|only-for-tests/i.test(secret)
  );
}
