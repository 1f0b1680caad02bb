/**
 * A process whose clock is wrong, beside one whose clock is right. Orders live by the clock of the
 * database, tokens by a life that no clock can lengthen, and order ids by none.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedDemo } from '../../src/database/seed/demo.js';
import { audit, CLEAN, Crowd } from '../fault/kit/crowd.js';
import { Client } from '../kit/client.js';
import { figure, FULL, isSkipped } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';
import { Bench, type Order } from '../payment/kit.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ORDERS_OF_EACH = FULL ? 25 : 8;
const CLOCKS = ['-10m', '+10m', '+1y'] as const;
/** When a token of an hour is over, by a clock that was wrong before. */
const AFTERWARDS = { '-10m': '+2h', '+10m': '+2h', '+1y': '+2y' } as const;
/** How the sweeper takes a payment, by a clock that is an hour ahead. */
const AN_HOUR_AHEAD = `SELECT id, CAST(order_id AS CHAR) AS orderId, checks + 1 AS checks,
  expires_at <= UTC_TIMESTAMP(3) + INTERVAL 1 HOUR AS overdue
  FROM payments WHERE status = 1 AND next_check_at <= UTC_TIMESTAMP(3)
  ORDER BY next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
const WHAT = 'clocks that are wrong';
const WANTED = 'no early close, no eternal token';

/** Why no clock can be wrong here. */
function whyNot(): string | undefined {
  try {
    execFileSync('faketime', ['--version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'needs faketime';
  }
}

/** The environment that makes a process read another time, from a file that may change. */
function clockFrom(file: string): Record<string, string> {
  const preload = execFileSync('faketime', ['-f', '+0s', 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  }).trim();
  return {
    LD_PRELOAD: preload,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

const skip = isSkipped({ id: 'G19', what: WHAT, wanted: WANTED }, whyNot());

describe.skipIf(skip)('G19', () => {
  const bench = new Bench();
  const folder = mkdtempSync(join(tmpdir(), 'meiduo-clock-'));
  const file = join(folder, 'clock');
  beforeAll(() => seedDemo(bench.shop.db.dataSource));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function withClock(
    clock: string,
    work: (shop: ShopProcess) => Promise<void>,
    settings: Record<string, string> = {},
  ) {
    writeFileSync(file, clock);
    const shop = await spawnShop(bench.shop.db.url, {
      ...bench.shop.settings,
      ...clockFrom(file),
      JOBS: 'on',
      JWT_TTL_SECONDS: '3600',
      ...settings,
    });
    try {
      await work(shop);
    } finally {
      await shop.kill();
    }
  }

  /** The life that is left to an order, by the database's clock. */
  async function leftMs({ id }: Order): Promise<number> {
    const [row] = await bench.shop.db.sql<{ ms: number }>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expires_at) / 1000 AS ms
       FROM orders WHERE id = ?`,
      [id],
    );
    return Number(row?.ms);
  }

  /** A token that was made by this process, by its clock. */
  async function tokenOf({ url }: ShopProcess): Promise<string> {
    const account = { username: 'demo_buyer', password: 'demo-pass-2026' };
    const { status, body } = await new Client(url).post('/authorizations/', account);
    expect(status).toBe(200);
    return body['token'] as string;
  }

  /** What this token is worth to the process whose clock is wrong, and to the other one. */
  async function statusesOf(token: string, { url }: ShopProcess): Promise<number[]> {
    const [there, here] = await Promise.all(
      [url, bench.shop.url].map((at) => new Client(at, token).get('/cart/')),
    );
    return [there?.status ?? 0, here?.status ?? 0];
  }

  it.each(CLOCKS)(
    '%s: no order is closed early, and a token ends after its hour',
    async (clock) => {
      await withClock(clock, async (shop) => {
        const [open, expired] = [await bench.unpaid(), await bench.unpaid()];
        const token = await tokenOf(shop);
        expect(await statusesOf(token, shop)).toEqual([200, clock === '+1y' ? 401 : 200]);
        await open.payUrl();
        await bench.due(open);
        await bench.expire(expired, '0s');
        // The sweeper of that process has been at work when it has closed what is really expired.
        await vi.waitFor(async () => expect(await expired.status()).toBe(6), {
          timeout: 10 * MINUTE_MS,
          interval: 200,
        });
        expect(await open.status()).toBe(1);
        expect(await leftMs(open)).toBeGreaterThan(28 * MINUTE_MS);
        writeFileSync(file, AFTERWARDS[clock]);
        const [afterwards] = await statusesOf(token, shop);
        expect(afterwards).toBe(401);
        expect(await violations(bench.shop.db)).toEqual([]);
      });
    },
    HOUR_MS,
  );

  it('the harness sees a token that never ends', async () => {
    const work = async (shop: ShopProcess) => {
      const token = await tokenOf(shop);
      writeFileSync(file, AFTERWARDS['-10m']);
      expect(await statusesOf(token, shop)).toEqual([200, 200]);
    };
    await withClock('-10m', work, seeded('test/figures/seed-eternal-token.mjs'));
  });

  it('a clock that jumps back makes no order id twice, and refuses no buyer', async () => {
    await withClock('+10m', async (shop) => {
      const crowd = new Crowd(bench.shop.db, () => [shop.url], { seed: 19 });
      for (const clock of ['+10m', '+0', '-10m', '+0']) {
        writeFileSync(file, clock);
        for (let i = 0; i < ORDERS_OF_EACH; i += 1) {
          await crowd.one();
        }
      }
      const books = await audit(bench.shop.db, crowd);
      expect(books).toMatchObject({ promised: 4 * ORDERS_OF_EACH - crowd.refused.size, ...CLEAN });
    });
    figure('G19', WHAT, WANTED, `${CLOCKS.join(', ')} and jumps of 10 minutes: none, none`);
  });
});

describe.skipIf(skip)(
  'G19 with a database that is an hour ahead, what the harness is there for:',
  () => {
    let proxy: MysqlProxy;
    const bench = new Bench({}, async (databaseUrl) => {
      const { hostname, port } = new URL(databaseUrl);
      proxy = await MysqlProxy.before(hostname, Number(port));
      return proxy.urlOf(databaseUrl);
    });
    afterAll(() => proxy.close());

    it('the harness sees an order that is closed early', async () => {
      const order = await bench.unpaid();
      await order.payUrl();
      await bench.due(order);
      await bench.sweep();
      expect(await order.status()).toBe(1);
      await bench.due(order);
      const stop = proxy.rewrite(/AS overdue\s+FROM payments WHERE status = 1/, AN_HOUR_AHEAD);
      try {
        await bench.sweep();
      } finally {
        stop();
      }
      expect(await order.status()).toBe(6);
    });
  },
);
