import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
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
} from 'class-validator';

const URL_RULE = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const WEBHOOK_RULE = {
  protocols: ['http', 'https'],
  disallow_auth: true,
  allow_fragments: false,
  max_allowed_length: 500,
};

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

  /** A sent order counts as received after this many days. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(365)
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

  /** Deadline of one call to the gateway, in milliseconds. */
  @Type(() => Number)
  @IsInt()
  @Min(500)
  @Max(8000)
  ALIPAY_TIMEOUT_MS: number = 5000;

  /** Receivers of order events, URLs separated by commas; none sends nothing. */
  @Transform(({ value }: { value: unknown }) => listed(String(value)))
  @IsUrl({ ...URL_RULE, ...WEBHOOK_RULE }, { each: true })
  WEBHOOK_URLS: string[] = [];

  /** Signs the events: `whsec_` and 24 to 64 bytes in base64 (or WEBHOOK_SECRET_FILE). */
  @ValidateIf((config: Config) => config.WEBHOOK_URLS.length > 0)
  @Matches(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, {
    message: 'must be whsec_ and 24 to 64 bytes in base64, since there are WEBHOOK_URLS',
  })
  WEBHOOK_SECRET: string;

  /** Deadline of one delivery, in milliseconds. */
  @Type(() => Number)
  @IsInt()
  @Min(500)
  @Max(30_000)
  WEBHOOK_TIMEOUT_MS: number = 10_000;

  /** Work that runs by itself (closing, refunds, reconciling …): on unless NODE_ENV is test. */
  @IsOptional()
  @IsIn(['on', 'off'])
  JOBS?: 'on' | 'off';

  /**
   * After SIGTERM /health/ready is red and everything is still served for so many milliseconds,
   * until no load balancer sends anything here: 3000 in production, else 0.
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(60_000)
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

  get jobsEnabled(): boolean {
    return this.JOBS ? this.JOBS === 'on' : this.NODE_ENV !== 'test';
  }

  get shutdownGraceMs(): number {
    return this.SHUTDOWN_GRACE_MS ?? (this.NODE_ENV === 'production' ? 3000 : 0);
  }

  get docsEnabled(): boolean {
    return this.DOCS_ENABLED ? this.DOCS_ENABLED === 'true' : this.NODE_ENV !== 'production';
  }

  get corsOrigins(): string[] {
    return listed(this.CORS_ORIGINS);
  }
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
