/** That an audit tells damage of the server's own files from a fault of the shop: the control of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServer } from '../../scripts/lib/mariadb.mjs';
import { buildSkus } from '../kit/build.js';
import { audit, CLEAN, Crowd } from './kit/crowd.js';
import { OwnDatabase } from './kit/own-database.js';

const PAGE_BYTES = 16_384;
/** A byte in the middle of what lies in a page. */
const INSIDE = 300;

/** Where MariaDB puts the roots of a table's first two indexes in its file. */
const PAGES = [
  ['the rows themselves', 3],
  ['the second index', 4],
] as const;

const mariadb = findServer()?.family === 'mariadb';
if (!mariadb) {
  console.log('Skipped damaged pages: where a table has which page is known of MariaDB only.');
}

let dir: string;
let db: OwnDatabase | undefined;

describe.skipIf(!mariadb)('a page damaged on the disk', () => {
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'meiduo-damage-'));
  });
  afterEach(async () => {
    await db?.close();
    db = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(PAGES)('%s: an audit names the table', async (_, page) => {
    db = await OwnDatabase.start({ dir });
    await buildSkus(db, 1, { stock: 1 });
    const crowd = new Crowd(db, () => [], { seed: 1 });
    expect(await audit(db, crowd)).toMatchObject(CLEAN);
    await db.down();
    const file = await open(join(dir, 'data/meiduo/skus.ibd'), 'r+');
    await file.write('damage', page * PAGE_BYTES + INSIDE);
    await file.close();
    await db.up();
    const { wrong } = await audit(db, crowd);
    expect(wrong).toContainEqual(expect.stringMatching(/skus is damaged, the server says: /));
  });
});
