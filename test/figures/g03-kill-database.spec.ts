/**
 * kill -9 of the database under load. It recovers by itself, and the shop, which is never
 * restarted, takes orders again moments after the database takes connections.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../bench/random.js';
import { type Audit, audit, CLEAN, Crowd, told } from '../fault/kit/crowd.js';
import { Fleet } from '../fault/kit/fleet.js';
import { OwnDatabase } from '../fault/kit/own-database.js';
import { figure, FULL } from '../kit/figure.js';

const KILLS = FULL ? 100 : 6;
const CLIENTS = 32;
/** Orders from one kill to the next, and in all. */
const PER_KILL = FULL ? { min: 450, max: 650 } : { min: 50, max: 150 };
const ORDERS = FULL ? 50_000 : 300;
const SEED = 3;
const HOUR_MS = 3_600_000;
/** Generous, for machines under load; the figure says what it was. */
const ACCEPTS_WITHIN_MS = 60_000;

interface Result extends Audit {
  /** From the first connection the database takes to the first order, by kill. */
  readonly backMs: readonly number[];
}

/** Until the crowd has so many orders in all. */
async function promised(crowd: Crowd, count: number): Promise<void> {
  const since = performance.now();
  while (crowd.promised.size < count && performance.now() < since + ACCEPTS_WITHIN_MS) {
    await delay(10);
  }
  expect(crowd.promised.size, `seed ${SEED}`).toBeGreaterThanOrEqual(count);
}

/** Kills a database with this flush setting again and again, under load. */
async function killDatabase(flush: 0 | 1, kills: number): Promise<Result> {
  const random = randomFrom(SEED);
  const db = await OwnDatabase.start({ flush });
  let fleet: Fleet | undefined;
  try {
    fleet = await Fleet.start(1, db.url);
    const { urls } = fleet;
    const crowd = new Crowd(db, () => urls, { seed: SEED, clients: CLIENTS, pauseMs: 0 });
    await crowd.start();
    const backMs: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await promised(crowd, crowd.promised.size + random.between(PER_KILL.min, PER_KILL.max));
      await db.keepSoFar();
      await crowd.nextPromise();
      await db.kill();
      await db.up();
      const upAt = performance.now();
      await promised(crowd, crowd.promised.size + 1);
      backMs.push(performance.now() - upAt);
    }
    await crowd.stop();
    return { ...(await audit(db, crowd)), backMs };
  } finally {
    await fleet?.close();
    await db.close();
  }
}

describe('G3', () => {
  it(
    'no kill -9 of the database loses an order, and the shop is back by itself',
    async () => {
      const { backMs, ...books } = await killDatabase(1, KILLS);
      expect(books, `seed ${SEED}`).toMatchObject(CLEAN);
      const longestMs = Math.max(...backMs);
      figure(
        'G3',
        `kill -9 of the database, ${CLIENTS} clients`,
        `${KILLS} kills, ${ORDERS} orders or more: 0 lost; orders again within 3 s`,
        `${KILLS} kills, ${told(books)}; orders again after ${longestMs.toFixed(0)} ms at most`,
        longestMs < 3000 && books.promised >= ORDERS,
      );
    },
    HOUR_MS,
  );

  it(
    'the harness sees what a database loses that does not flush at commit',
    async () => {
      expect((await killDatabase(0, 1)).lost).toBeGreaterThan(0);
    },
    HOUR_MS,
  );
});
