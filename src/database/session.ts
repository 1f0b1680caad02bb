import mysql from 'mysql2';
import type { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import {
  ACQUIRE_TIMEOUT_MS,
  LOCK_WAIT_SECONDS,
  STATEMENT_TIMEOUT_MS,
  takesPackets,
} from './options.js';

type Done = (error: { code?: string } | null, ...rest: unknown[]) => void;

/** A statement as TypeORM gives it to the driver. */
interface Statement {
  readonly sql: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The driver's own form of a statement. */
interface Command {
  timeout: number | undefined;
}

/** The parts of mysql2's pool and connection that are used here. */
interface Pool {
  on(event: 'connection', listener: (connection: Connection) => void): void;
  getConnection(done: (error: unknown, connection?: Connection) => void): void;
}
interface Connection {
  readonly config: unknown;
  query(statement: Statement | string, ...rest: unknown[]): unknown;
  destroy(): void;
  release(): void;
}

/** The driver's types do not know the last parameter. */
const driver = mysql.Connection as unknown as {
  createQuery(sql: string, values: unknown, done: Done | undefined, config: unknown): Command;
};

const SQL_MODE = [
  'STRICT_ALL_TABLES',
  'NO_ENGINE_SUBSTITUTION',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'ONLY_FULL_GROUP_BY',
].join(',');

/**
 * `lock_wait_timeout` is the wait for a whole table, a day by default: statements that nobody waits
 * for any more would pile up in the server while somebody alters it.
 */
const SESSION_SQL =
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, ` +
  `lock_wait_timeout = ${LOCK_WAIT_SECONDS}, sql_mode = '${SQL_MODE}'`;

/** Where orders are placed nothing is outside of a transaction, so none has to be begun. */
const PACKET_SESSION_SQL = `${SESSION_SQL}, autocommit = 0`;

/** For statements outside of a transaction; transactions say it again for themselves. */
const ISOLATION_SQL = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';

/**
 * Gives every connection of the pool the session the shop relies on, whatever the server's files
 * say, and the deadlines that the driver lacks. The driver sends commands of a connection in
 * order, so the session is prepared before the first query; a connection that refuses it is thrown
 * away.
 */
export async function prepareSessions(dataSource: DataSource): Promise<void> {
  const { pool } = dataSource.driver as unknown as { pool: Pool };
  const session = takesPackets(dataSource.options) ? PACKET_SESSION_SQL : SESSION_SQL;
  // The start-up of TypeORM has opened one connection already, which lies in the pool.
  const first = await new Promise<Connection>((resolve, reject) => {
    pool.getConnection((error, connection) => (connection ? resolve(connection) : reject(error)));
  });
  await new Promise<void>((resolve, reject) => {
    prepare(first, session, (error) => (error ? reject(error) : resolve()));
  });
  first.release();
  // Not before: had the first one been lost, the one opened in its place would be prepared twice.
  pool.on('connection', (connection) => {
    prepare(connection, session, (error) => error && connection.destroy());
  });
  limitWaiting(pool);
}

function prepare(connection: Connection, session: string, done: (error: unknown) => void): void {
  watchQueries(connection);
  const timeout = STATEMENT_TIMEOUT_MS;
  connection.query({ sql: session, timeout }, (error: unknown) => error && done(error));
  connection.query({ sql: ISOLATION_SQL, timeout }, done);
}

/**
 * A query that timed out still occupies its connection, and the next one would wait behind it
 * without any deadline, since the driver starts its clock only when a query's turn comes. So the
 * connection goes with it.
 *
 * The driver is given a finished command instead of an object with its options. Those it would copy,
 * and every such copy gets a hidden class of its own in Node.js 20: much of the query then outlives the
 * young generation (docs/performance.md, Garbage).
 */
function watchQueries(connection: Connection): void {
  const query = connection.query.bind(connection) as unknown as (command: Command) => unknown;
  connection.query = (statement, ...rest) => {
    const done = typeof rest.at(-1) === 'function' ? (rest.pop() as Done) : undefined;
    const watched: Done | undefined =
      done &&
      ((error, ...results) => {
        if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
          connection.destroy();
        }
        done(error, ...results);
      });
    const { sql, timeout } =
      typeof statement === 'string' ? { sql: statement, timeout: undefined } : statement;
    const command = driver.createQuery(sql, rest[0], watched, connection.config);
    command.timeout = timeout;
    return query(command);
  };
}

/** Nobody waits for a free connection without limit; one that comes too late goes straight back. */
function limitWaiting(pool: Pool): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (done) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      done(new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 }));
    }, ACQUIRE_TIMEOUT_MS);
    getConnection((error, connection) => {
      if (late) {
        connection?.release();
        return;
      }
      clearTimeout(timer);
      done(error, connection);
    });
  };
}
