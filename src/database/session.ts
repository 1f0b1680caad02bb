import type { DataSource } from 'typeorm';
import { LOCK_WAIT_SECONDS } from './options.js';

/** The part of mysql2's pool that is used here. */
interface Pool {
  on(event: 'connection', listener: (connection: Connection) => void): void;
}
interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
  destroy(): void;
}

const SQL_MODE = [
  'STRICT_ALL_TABLES',
  'NO_ENGINE_SUBSTITUTION',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'ONLY_FULL_GROUP_BY',
].join(',');

const SESSION_SQL =
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, ` +
  `sql_mode = '${SQL_MODE}'`;

/** For statements outside of a transaction; transactions say it again for themselves. */
const ISOLATION_SQL = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';

/**
 * Gives every connection of the pool the session the shop relies on, whatever the server's files
 * say. The driver sends commands of a connection in order, so this runs before the first query;
 * a connection that refuses it is thrown away.
 */
export async function prepareSessions(dataSource: DataSource): Promise<void> {
  const { pool } = dataSource.driver as unknown as { pool: Pool };
  pool.on('connection', (connection) => {
    for (const sql of [SESSION_SQL, ISOLATION_SQL]) {
      connection.query(sql, (error) => {
        if (error) {
          connection.destroy();
        }
      });
    }
  });
  // The start-up of TypeORM has opened one connection already, which lies in the pool now.
  await dataSource.query(SESSION_SQL);
  await dataSource.query(ISOLATION_SQL);
}
