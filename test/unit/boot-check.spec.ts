import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDatabase, isPowerful } from '../../src/database/boot-check.js';
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
  ['GRANT USAGE ON *.* TO `shop`@`%` IDENTIFIED BY PASSWORD "*0"', false],
  ['GRANT PROCESS ON *.* TO `shop`@`%`', false],
  ['GRANT ALL PRIVILEGES ON `meiduo`.* TO `shop`@`%`', false],
])('tells who has power over the whole server: %s', (grant, powerful) => {
  expect(isPowerful(['GRANT SELECT ON `meiduo`.* TO `shop`@`%`', grant])).toBe(powerful);
});
