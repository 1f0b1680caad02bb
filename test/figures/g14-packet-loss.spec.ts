/**
 * One in five packets between the shop and its database gets lost, both ways. The test runs itself
 * in a network namespace, where it can lose packets without harm to anybody else.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { audit, CLEAN, Crowd, p99, told } from '../fault/kit/crowd.js';
import { Fleet } from '../fault/kit/fleet.js';
import {
  insideNamespace,
  isInside,
  loseNone,
  losePackets,
  missing,
} from '../fault/kit/lossy-network.js';
import { OwnDatabase } from '../fault/kit/own-database.js';
import { figure, FULL } from '../kit/figure.js';

const SECONDS = FULL ? 600 : 8;
const PERCENT = Number(process.env['LOSE_PERCENT'] ?? 20);
const SEED = 14;
const HOUR_MS = 3_600_000;
const WHAT = `${PERCENT} % of the packets to the database lost`;
const WANTED = '0 lost, 0 doubled; p99 below 5 s';
const VITEST = 'node_modules/vitest/vitest.mjs';

describe('G14', () => {
  if (isInside) {
    it('loses packets and nothing else', lossy, HOUR_MS);
    return;
  }
  if (missing) {
    beforeAll(() => figure('G14', WHAT, WANTED, `skipped: ${missing}`));
    it.skip('loses packets and nothing else');
    return;
  }
  it(
    'loses packets and nothing else',
    async () => {
      const args = [VITEST, 'run', 'test/figures/g14-packet-loss.spec.ts'];
      const { code, output } = await insideNamespace(process.execPath, args);
      expect(code, output).toBe(0);
    },
    HOUR_MS,
  );

  it('the harness sees a server that loses everything', async () => {
    const args = [VITEST, 'run', 'test/figures/g14-packet-loss.spec.ts'];
    const { code } = await insideNamespace(process.execPath, args, { LOSE_PERCENT: '100' });
    expect(code).not.toBe(0);
  });
});

async function lossy(): Promise<void> {
  const db = await OwnDatabase.start();
  const fleet = await Fleet.start(1, db.url);
  try {
    const { urls } = fleet;
    const crowd = new Crowd(db, () => urls, { seed: SEED });
    await crowd.start();
    await losePackets(Number(new URL(db.url).port), PERCENT);
    await delay(SECONDS * 1000);
    await loseNone();
    await crowd.stop();
    const books = await audit(db, crowd);
    expect(books, `seed ${SEED}`).toMatchObject(CLEAN);
    expect(books.promised).toBeGreaterThan(0);
    const orders = crowd.answers.map(({ ms }) => ms);
    const got = `${told(books)}; answers ${p99(crowd.tries)}, orders with all their tries ${p99(orders)}`;
    figure('G14', WHAT, WANTED, got);
  } finally {
    await fleet.close();
    await db.close();
  }
}
