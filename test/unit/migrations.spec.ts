import { expect, it } from 'vitest';
import { freshDatabase } from '../kit/database.js';

it('every migration can be undone, and done again', async () => {
  const db = await freshDatabase();
  const tables = () =>
    db.sql<{ t: string }>(
      `SELECT table_name AS t FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name <> 'migrations' ORDER BY 1`,
    );
  const before = await tables();
  expect(before.length).toBeGreaterThan(10);
  for (const _ of db.dataSource.migrations) {
    await db.dataSource.undoLastMigration({ transaction: 'each' });
  }
  expect(await tables()).toEqual([]);
  await db.dataSource.runMigrations({ transaction: 'each' });
  expect(await tables()).toEqual(before);
  await db.close();
});
