/** That an audit tells damage of the server's own files from a fault of the shop: the control of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSkus } from '../kit/build.js';
import { audit, CLEAN, Crowd } from './kit/crowd.js';
import { OwnDatabase } from './kit/own-database.js';

const PAGE_BYTES = 16_384;
/** The root of the second index: after the head, two pages of lists and the root of the primary key. */
const INDEX_PAGE = 4;

let dir: string;
let db: OwnDatabase;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'meiduo-damage-'));
  db = await OwnDatabase.start({ dir });
});
afterAll(async () => {
  await db.close();
  rmSync(dir, { recursive: true, force: true });
});

it('an audit names the table whose page was damaged on the disk', async () => {
  await buildSkus(db, 1, { stock: 1 });
  const crowd = new Crowd(db, () => [], { seed: 1 });
  expect(await audit(db, crowd)).toMatchObject(CLEAN);
  await db.down();
  const file = await open(join(dir, 'data/meiduo/skus.ibd'), 'r+');
  await file.write('damage', INDEX_PAGE * PAGE_BYTES + 300);
  await file.close();
  await db.up();
  const { wrong } = await audit(db, crowd);
  expect(wrong).toContainEqual(expect.stringMatching(/skus is damaged, the server says: Corrupt$/));
});
