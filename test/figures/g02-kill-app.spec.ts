/**
 * kill -9 of processes of the shop while 16 clients order at two of them. Whoever was promised an
 * order has it, once; whoever was not asks again with the same key.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../bench/random.js';
import { audit, CLEAN, Crowd, told } from '../fault/kit/crowd.js';
import { Fleet } from '../fault/kit/fleet.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';

const KILLS = FULL ? 200 : 5;
const SEED = 2;
const HOUR_MS = 3_600_000;

describe('G2', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;

  beforeAll(async () => {
    db = await freshDatabase();
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
  });
  afterAll(async () => {
    await proxy.close();
    await db.close();
  });

  it(
    'no kill -9 of the shop loses, doubles or oversells an order',
    async () => {
      const random = randomFrom(SEED);
      const fleet = await Fleet.start(2, db.url);
      try {
        const crowd = new Crowd(db, () => fleet.urls, { seed: SEED });
        await crowd.start();
        for (let kill = 0; kill < KILLS; kill += 1) {
          await delay(random.between(50, 400));
          await fleet.kill(kill % 2);
          await fleet.replace(kill % 2);
        }
        await crowd.stop();
        const books = await audit(db, crowd);
        expect(books, `seed ${SEED}`).toMatchObject(CLEAN);
        expect(books.promised).toBeGreaterThan(KILLS);
        expect(crowd.retries).toBeGreaterThan(0);
        figure(
          'G2',
          'kill -9 of the shop, 16 clients, 2 processes',
          `${KILLS} kills: 0 lost, 0 doubled, 0 oversold`,
          `${KILLS} kills, ${told(books)}`,
        );
      } finally {
        await fleet.close();
      }
    },
    HOUR_MS,
  );

  /** One order whose process is killed when the database has committed it and has not said so. */
  async function killedAfterCommit(sloppy: boolean): Promise<Crowd> {
    const fleet = await Fleet.start(2, proxy.urlOf(db.url));
    try {
      const [first, second] = fleet.urls;
      let victim: string | undefined = first;
      const crowd = new Crowd(db, () => [victim ?? second ?? ''], { seed: SEED, sloppy });
      const commit = proxy.hold(/^COMMIT/, 'reply');
      const ordered = crowd.one();
      await commit.reached;
      victim = undefined;
      await fleet.kill(0);
      commit.release();
      await ordered;
      return crowd;
    } finally {
      await fleet.close();
    }
  }

  it('an order that was committed when its process died is answered to the next try', async () => {
    expect(await audit(db, await killedAfterCommit(false))).toMatchObject({
      promised: 1,
      ...CLEAN,
    });
  });

  it('the harness sees the order that a client without a key makes twice', async () => {
    expect((await audit(db, await killedAfterCommit(true))).doubled).toBe(1);
  });
});
