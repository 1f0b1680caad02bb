/**
 * One in five packets between the shop and its database gets lost, both ways. The test runs itself
 * in a network namespace, where it can lose packets without harm to anybody else.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
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
import { figure, FULL, isSkipped } from '../kit/figure.js';
import { seeded } from '../kit/seeded.js';

const SECONDS = Number(process.env['LOSE_SECONDS'] ?? (FULL ? 600 : 8));
const PERCENT = Number(process.env['LOSE_PERCENT'] ?? 20);
/** A bug in the shop, for a control. */
const BUG = process.env['LOSE_BUG'];
const SEED = 14;
const HOUR_MS = 3_600_000;
const WHAT = `${PERCENT} % of the packets to the database lost`;
/** What is enough to see that something is wrong. */
const SHORT = { FIGURES: 'short', LOSE_SECONDS: '2' };
/** After so long nothing is answered any more that got through before the packets were lost. */
const SETTLED_MS = 1000;
const NONE_SERVED = 'no order was promised while packets got lost';
const WANTED = '0 lost, 0 doubled; p99 below 5 s';

const skip = !isInside && isSkipped({ id: 'G14', what: WHAT, wanted: WANTED }, missing);

describe.skipIf(skip)('G14', () => {
  it('loses packets and nothing else', isInside ? lossy : passesInside, HOUR_MS);

  it.skipIf(isInside)('the harness sees a server that loses everything', async () => {
    const { code, output } = await runInside({ ...SHORT, LOSE_PERCENT: '100' });
    expect(code).toBe(1);
    expect(output).toContain(NONE_SERVED);
  });

  it.skipIf(isInside)('the harness sees a shop that promises orders and loses them', async () => {
    const bug = 'test/figures/seed-lost-commit.mjs';
    const { code, output } = await runInside({ ...SHORT, LOSE_BUG: bug });
    expect(code).toBe(1);
    expect(output).toMatch(/acknowledged: [1-9]\d* lost/);
  });
});

async function passesInside(): Promise<void> {
  const { code, output } = await runInside();
  expect(code, output).toBe(0);
}

function runInside(env?: Record<string, string>) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/figures/g14-packet-loss.spec.ts'];
  return insideNamespace(process.execPath, args, env);
}

async function lossy(): Promise<void> {
  const db = await OwnDatabase.start();
  const fleet = await Fleet.start(1, db.url, BUG ? seeded(BUG) : {});
  try {
    const { urls } = fleet;
    const crowd = new Crowd(db, () => urls, { seed: SEED });
    await crowd.start();
    await losePackets(Number(new URL(db.url).port), PERCENT);
    await delay(SETTLED_MS);
    const before = crowd.promised.size;
    await delay(SECONDS * 1000);
    const served = crowd.promised.size - before;
    const lost = await loseNone();
    await crowd.stop();
    const books = await audit(db, crowd);
    expect(books, `seed ${SEED}: ${told(books)}`).toMatchObject(CLEAN);
    expect(lost, 'packets lost to the database and from it').toHaveLength(2);
    expect(served, NONE_SERVED).toBeGreaterThan(0);
    // Below 100 % something is on its way in both directions all the time.
    expect(Math.min(...lost)).toBeGreaterThan(0);
    const orders = crowd.answers.map(({ ms }) => ms);
    const answersMs = p99(crowd.tries);
    const got = `${told(books)}; ${lost.join(' + ')} packets lost; answers p99 ${answersMs.toFixed(0)} ms, orders with all their tries p99 ${p99(orders).toFixed(0)} ms`;
    figure('G14', WHAT, WANTED, got, answersMs < 5000);
  } finally {
    await fleet.close();
    await db.close();
  }
}
