import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDatabase } from '../../src/database/boot-check.js';
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
