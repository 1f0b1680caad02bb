import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { plainToInstance, Type } from 'class-transformer';
import {
  getMetadataStorage,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';

const URL_RULE = { require_tld: false, require_protocol: true };

/**
 * Every setting of the shop, by the name of its environment variable. This is the only place that
 * knows them; the rest of the code is handed a Config.
 */
export class Config {
  /** `production` refuses to start on anything unsafe; `development` allows the demo set-up. */
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  /** Address to listen on. */
  @IsString()
  HOST: string = '127.0.0.1';

  /** Port of the API. 0 takes a free one. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = 3000;

  /** `mysql://user:password@host:port/database` of a MariaDB or MySQL server. */
  @Matches(/^(mysql|mariadb):\/\/[^/]+\/[^/?]+/, {
    message: 'must be mysql://user:password@host:port/database',
  })
  DATABASE_URL: string;

  /** Connections to the database, per process. */
  @Type(() => Number)
  @IsInt()
  @Min(2)
  @Max(200)
  DATABASE_POOL_SIZE: number = 10;

  /** Secret that signs the access tokens (HS256): 32 characters or more. */
  @IsString()
  @MinLength(32)
  JWT_SECRET: string;

  /** Lifetime of an access token, in seconds. */
  @Type(() => Number)
  @IsInt()
  @Min(60)
  @Max(30 * 86_400)
  JWT_TTL_SECONDS: number = 86_400;

  /** Where browsers reach this API; pictures and pages are linked from it. */
  @IsUrl(URL_RULE)
  PUBLIC_URL: string = 'http://localhost:3000';

  /** Origins that may call the API from a browser, separated by commas. */
  @IsString()
  CORS_ORIGINS: string = 'http://www.meiduo.site:8080';

  /** Freight of one order, in fen. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  FREIGHT_FEN: number = 1000;

  /** How orders are made when many buyers want one product. */
  @IsIn(['pessimistic', 'optimistic', 'queue'])
  ORDER_STRATEGY: 'pessimistic' | 'optimistic' | 'queue' = 'pessimistic';

  /** Redis 7 for the queue, `redis://:password@host:port`; needed by no other strategy. */
  @ValidateIf((config: Config) => config.ORDER_STRATEGY === 'queue')
  @Matches(/^rediss?:\/\//, { message: 'must be redis://…, since ORDER_STRATEGY is queue' })
  REDIS_URL: string;

  /** How long a request waits for the queue's result before it is answered 202. */
  @Type(() => Number)
  @IsInt()
  @Min(100)
  @Max(9000)
  QUEUE_WAIT_MS: number = 3000;

  /** Orders placed in one transaction, at most. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(256)
  ORDER_BATCH_MAX: number = 256;

  /** Orders waiting for their batch, at most; one more is answered 503 BUSY. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  ORDER_WAITING_MAX: number = 2000;

  /** An unpaid order expires after this many minutes. */
  @Type(() => Number)
  @IsInt()
  @Min(3)
  @Max(1440)
  ORDER_EXPIRES_MINUTES: number = 30;

  /** Application id at Alipay or at the sandbox. */
  @IsString()
  @MinLength(1)
  ALIPAY_APP_ID: string;

  /** Seller (partner) id, 2088…; a notify for anybody else is refused. */
  @IsString()
  @MinLength(1)
  ALIPAY_SELLER_ID: string;

  /** The application's private key, PEM or bare base64 (or ALIPAY_PRIVATE_KEY_FILE). */
  @IsString()
  @MinLength(1)
  ALIPAY_PRIVATE_KEY: string;

  /** Alipay's public key, not the application's (or ALIPAY_PUBLIC_KEY_FILE). */
  @IsString()
  @MinLength(1)
  ALIPAY_PUBLIC_KEY: string;

  /** Format of the private key. Alipay's key tool makes PKCS8. */
  @IsIn(['PKCS1', 'PKCS8'])
  ALIPAY_KEY_TYPE: 'PKCS1' | 'PKCS8' = 'PKCS8';

  /** The gateway: Alipay's, its sandbox's or ours. */
  @IsUrl(URL_RULE)
  ALIPAY_GATEWAY: string;

  /** Where Alipay posts the result of a payment; it must be able to reach it. */
  @IsUrl(URL_RULE)
  ALIPAY_NOTIFY_URL: string;

  /** Where Alipay sends the buyer's browser after the payment. */
  @IsUrl(URL_RULE)
  ALIPAY_RETURN_URL: string;

  /** Deadline of one call to the gateway, in milliseconds. */
  @Type(() => Number)
  @IsInt()
  @Min(500)
  @Max(8000)
  ALIPAY_TIMEOUT_MS: number = 5000;

  /** Least severe log lines that are written. */
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  LOG_LEVEL: string = 'info';

  /** Asked of whoever reads /metrics, as a bearer token; without it /metrics is 404 in production. */
  @IsOptional()
  @IsString()
  @MinLength(16)
  METRICS_TOKEN?: string;

  /** Swagger UI and /openapi.json: on unless NODE_ENV is production. */
  @IsOptional()
  @IsIn(['true', 'false'])
  DOCS_ENABLED?: 'true' | 'false';

  get docsEnabled(): boolean {
    return this.DOCS_ENABLED ? this.DOCS_ENABLED === 'true' : this.NODE_ENV !== 'production';
  }

  get corsOrigins(): string[] {
    return this.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter(Boolean);
  }
}

/** Thrown when the settings do not allow a start; `problems` are sentences without any value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings do not allow a start:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks the whole environment at once. Throws ConfigError with every problem found. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const values = withFiles(env, problems);
  const config = plainToInstance(Config, values, { exposeDefaultValues: true });
  for (const error of validateSync(config, { validationError: { target: false, value: false } })) {
    problems.push(`${error.property}: ${Object.values(error.constraints ?? {}).join(', ')}`);
  }
  if (problems.length === 0) {
    problems.push(...unsafeInProduction(config));
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return config;
}

/** `NAME_FILE` names a file that holds the value of `NAME`. */
function withFiles(env: NodeJS.ProcessEnv, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value && SETTING_NAMES.has(name)) {
      values[name] = value;
    }
  }
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`];
    if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').trim();
      } catch {
        problems.push(`${name}_FILE: the file cannot be read`);
      }
    }
  }
  return values;
}

const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'JWT_SECRET',
  'ALIPAY_PRIVATE_KEY',
  'ALIPAY_PUBLIC_KEY',
  'METRICS_TOKEN',
];

/** The application id of this repository's own sandbox, whose private key is in every developer's folder. */
const SANDBOX_APP_ID = '9021000000000001';

const HTTPS_IN_PRODUCTION = [
  'PUBLIC_URL',
  'ALIPAY_GATEWAY',
  'ALIPAY_NOTIFY_URL',
  'ALIPAY_RETURN_URL',
] as const;

function unsafeInProduction(config: Config): string[] {
  if (config.NODE_ENV !== 'production') {
    return [];
  }
  const database = URL.canParse(config.DATABASE_URL) ? new URL(config.DATABASE_URL) : undefined;
  const rules: [unsafe: boolean, problem: string][] = [
    [guessable(config.JWT_SECRET), 'JWT_SECRET: too easy to guess'],
    [config.corsOrigins.includes('*'), 'CORS_ORIGINS: name the origins, never *'],
    [database?.username === 'root', 'DATABASE_URL: the shop must not be root in the database'],
    [guessable(database?.password ?? '', 8), 'DATABASE_URL: the password is too easy to guess'],
    [config.ALIPAY_APP_ID === SANDBOX_APP_ID, 'ALIPAY_APP_ID: this is the development sandbox'],
    ...HTTPS_IN_PRODUCTION.map((name): [boolean, string] => [
      !config[name].startsWith('https://'),
      `${name}: must be https in production`,
    ]),
  ];
  return rules.filter(([unsafe]) => unsafe).map(([, problem]) => problem);
}

/** Few different characters, or the words that examples are made of. */
function guessable(secret: string, differentMin = 12): boolean {
  return (
    new Set(secret).size < differentMin ||
    /development|secret|password|change|example|only-for-tests/i.test(secret)
  );
}

/** The names of all settings, read from the rules above so that no second list can differ. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(
  getMetadataStorage()
    .getTargetValidationMetadatas(Config, '', false, false)
    .map((rule) => rule.propertyName),
);
