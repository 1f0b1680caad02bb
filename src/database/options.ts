import type { DataSourceOptions } from 'typeorm';
import { Shop1700000000001 } from './migrations/1700000000001-shop.js';
import { Refunds1700000000002 } from './migrations/1700000000002-refunds.js';
import { Lifecycle1700000000003 } from './migrations/1700000000003-lifecycle.js';
import { Accounts1700000000004 } from './migrations/1700000000004-accounts.js';
import { Reads1700000000005 } from './migrations/1700000000005-reads.js';
import { Checker1700000000006 } from './migrations/1700000000006-checker.js';
import { RateLimits1700000000007 } from './migrations/1700000000007-rate-limits.js';
import { PaymentUpkeep1700000000008 } from './migrations/1700000000008-payment-upkeep.js';
import { Upkeep1700000000009 } from './migrations/1700000000009-upkeep.js';
import { BillClaims1700000000010 } from './migrations/1700000000010-bill-claims.js';
import { BestSellers1700000000011 } from './migrations/1700000000011-best-sellers.js';
import { StatementLogger } from './statement-logger.js';

/** Deadlines of the database, in milliseconds (rule: nobody waits without limit). */
export const CONNECT_TIMEOUT_MS = 2000;
export const ACQUIRE_TIMEOUT_MS = 1000;
/** Together with the wait for a connection below three seconds: nobody is kept longer by a database that is gone. */
export const STATEMENT_TIMEOUT_MS = 2000;
/** A lock is waited for less long than a statement may take, so that 1205 comes from the server. */
export const LOCK_WAIT_SECONDS = 1;

/** The driver would take any certificate that is genuine, whoever's it is, without the last line. */
const TLS = {
  minVersion: 'TLSv1.2',
  rejectUnauthorized: true,
  verifyIdentity: true,
};

/**
 * How the shop talks to its database, with TLS where `tls` is `on`. `mysql` is the type for MariaDB
 * too: the `mariadb` type would send INSERT … RETURNING, which MySQL does not know. Integers come as
 * numbers while they are safe and as digits beyond, so order ids are strings and amounts are numbers.
 */
export function databaseOptions(url: string, poolSize: number, tls = 'off'): DataSourceOptions {
  return {
    type: 'mysql',
    url: url.replace(/^mariadb:/, 'mysql:'),
    ...(tls === 'on' ? { ssl: TLS } : {}),
    poolSize,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    multipleStatements: false,
    // Else the driver records a stack for every query, in case it fails.
    trace: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableQueryTimeout: true,
    maxQueryExecutionTime: STATEMENT_TIMEOUT_MS,
    logger: new StatementLogger(),
    isolationLevel: 'READ COMMITTED',
    synchronize: false,
    migrationsRun: false,
    migrations: [
      Shop1700000000001,
      Refunds1700000000002,
      Lifecycle1700000000003,
      Accounts1700000000004,
      Reads1700000000005,
      Checker1700000000006,
      RateLimits1700000000007,
      PaymentUpkeep1700000000008,
      Upkeep1700000000009,
      BillClaims1700000000010,
      BestSellers1700000000011,
    ],
    // The driver would make room for 16,000 prepared statements in every connection, half a megabyte,
    // and none is prepared. A database that refuses connections is tried anew by every request, and
    // collecting that room held up the whole process.
    extra: { queueLimit: 1000, enableKeepAlive: true, maxPreparedStatements: 1 },
  };
}

/** One batch of orders at a time, a look-up after a lost COMMIT, and some to spare. */
const PACKET_POOL_SIZE = 4;

/**
 * The connections that orders are placed on. They alone may send several statements in one packet,
 * since there every round trip counts; all values are escaped by the driver, as everywhere.
 */
export function packetOptions(url: string, tls = 'off'): DataSourceOptions {
  return {
    ...databaseOptions(url, PACKET_POOL_SIZE, tls),
    multipleStatements: true,
  } as DataSourceOptions;
}

/** Whether connections with these options may carry several statements in one packet. */
export function takesPackets(options: DataSourceOptions): boolean {
  return 'multipleStatements' in options && options.multipleStatements === true;
}
