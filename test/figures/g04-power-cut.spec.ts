/**
 * The power goes while 16 clients order: the data of the database lies in a file system of its own,
 * and only what had reached that disk is there when the database starts again.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../bench/random.js';
import { type Audit, audit, CLEAN, Crowd, told } from '../fault/kit/crowd.js';
import { Fleet } from '../fault/kit/fleet.js';
import { LoopDisk } from '../fault/kit/loop-disk.js';
import { OwnDatabase } from '../fault/kit/own-database.js';
import { figure, FULL, isSkipped } from '../kit/figure.js';

const CUTS = FULL ? 30 : 3;
const DISK_MB = 512;
const SEED = 4;
const HOUR_MS = 3_600_000;
const WHAT = 'power cuts, 16 clients';
const WANTED = `${CUTS} cuts: 0 lost, 0 doubled; a lazy flush must lose`;

/** Cuts the power of a database with this flush setting, again and again; the first loss ends it. */
async function cutPower(flush: 1 | 2, cuts: number): Promise<Audit> {
  const random = randomFrom(SEED);
  const disk = await LoopDisk.make(DISK_MB);
  let db: OwnDatabase | undefined;
  let fleet: Fleet | undefined;
  try {
    db = await OwnDatabase.start({ dir: join(disk.dir, 'db'), flush });
    fleet = await Fleet.start(1, db.url);
    const { urls } = fleet;
    const crowd = new Crowd(db, () => urls, { seed: SEED });
    await crowd.start();
    let books: Audit | undefined;
    for (let cut = 0; cut < cuts && !books?.lost; cut += 1) {
      await delay(random.between(400, 900));
      await db.keepSoFar();
      await crowd.nextPromise();
      // Nothing is answered any more from here on, so the snapshot holds all that was promised.
      await db.freeze(true);
      await disk.snapshot();
      await db.kill();
      await disk.revert();
      await db.up();
      books = await audit(db, crowd);
    }
    await crowd.stop();
    return books?.lost ? books : await audit(db, crowd);
  } finally {
    await fleet?.close();
    await db?.close();
    await disk.remove();
  }
}

const skip = isSkipped({ id: 'G4', what: WHAT, wanted: WANTED }, LoopDisk.missing);

describe.skipIf(skip)('G4', () => {
  it(
    'no power cut loses an order',
    async () => {
      const books = await cutPower(1, CUTS);
      expect(books, `seed ${SEED}`).toMatchObject(CLEAN);
      const { lost } = await cutPower(2, 3);
      expect(lost, 'what the harness must see with a lazy flush').toBeGreaterThan(0);
      figure('G4', WHAT, WANTED, `${CUTS} cuts, ${told(books)}; with a lazy flush ${lost} lost`);
    },
    HOUR_MS,
  );
});
