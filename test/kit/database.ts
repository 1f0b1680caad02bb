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

/**
 * Makes a new database on the shared server and brings it to the newest schema. Under mutants, which
 * are a thousand, the process keeps its database and empties it instead.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { host, port, user, password } = inject('database');
  const kept = process.env['MUTATION_DATABASE'] !== undefined;
  const name = kept
    ? `t_mutants_${process.env['STRYKER_MUTATOR_WORKER']}`
    : `t_${randomBytes(6).toString('hex')}`;
  const server = new DataSource(
    databaseOptions(`mysql://${user}:${password}@${host}:${port}/mysql`, 1),
  );
  await server.initialize();
  await server.query(
    `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
  );
  await server.destroy();

  const url = `mysql://${user}:${password}@${host}:${port}/${name}`;
  const dataSource = await new DataSource({
    ...databaseOptions(url, 8),
    // Migrations may take their time when several tests begin at once.
    enableQueryTimeout: false,
  } as ReturnType<typeof databaseOptions>).initialize();
  await prepareSessions(dataSource);
  await dataSource.runMigrations({ transaction: 'each' });
  if (kept) {
    await empty(dataSource);
  }
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
      if (!kept) {
        await dataSource.query(`DROP DATABASE ${name}`);
      }
      await dataSource.destroy();
    },
  };
}

/** Deletes all rows but those the migrations have written. */
async function empty(dataSource: DataSource): Promise<void> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT IN ('migrations', 'invariant_runs')`,
  );
  const runner = dataSource.createQueryRunner();
  await runner.query('SET FOREIGN_KEY_CHECKS = 0');
  for (const { name } of tables) {
    await runner.query(`DELETE FROM ${name}`);
  }
  await runner.query('SET FOREIGN_KEY_CHECKS = 1');
  await runner.release();
}
