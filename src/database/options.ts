import type { DataSourceOptions } from 'typeorm';
import { Shop1700000000001 } from './migrations/1700000000001-shop.js';
import { Refunds1700000000002 } from './migrations/1700000000002-refunds.js';
import { Lifecycle1700000000003 } from './migrations/1700000000003-lifecycle.js';

/** Deadlines of the database, in milliseconds (rule: nobody waits without limit). */
export const CONNECT_TIMEOUT_MS = 2000;
export const ACQUIRE_TIMEOUT_MS = 1000;
/** Together with the wait for a connection below three seconds: nobody is kept longer by a database that is gone. */
export const STATEMENT_TIMEOUT_MS = 2000;
/** A lock is waited for less long than a statement may take, so that 1205 comes from the server. */
export const LOCK_WAIT_SECONDS = 1;

/**
 * How the shop talks to its database. `mysql` is the type for MariaDB too: the `mariadb` type would
 * send INSERT … RETURNING, which MySQL does not know. Integers come as numbers while they are safe
 * and as digits beyond, so order ids are strings and amounts are numbers.
 */
export function databaseOptions(url: string, poolSize: number): DataSourceOptions {
  return {
    type: 'mysql',
    url: url.replace(/^mariadb:/, 'mysql:'),
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
    isolationLevel: 'READ COMMITTED',
    synchronize: false,
    migrationsRun: false,
    migrations: [Shop1700000000001, Refunds1700000000002, Lifecycle1700000000003],
    extra: { queueLimit: 1000, enableKeepAlive: true },
  };
}
