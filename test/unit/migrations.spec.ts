import { expect, it } from 'vitest';
import { freshDatabase } from '../kit/database.js';

it('every migration can be undone, which leaves what was there before it, and done again', async () => {
  const db = await freshDatabase();
  const schema = () =>
    db.sql(
      `SELECT table_name AS t, index_name AS i, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS c
       FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name <> 'migrations'
       GROUP BY table_name, index_name
       UNION ALL
       SELECT table_name, column_name, CONCAT_WS(' ', column_type, is_nullable, column_default)
       FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name <> 'migrations'
       ORDER BY 1, 2, 3`,
    );
  const { migrations } = db.dataSource;
  const undone = [await schema()];
  for (const _ of migrations) {
    await db.dataSource.undoLastMigration({ transaction: 'each' });
    undone.unshift(await schema());
  }
  expect(undone[0]).toEqual([]);
  expect(undone.at(-1)?.length).toBeGreaterThan(100);
  const all = migrations.splice(0);
  for (const [i, migration] of all.entries()) {
    migrations.push(migration);
    await db.dataSource.runMigrations({ transaction: 'each' });
    expect(await schema(), migration.constructor.name).toEqual(undone[i + 1]);
  }
  await db.close();
});
