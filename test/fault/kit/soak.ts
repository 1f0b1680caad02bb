import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox } from '../../../src/alipay-sandbox/app.js';
import { randomFrom } from '../../bench/random.js';
import { Client } from '../../kit/client.js';
import { MysqlProxy } from '../../kit/mysql-proxy.js';
import { verify } from '../../kit/verify.js';
import { type Audit, audit, Crowd } from './crowd.js';
import { Fleet } from './fleet.js';
import { Front } from './front.js';
import { OwnDatabase } from './own-database.js';
import { type Deeds, Shopper } from './shopper.js';
import { FAULTS, type FaultName, isPossible, OwnRedis, type Stage } from './soak-faults.js';
import { type Planned, schedule } from './soak-schedule.js';

const ACCOUNT = { appId: '9021000000000001', sellerId: '2088000000000001' };
const HEALED_WITHIN_MS = 5000;
/** So long our books and the gateway's may differ at the end. */
const SETTLED_WITHIN_MS = 120_000;
const QUICK_MS = 1000;
/** Shorter than is usual, so that many orders are answered 202 when something is slow. */
const QUEUE_WAIT_MS = 500;

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Left out: 1, which loses nothing. */
  readonly flush?: 0 | 1;
  /** Left out: all. */
  readonly faults?: readonly FaultName[];
  /** Nothing is given time to heal or to settle: what was lost is lost. */
  readonly hasty?: boolean;
}

export interface SoakResult extends Audit, Omit<Deeds, 'wrong'> {
  /** The last line of `npm run verify`, run on the database at the end. */
  readonly verified: string;
  /** How often each fault was there. */
  readonly faults: Readonly<Record<string, number>>;
  /** How many of them began while another was there. */
  readonly beside: number;
  /** Orders that were answered 202 first. */
  readonly queued: number;
  /** How often the queue said that an order was to be sent again. */
  readonly failed: number;
  /** From the end of the last fault until every process has answered an order. */
  readonly backMs: number;
  /** Share of the orders that were answered within a second, five seconds after the last fault. */
  readonly quick: number;
}

