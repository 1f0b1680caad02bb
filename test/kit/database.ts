import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { databaseOptions, packetOptions } from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';

/** A database of one's own, migrated and empty. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly dataSource: DataSource;
  /** Rows of one statement. */
  sql<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** The same, with the connections orders are placed on. */
export interface FreshDatabase extends TestDatabase {
  readonly packets: DataSource;
}

/** Makes a new database on the shared server and brings it to the newest schema. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { host, port, user, password } = inject('database');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const server = new DataSource(
    databaseOptions(`mysql://${user}:${password}@${host}:${port}/mysql`, 1),
  );
  await server.initialize();
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  await server.destroy();

  const url = `mysql://${user}:${password}@${host}:${port}/${name}`;
  const dataSource = await new DataSource({
    ...databaseOptions(url, 8),
    // Migrations may take their time when several tests begin at once.
    enableQueryTimeout: false,
  } as ReturnType<typeof databaseOptions>).initialize();
  await prepareSessions(dataSource);
  await dataSource.runMigrations({ transaction: 'each' });
  const packets = await new DataSource(packetOptions(url)).initialize();
  await prepareSessions(packets);
  return {
    url,
    name,
    dataSource,
    packets,
    sql: (text, parameters) => dataSource.query(text, parameters),
    close: async () => {
      await packets.destroy();
      await dataSource.query(`DROP DATABASE ${name}`);
      await dataSource.destroy();
    },
  };
}
