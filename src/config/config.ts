import 'reflect-metadata';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MinLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { isNetwork } from '../common/address.js';
import { limitTable, type LimitTable } from '../common/rate-limits.js';
import { isOrigin, listed, URL_RULE, WEBHOOK_RULE, WholeNumber } from './formats.js';

/**
 * Every setting of the shop, by the name of its environment variable. This is the only place that
 * knows them; the rest of the code is handed a Config.
 */
export class Config {
  /**
   * `production`, which is meant when nothing is said, refuses to start on anything unsafe;
   * `development` allows the demo set-up.
   */
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'production';

  /** Address to listen on. */
  @IsString()
  HOST: string = '127.0.0.1';

  /** Port of the API. 0 takes a free one. */
  @WholeNumber(0, 65_535)
  PORT: number = 3000;

  /** `mysql://user:password@host:port/database` of a MariaDB or MySQL server. */
  @Matches(/^(mysql|mariadb):\/\/[^/]+\/[^/?]+/, {
    message: 'must be mysql://user:password@host:port/database',
  })
  DATABASE_URL: string;

  /** Connections to the database, per process; orders are placed on four more. */
  @WholeNumber(2, 200)
  DATABASE_POOL_SIZE: number = 10;

  /**
   * `on`: the server proves who it is and nobody listens (NODE_EXTRA_CA_CERTS names the file of a
   * private authority). `trusted-network`: without TLS, and whoever says so answers for the network
   * between, to Redis too. `off` is for a server on the same machine.
   */
  @IsIn(['on', 'off', 'trusted-network'])
  DATABASE_TLS: 'on' | 'off' | 'trusted-network' = 'off';

  /** Secret that signs the access tokens (HS256): 32 characters or more. */
  @IsString()
  @MinLength(32)
  JWT_SECRET: string;

  /** Lifetime of an access token, in seconds. */
  @WholeNumber(60, 30 * 86_400)
  JWT_TTL_SECONDS: number = 86_400;

  /** Where browsers reach this API; pictures and pages are linked from it. */
  @IsUrl(URL_RULE)
  PUBLIC_URL: string = 'http://localhost:3000';

  /** Origins that may call the API from a browser, separated by commas; none by default. */
  @ValidateBy({
    name: 'isOriginList',
    validator: {
      validate: (text: unknown) => typeof text === 'string' && listed(text).every(isOrigin),
      defaultMessage: () => 'must be origins, as https://shop.example; never * or null',
    },
  })
  CORS_ORIGINS: string = '';

  /** Proxies before the API, addresses or networks; only they are believed in X-Forwarded-For. */
  @Transform(({ value }: { value: unknown }) => listed(String(value)))
  @ValidateBy(
    {
      name: 'isNetwork',
      validator: {
        validate: isNetwork,
        defaultMessage: () => 'must be addresses or networks such as 10.0.0.0/8, not all of them',
      },
    },
    { each: true },
  )
  TRUSTED_PROXIES: string[] = [];

  /** Limits on how often one account or one address may log in, register, order … */
  @IsIn(['on', 'off'])
  RATE_LIMITS: 'on' | 'off' = 'on';

  /** Other numbers for some limits: `login.address=600/600`, requests and seconds, by commas. */
  @ValidateBy({
    name: 'isLimitList',
    validator: {
      validate: (text: unknown) => typeof text === 'string' && limitTable(text) !== undefined,
      defaultMessage: () => 'must be a list such as login.address=600/600,orders.account=10/60',
    },
  })
  RATE_LIMIT_OVERRIDES: string = '';

  /** After so many milliseconds a request is answered 503, whatever it waits for. */
  @WholeNumber(500, 60_000)
  REQUEST_DEADLINE_MS: number = 10_000;

  /** Freight of one order, in fen. */
  @WholeNumber(0, 1_000_000)
  FREIGHT_FEN: number = 1000;

  /** How orders are made when many buyers want one product. */
  @IsIn(['pessimistic', 'optimistic', 'queue'])
  ORDER_STRATEGY: 'pessimistic' | 'optimistic' | 'queue' = 'pessimistic';