/**
 * Two processes of the shop, one of them or both with the queue, a database behind a proxy, a Redis
 * and the sandbox, under buyers who order, pay, cancel and want their money back, while one fault
 * after the other, and at times a second one beside it, comes and goes, drawn from the seed. Then
 * everything is given time to settle, and the books are compared with what was promised.
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const ends: (() => unknown)[] = [];
  try {
    const folder = mkdtempSync(join(tmpdir(), 'meiduo-soak-'));
    let keep = options.hasty !== true;
    ends.push(() =>
      keep
        ? console.log(`What the soak has left is kept: ${folder}`)
        : rmSync(folder, { recursive: true, force: true }),
    );
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: folder, ...ACCOUNT });
    ends.push(() => sandbox.close());
    const db = await OwnDatabase.start({
      dir: join(folder, 'database'),
      flush: options.flush ?? 1,
    });
    ends.push(() => db.close());
    const at = new URL(db.url);
    const proxy = await MysqlProxy.before(at.hostname, Number(at.port));
    ends.push(() => proxy.close());
    const queue = await OwnRedis.start(join(folder, 'redis'));
    ends.push(() => queue.close());
    const front = await Front.open();
    ends.push(() => front.close());
    const settings = {
      JOBS: 'on',
      REDIS_URL: queue.url,
      QUEUE_WAIT_MS: String(QUEUE_WAIT_MS),
      ALIPAY_GATEWAY: `${sandbox.url}/gateway.do`,
      ALIPAY_PRIVATE_KEY_FILE: join(sandbox.keysDir, 'app_private_key.pem'),
      ALIPAY_PUBLIC_KEY_FILE: join(sandbox.keysDir, 'alipay_public_key.pem'),
      ALIPAY_NOTIFY_URL: `${front.url}/payment/alipay/notify/`,
      ALIPAY_RETURN_URL: `${front.url}/pay-result`,
    };
    const strategies: Stage['strategies'] = ['pessimistic', 'queue'];
    const own = strategies.map((ORDER_STRATEGY) => ({ ORDER_STRATEGY }));
    const fleet = await Fleet.start(2, proxy.urlOf(db.url), settings, own);
    ends.push(() => fleet.close());
    front.urls = () => fleet.urls;
    const ground = { db, proxy, queue, fleet, strategies, sandbox: new Client(sandbox.url) };
    const result = await play(ground, options);
    const { lost, doubled, oversold, wrong } = result;
    // Not "above 0": of a damaged table there are no numbers, and that database is wanted most.
    keep &&= lost + doubled + oversold + wrong.length !== 0;
    return result;
  } finally {
    for (const end of ends.reverse()) {
      await end();
    }
  }
}

async function play(
  ground: Omit<Stage, 'crowd' | 'random'>,
  { seconds, seed, faults: names, hasty = false }: SoakOptions,
): Promise<SoakResult> {
  const { db, fleet, sandbox } = ground;
  const shopper = new Shopper(() => fleet.urls, sandbox, randomFrom(seed + 1));
  const afterwards: Promise<void>[] = [];
  const crowd = new Crowd(db, () => fleet.urls, {
    seed: seed + 2,
    clients: 12,
    pauseMs: 60,
    mixed: true,
    onPromise: (buyer, orderId) => afterwards.push(shopper.goOn(buyer, orderId)),
  });
  const { body } = await sandbox.get<{ buyers: { logon_id: string }[] }>('/sandbox/accounts');
  for (const { logon_id: buyer } of body.buyers) {
    await sandbox.post('/sandbox/buyers/balance', { buyer, amount: '900000000.00' });
  }
  await crowd.start();
  const counts: Record<string, number> = {};
  let beside = 0;
  const be = async ({ name, seed: own }: Planned) => {
    counts[name] = (counts[name] ?? 0) + 1;
    await FAULTS[name]({ ...ground, crowd, random: randomFrom(own) });
  };
  const until = performance.now() + seconds * 1000;
  for (const { calmMs, faults } of schedule(seed, names)) {
    if (performance.now() > until) {
      break;
    }
    await delay(calmMs);
    const possible = faults.filter(({ name }) => isPossible(name));
    beside += possible.length > 1 ? 1 : 0;
    await Promise.all(possible.map(be));
  }
  const healedAt = performance.now();
  await delay(hasty ? 0 : 2 * HEALED_WITHIN_MS);
  await crowd.stop();
  if (hasty) {
    shopper.stop();
  }
  await Promise.all(afterwards);
  const after = crowd.answers.filter(({ at }) => at > healedAt + HEALED_WITHIN_MS);
  const firstAfter = (of: string) =>
    Math.min(
      ...crowd.answers.flatMap(({ at, ms, url }) =>
        url === of && at + ms > healedAt ? [at + ms] : [],
      ),
    );
  const unsettled = hasty ? [] : await settle(db, sandbox);
  const { wrong, ...books } = await audit(db, crowd);
  const verified = await verify({ DATABASE_URL: db.url });
  const { wrong: wrongDeeds, ...deeds } = shopper.deeds;
  return {
    ...books,
    ...deeds,
    verified: verified.out.trim().split('\n').at(-1) ?? '',
    wrong: [
      ...wrong,
      ...wrongDeeds.slice(0, 10),
      ...unsettled,
      ...(verified.code === 0 ? [] : [verified.out + verified.err]),
    ],
    faults: counts,
    beside,
    queued: crowd.queued,
    failed: crowd.failed,
    backMs: Math.max(...fleet.urls.map(firstAfter)) - healedAt,
    quick: after.filter(({ ms }) => ms <= QUICK_MS).length / after.length,
  };
}

/** Waits until the jobs have brought the books and the gateway together; says what they could not. */
async function settle(db: OwnDatabase, sandbox: Client): Promise<string[]> {
  const since = performance.now();
  for (;;) {
    await sandbox.post('/sandbox/notifies/flush', {});
    // Instead of waiting for the leases of processes that were killed.
    await db.sql('UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) WHERE status = 2');
    await db.sql('UPDATE refunds SET next_try_at = UTC_TIMESTAMP(3) WHERE status = 1');
    const wrong = await differences(db, sandbox);
    if (wrong.length === 0 || performance.now() - since > SETTLED_WITHIN_MS) {
      return wrong;
    }
    await delay(500);
  }
}

async function differences(db: OwnDatabase, sandbox: Client): Promise<string[]> {
  const [row] = await db.sql<{ kept: string; asked: number }>(
    `SELECT COALESCE((SELECT SUM(amount_fen - refunded_fen) FROM payments WHERE status = 2), 0) AS kept,
            (SELECT COUNT(*) FROM refunds WHERE status = 1) AS asked`,
  );
  const { body } = await sandbox.get<{ seller: { balance: string } }>('/sandbox/accounts');
  const [ours, theirs] = [Number(row?.kept), Math.round(Number(body.seller.balance) * 100)];
  return [
    ...(ours === theirs ? [] : [`our books hold ${ours} fen, the gateway ${theirs}`]),
    ...(Number(row?.asked) === 0 ? [] : [`${row?.asked} refunds were never made`]),
  ];
}
