import { expect, it } from 'vitest';
import { freshDatabase } from '../kit/database.js';

it('every migration can be undone, and done again', async () => {
  const db = await freshDatabase();
  const tables = () =>
    db.sql<{ t: string; columns: string }>(
      `SELECT table_name AS t, index_name AS i, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
       FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name <> 'migrations'
       GROUP BY table_name, index_name ORDER BY 1, 2`,
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

it('the last migration undone leaves the index by sales as it was', async () => {
  const db = await freshDatabase();
  const columns = () =>
    db.sql(
      `SELECT column_name AS name FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND index_name = 'ix_skus_category_sales'
       ORDER BY seq_in_index`,
    );
  expect(await columns()).toEqual([]);
  await db.dataSource.undoLastMigration({ transaction: 'each' });
  const names = ['category_id', 'is_launched', 'sales'];
  expect(await columns()).toEqual(names.map((name) => ({ name })));
  await db.close();
});