  /**
   * Redis 7 for the queue, `rediss://:password@host:port` on another machine, `redis://…` on this
   * one; needed by no other strategy. In production with `appendonly yes`, `appendfsync always` and
   * `maxmemory-policy noeviction`.
   */
  @ValidateIf((config: Config) => config.ORDER_STRATEGY === 'queue')
  @Matches(/^rediss?:\/\//, { message: 'must be redis://…, since ORDER_STRATEGY is queue' })
  REDIS_URL: string;

  /** How long a request waits for the queue's result before it is answered 202; less than its deadline. */
  @WholeNumber(100, 9000)
  QUEUE_WAIT_MS: number = 3000;

  /** Orders placed in one transaction, at most. */
  @WholeNumber(1, 256)
  ORDER_BATCH_MAX: number = 256;

  /** Orders waiting for their batch, at most, and unfinished in the queue; one more is 503 BUSY. */
  @WholeNumber(1, 100_000)
  ORDER_WAITING_MAX: number = 2000;

  /** An unpaid order expires after this many minutes. */
  @WholeNumber(3, 1440)
  ORDER_EXPIRES_MINUTES: number = 30;

  /** A sent order counts as received after this many days. */
  @WholeNumber(1, 365)
  ORDER_RECEIPT_DAYS: number = 10;

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

  /** Deadline of one call to the gateway, connection and whole answer included, in milliseconds. */
  @WholeNumber(500, 8000)
  ALIPAY_TIMEOUT_MS: number = 5000;

  /** Notifies of Alipay are kept for so many days as they came; what waits for a person stays. */
  @WholeNumber(30, 3650)
  NOTICE_KEEP_DAYS: number = 400;

  /** Receivers of order events, URLs separated by commas; none sends nothing. */
  @Transform(({ value }: { value: unknown }) => listed(String(value)))
  @IsUrl({ ...URL_RULE, ...WEBHOOK_RULE }, { each: true })
  WEBHOOK_URLS: string[] = [];

  /**
   * Sign the events: `whsec_` and 24 to 64 bytes in base64 (or WEBHOOK_SECRET_FILE). While a secret
   * is being replaced, the new one and the old one, separated by a comma or a space.
   */
  @Transform(({ value }: { value: unknown }) => listed(String(value).replaceAll(/\s+/g, ',')))
  @ValidateIf((config: Config) => config.WEBHOOK_URLS.length > 0)
  @ArrayMinSize(1, { message: 'is missing, since there are WEBHOOK_URLS' })
  @ArrayMaxSize(4, { message: 'must not be more than 4 secrets' })
  @Matches(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, {
    each: true,
    message: 'must be whsec_ and 24 to 64 bytes in base64, since there are WEBHOOK_URLS',
  })
  WEBHOOK_SECRET: string[] = [];

  /** Deadline of one delivery, in milliseconds. */
  @WholeNumber(500, 30_000)
  WEBHOOK_TIMEOUT_MS: number = 10_000;

  /** Deliveries that are over are kept for so many days. */
  @WholeNumber(1, 3650)
  WEBHOOK_KEEP_DAYS: number = 30;

  /** The mail server, `smtps://user:password@host` (or SMTP_URL_FILE); in development the log stands in. */
  @IsOptional()
  @Matches(/^smtps?:\/\/[^/]+$/, { message: 'must be smtps://user:password@host:port' })
  SMTP_URL?: string;

  /** Sender of all mail, `Name <address>` or an address. */
  @ValidateIf((config: Config) => Boolean(config.SMTP_URL))
  @Matches(/^[^\r\n]*[^\s@]+@[^\s@]+$/, {
    message: 'must be an address, or Name <address>, since there is an SMTP_URL',
  })
  MAIL_FROM: string;

  /** The page the link in a verification mail opens, `?token=…` appended; the API itself if none. */
  @IsOptional()
  @IsUrl(URL_RULE)
  EMAIL_VERIFY_URL?: string;

  /** Work that runs by itself (closing, refunds, reconciling …): on unless NODE_ENV is test. */
  @IsOptional()
  @IsIn(['on', 'off'])
  JOBS?: 'on' | 'off';

  /**
   * After SIGTERM /health/ready is red and everything is still served for so many milliseconds,
   * until no load balancer sends anything here: 3000 in production, else 0.
   */
  @IsOptional()
  @WholeNumber(0, 60_000)
  SHUTDOWN_GRACE_MS?: number;

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

  /** The shop window, a small shop in the browser at `/`: on unless NODE_ENV is production. */
  @IsOptional()
  @IsIn(['true', 'false'])
  SHOP_WINDOW_ENABLED?: 'true' | 'false';

  get jobsEnabled(): boolean {
    return this.JOBS ? this.JOBS === 'on' : this.NODE_ENV !== 'test';
  }

  get shutdownGraceMs(): number {
    return this.SHUTDOWN_GRACE_MS ?? (this.NODE_ENV === 'production' ? 3000 : 0);
  }

  get docsEnabled(): boolean {
    return this.DOCS_ENABLED ? this.DOCS_ENABLED === 'true' : this.NODE_ENV !== 'production';
  }

  get shopWindowEnabled(): boolean {
    return this.SHOP_WINDOW_ENABLED
      ? this.SHOP_WINDOW_ENABLED === 'true'
      : this.NODE_ENV !== 'production';
  }

  /** Every limit as it is here. */
  get limits(): LimitTable {
    return limitTable(this.RATE_LIMIT_OVERRIDES) ?? (limitTable('') as LimitTable);
  }

  get emailVerifyUrl(): string {
    return this.EMAIL_VERIFY_URL ?? new URL('/emails/verification/', this.PUBLIC_URL).toString();
  }

  get corsOrigins(): string[] {
    return listed(this.CORS_ORIGINS);
  }
}
