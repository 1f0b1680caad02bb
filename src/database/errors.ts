import { ShopError } from '../common/errors.js';

/** What an error of the database means for the transaction it happened in. */
export type Failure =
  | 'deadlock'
  | 'conflict'
  | 'lock_wait'
  | 'snapshot'
  | 'connection'
  | 'timeout'
  | 'unavailable'
  | 'data'
  | 'fault';

/**
 * Numbers of MariaDB and MySQL. 1205 does not roll the transaction back by itself and 1213 does,
 * savepoints included, so neither may be survived inside the transaction.
 */
const BY_ERRNO: Readonly<Record<number, Failure>> = {
  1213: 'deadlock',
  1205: 'lock_wait',
  3572: 'lock_wait', // NOWAIT on MySQL; MariaDB says 1205
  1020: 'snapshot', // MariaDB, innodb_snapshot_isolation
  1047: 'unavailable', // Galera node without quorum
  1040: 'unavailable', // too many connections
  1203: 'unavailable',
  1226: 'unavailable',
  1290: 'unavailable', // read-only server
  1792: 'unavailable',
  1836: 'unavailable',
  1021: 'unavailable', // disk full
  1030: 'unavailable', // the storage engine cannot, for want of space for example
  1114: 'unavailable', // table full: no space to grow
  1053: 'connection', // server shutdown in progress
  1927: 'connection', // killed
  1062: 'data', // duplicate key
  1048: 'data',
  1264: 'data', // out of range
  1366: 'data', // wrong string value
  1406: 'data', // too long
  1451: 'data',
  1452: 'data', // foreign key
  1690: 'data', // unsigned underflow
  3819: 'data', // CHECK, MySQL
  4025: 'data', // CHECK, MariaDB
};

const CONNECTION_CODES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);

/** Rows were changed by others between the read and the write: run the whole work again. */
export class ConflictError extends Error {}

/** Thrown when the database cannot be trusted with orders; `problems` are whole sentences. */
export class DatabaseUnfitError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The database does not allow a start:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'DatabaseUnfitError';
  }
}

/** The COMMIT was sent and its answer never came: the work may be done or not. */
export class CommitUnknownError extends Error {
  constructor(cause: unknown) {
    super('the outcome of the COMMIT is unknown', { cause });
    this.name = 'CommitUnknownError';
  }
}

interface DriverError {
  errno?: number;
  code?: string;
  message?: string;
  /** Set by the driver when the connection is lost with it. */
  fatal?: boolean;
}

/** The driver's own error below TypeORM's wrapper. */
export function driverError(error: unknown): DriverError {
  const wrapped = error as { driverError?: DriverError } | undefined;
  return wrapped?.driverError ?? (error as DriverError | undefined) ?? {};
}

export function classify(error: unknown): Failure {
  if (error instanceof ConflictError) {
    return 'conflict';
  }
  const { errno, code, message, fatal } = driverError(error);
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
    return 'timeout';
  }
  if (code && CONNECTION_CODES.has(code)) {
    return 'connection';
  }
  if (message && /closed state|Pool is closed|Queue limit reached/.test(message)) {
    return 'unavailable';
  }
  return (errno !== undefined && BY_ERRNO[errno]) || (fatal ? 'connection' : 'fault');
}

/** True for a refused duplicate; with `key`, only when that unique key refused it. */
export function isDuplicate(error: unknown, key?: string): boolean {
  const { errno, message } = driverError(error);
  return errno === 1062 && (key === undefined || new RegExp(`\\b${key}'?$`).test(message ?? ''));
}

/** True when the database cannot be reached at all, so that whoever comes next would meet the same. */
export function isAway(error: unknown): boolean {
  const refusal = error instanceof ShopError ? error : notNow(error);
  return refusal?.code === 'UNAVAILABLE';
}

/** The refusal a client gets when the database says "not now"; undefined for everything else. */
export function notNow(error: unknown): ShopError | undefined {
  switch (error instanceof CommitUnknownError ? 'connection' : classify(error)) {
    case 'deadlock':
    case 'conflict':
    case 'lock_wait':
    case 'snapshot':
      return new ShopError('BUSY', { retryAfterSeconds: 1 });
    case 'connection':
    case 'timeout':
    case 'unavailable':
      return new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    default:
      return undefined;
  }
}
