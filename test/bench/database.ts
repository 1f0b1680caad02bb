import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';
import type { TestDatabase } from '../kit/database.js';

/** How the shop's own server is reached; the user may create databases. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Makes a new database on the server and brings it to the newest schema. */
export async function createDatabase(
  { host, port, user, password }: ServerAddress,
  name: string,
): Promise<TestDatabase> {
  const at = `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}`;
  const server = await new DataSource(databaseOptions(`${at}/mysql`, 1)).initialize();
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  await server.destroy();

  const url = `${at}/${name}`;
  const dataSource = await new DataSource({
    ...databaseOptions(url, 1),
    enableQueryTimeout: false,
  } as ReturnType<typeof databaseOptions>).initialize();
  await prepareSessions(dataSource);
  await dataSource.runMigrations({ transaction: 'each' });
  return {
    url,
    name,
    dataSource,
    sql: (text, parameters) => dataSource.query(text, parameters),
    close: async () => {
      await dataSource.query(`DROP DATABASE ${name}`);
      await dataSource.destroy();
    },
  };
}
