import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDatabase, isPowerful } from '../../src/database/boot-check.js';
import type { DatabaseUnfitError } from '../../src/database/errors.js';
import { databaseOptions } from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

it('accepts a database that is fit, with the sessions the shop prepares', async () => {
  await expect(checkDatabase(db.dataSource, 'test')).resolves.toBeUndefined();
});

it('refuses a server that may lose commits in a power cut', async () => {
  await expect(checkDatabase(db.dataSource, 'development')).rejects.toThrow(/innodb_flush_log/);
});

it('sees what the session is: one that nobody prepared is refused, and one that was is not', async () => {
  const bare = await new DataSource(databaseOptions(db.url, 1)).initialize();
  await bare.query("SET SESSION sql_mode = ''");
  await bare.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  const refusal = await checkDatabase(bare, 'test').catch((error: unknown) => error);
  expect((refusal as DatabaseUnfitError).problems).toEqual([
    'The isolation level is REPEATABLE-READ, not READ COMMITTED.',
    'The SQL mode is not strict: wrong values would be cut instead of refused.',
  ]);
  await prepareSessions(bare);
  await expect(checkDatabase(bare, 'test')).resolves.toBeUndefined();
  await bare.destroy();
});

it('refuses a database that is not utf8mb4, naming it', async () => {
  await db.sql(`ALTER DATABASE \`${db.name}\` CHARACTER SET latin1`);
  await expect(checkDatabase(db.dataSource, 'test')).rejects.toThrow(/character_set_database/);
  await db.sql(`ALTER DATABASE \`${db.name}\` CHARACTER SET utf8mb4`);
});

it('refuses a schema that is not up to date', async () => {
  await db.sql('DELETE FROM migrations');
  await expect(checkDatabase(db.dataSource, 'test')).rejects.toThrow(/npm run migrate/);
});

it.each([
  ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION', true],
  ['GRANT SELECT, SUPER ON *.* TO `shop`@`%` IDENTIFIED BY PASSWORD "*0"', true],
  ['GRANT FILE ON *.* TO `shop`@`%`', true],
  ['GRANT USAGE ON *.* TO `shop`@`%` WITH GRANT OPTION', true],
  ['GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO `shop`@`%`', true],
  ['GRANT SELECT ON *.* TO `shop`@`%`', true],
  ['GRANT PROCESS, RELOAD ON *.* TO `shop`@`%`', true],
  ['GRANT ROLE_ADMIN,SYSTEM_USER ON *.* TO `shop`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `mysql`.* TO `shop`@`%`', true],
  ['GRANT UPDATE ON `mysql`.`global_priv` TO `shop`@`%`', true],
  ['GRANT UPDATE (`authentication_string`) ON `mysql`.`user` TO `shop`@`%`', true],
  ['GRANT EXECUTE ON PROCEDURE `mysql`.`rds_kill` TO `shop`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `%`.* TO `shop`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `my%`.* TO `shop`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `m_sql`.* TO `shop`@`%`', true],
  ["GRANT PROXY ON ''@'%' TO 'shop'@'%' WITH GRANT OPTION", true],
  ['GRANT `dba` TO `shop`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `m\\_sql`.* TO `shop`@`%`', false],
  ['GRANT ALL PRIVILEGES ON `meiduo\\_mall`.* TO `shop`@`%` WITH GRANT OPTION', false],
  ['GRANT SELECT, INSERT ON `my-shop.2`.`orders` TO `shop`@`%`', false],
  ['GRANT EXECUTE ON FUNCTION `meiduo`.`fen` TO `shop`@`%`', false],
  ['GRANT USAGE, PROCESS, REPLICATION CLIENT ON *.* TO `shop`@`%`', false],
  ['SET DEFAULT ROLE NONE FOR `shop`@`%`', false],
  ['GRANT USAGE ON *.* TO `shop`@`%` IDENTIFIED BY PASSWORD "*0"', false],
  ['GRANT PROCESS ON *.* TO `shop`@`%`', false],
  ['GRANT ALL PRIVILEGES ON `meiduo`.* TO `shop`@`%`', false],
])('tells who has power over the whole server: %s', (grant, powerful) => {
  expect(isPowerful(['GRANT SELECT ON `meiduo`.* TO `shop`@`%`', grant])).toBe(powerful);
});
