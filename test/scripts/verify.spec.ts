import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDatabase } from '../../scripts/lib/mariadb.mjs';
import { databaseOptions } from '../../src/database/options.js';
import { INVARIANTS } from '../../src/ops/checker/invariants.js';
import { verify } from '../kit/verify.js';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'meiduo-verify-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Writes into the private database, as a person would. */
async function write(url: string, ...statements: string[]): Promise<void> {
  const dataSource = await new DataSource(databaseOptions(url, 1)).initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  for (const sql of statements) {
    await dataSource.query(sql);
  }
  await dataSource.destroy();
}

it('checks the shop of npm start, running or not: exit 0, then 1 with the rows', async () => {
  expect(await verify({ DATA_DIR: dataDir })).toMatchObject({
    code: 2,
    err: expect.stringContaining('npm start'),
  });

  const database = await startDatabase({ dir: join(dataDir, 'database') });
  await write(database.url);
  const clean = await verify({ DATA_DIR: dataDir });
  expect(clean).toMatchObject({ code: 0, err: '' });
  for (const { id, title } of INVARIANTS) {
    expect(clean.out).toMatch(new RegExp(`^${id} .* 0  ${title}$`, 'm'));
  }

  await write(
    database.url,
    "INSERT INTO categories (id, name) VALUES (1, 'x')",
    "INSERT INTO spus (id, name, category_id) VALUES (1, 'x', 1)",
    `INSERT INTO skus (id, spu_id, category_id, name, price_fen, stock, sales, initial_stock)
     VALUES (7, 1, 1, 'x', 1, 9, 1, 10)`,
  );
  const running = await verify({ DATA_DIR: dataDir });
  await database.stop();
  const stopped = await verify({ DATA_DIR: dataDir });
  for (const { code, out } of [running, stopped]) {
    expect(code).toBe(1);
    expect(out).toMatch(/^I03 .* 1 {2}what was sold is what live orders hold$/m);
    expect(out).toContain('not so for SKU 7');
  }
});

it.each([
  ['garbage', 'DATABASE_URL must look like mysql://user:password@host:3306/name.'],
  [
    'mysql://nobody:x@127.0.0.1:9/none',
    'No database answers at 127.0.0.1:9, where DATABASE_URL points (ECONNREFUSED).',
  ],
])('exits 2 with one sentence for DATABASE_URL=%s', async (url, words) => {
  const { code, out, err } = await verify({ DATA_DIR: dataDir, DATABASE_URL: url });
  expect([code, out, err.trim()]).toEqual([2, '', words]);
});
