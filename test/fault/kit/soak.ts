import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox } from '../../../src/alipay-sandbox/app.js';
import { type Choices, randomFrom } from '../../bench/random.js';
import { Client } from '../../kit/client.js';
import { MysqlProxy } from '../../kit/mysql-proxy.js';
import { type Audit, audit, Crowd } from './crowd.js';
import { Fleet } from './fleet.js';
import { Front } from './front.js';
import { OwnDatabase } from './own-database.js';
import { type Deeds, Shopper } from './shopper.js';

const ACCOUNT = { appId: '9021000000000001', sellerId: '2088000000000001' };
const CALM_MS = { min: 300, max: 1500 };
const HEALED_WITHIN_MS = 5000;
/** So long our books and the gateway's may differ at the end. */
const SETTLED_WITHIN_MS = 120_000;
const QUICK_MS = 1000;
/** A kill waits for an order that was just promised, but no longer than this. */
const KILL_WITHIN_MS = 10_000;

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
  /** How often each fault was there. */
  readonly faults: Readonly<Record<string, number>>;
  /** How many of them began while another was there. */
  readonly beside: number;
  /** From the end of the last fault to the next order. */
  readonly backMs: number;
  /** Share of the orders that were answered within a second, five seconds after the last fault. */
  readonly quick: number;
}

/** Everything that runs in a soak. */
interface Stage {
  readonly db: OwnDatabase;
  readonly proxy: MysqlProxy;
  readonly fleet: Fleet;
  readonly sandbox: Client;
  readonly crowd: Crowd;
  readonly random: Choices;
}

/** Each fault comes and goes; when it returns, everything works again. */
const FAULTS = {
  'kill a process': async ({ fleet, random }: Stage) => {
    const i = random.between(0, 1);
    await fleet.kill(i);
    await fleet.begin(i);
  },
  'stop a process': async ({ fleet, random }: Stage) => {
    const { child } = fleet.at(random.between(0, 1));
    child.kill('SIGSTOP');
    await delay(random.between(300, 3000));
    child.kill('SIGCONT');
  },
  'kill the database': async ({ db, crowd }: Stage) => {
    await db.keepSoFar();
    await Promise.race([crowd.nextPromise(), delay(KILL_WITHIN_MS)]);
    await db.kill();
    await db.up();
  },
  'stop the database': async ({ db, random }: Stage) => {
    await db.freeze(true);
    await delay(random.between(300, 3000));
    await db.freeze(false);
  },
  latency: async ({ proxy, random }: Stage) => {
    proxy.replies.latencyMs = random.between(20, 2000);
    await delay(random.between(500, 2500));
    proxy.replies.latencyMs = 0;
  },
  'single bytes': async ({ proxy, random }: Stage) => {
    proxy.replies.sliced = true;
    await delay(random.between(300, 1000));
    proxy.replies.sliced = false;
  },
  resets: async ({ proxy, random }: Stage) => {
    for (let i = random.between(1, 5); i > 0; i -= 1) {
      proxy.reset();
      await delay(random.between(10, 200));
    }
  },
  silence: async ({ proxy, random }: Stage) => {
    proxy.freeze(true);
    await delay(random.between(300, 3000));
    proxy.freeze(false);
  },
  'a lost COMMIT': async ({ proxy, random }: Stage) => {
    proxy.cutNext(/^COMMIT/, random.between(0, 1) === 0 ? 'drop-request' : 'drop-reply');
  },
  'a storm of notifies': async ({ sandbox, crowd, random }: Stage) => {
    const orders = random.distinct([...crowd.promised.values()], 10);
    await Promise.all(
      orders.map((id) => sandbox.post('/sandbox/notifies/resend', { out_trade_no: id, times: 8 })),
    );
  },
  'a gateway that fails': async ({ sandbox, random }: Stage) => {
    const [kind] = random.distinct(['http_500', 'reset_after', 'system_error', 'bad_sign'], 1);
    const [method] = random.distinct(['query', 'close', 'refund'], 1);
    const fault = { method: `alipay.trade.${method}`, kind, times: 3 };
    await sandbox.post('/sandbox/faults', fault);
  },
} as const satisfies Record<string, (stage: Stage) => Promise<void>>;

export type FaultName = keyof typeof FAULTS;

/** May begin while another fault is there. */
const BESIDE: readonly FaultName[] = [
  'latency',
  'single bytes',
  'a lost COMMIT',
  'a storm of notifies',
  'a gateway that fails',
];
/** A process that begins needs its database; these do not come between them. */
const BESIDE_A_BEGINNING: readonly FaultName[] = ['a storm of notifies', 'a gateway that fails'];
/** One fault in so many has another beside it. */
const BESIDE_ONE_IN = 3;

/** What is to begin beside a fault, if anything. */
function second(name: FaultName, names: readonly FaultName[], random: Choices) {
  const fits = name === 'kill a process' ? BESIDE_A_BEGINNING : BESIDE;
  const possible = fits.filter((other) => other !== name && names.includes(other));
  const [other] = random.distinct(possible, 1);
  return random.between(1, BESIDE_ONE_IN) === 1 ? other : undefined;
}

/**
 * Two processes of the shop, a database behind a proxy and the sandbox, under buyers who order, pay,
 * cancel and want their money back, while one fault after the other, and at times a second one
 * beside it, comes and goes, drawn from the seed. Then everything is given time to settle, and the books are compared with what was promised.
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const ends: (() => unknown)[] = [];
  try {
    const folder = mkdtempSync(join(tmpdir(), 'meiduo-soak-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: folder, ...ACCOUNT });
    ends.push(() => sandbox.close());
    const db = await OwnDatabase.start({ flush: options.flush ?? 1 });
    ends.push(() => db.close());
    const at = new URL(db.url);
    const proxy = await MysqlProxy.before(at.hostname, Number(at.port));
    ends.push(() => proxy.close());
    const front = await Front.open();
    ends.push(() => front.close());
    const fleet = await Fleet.start(2, proxy.urlOf(db.url), {
      JOBS: 'on',
      ALIPAY_GATEWAY: `${sandbox.url}/gateway.do`,
      ALIPAY_PRIVATE_KEY_FILE: join(sandbox.keysDir, 'app_private_key.pem'),
      ALIPAY_PUBLIC_KEY_FILE: join(sandbox.keysDir, 'alipay_public_key.pem'),
      ALIPAY_NOTIFY_URL: `${front.url}/payment/alipay/notify/`,
      ALIPAY_RETURN_URL: `${front.url}/pay-result`,
    });
    ends.push(() => fleet.close());
    front.urls = () => fleet.urls;
    return await play({ db, proxy, fleet, sandbox: new Client(sandbox.url) }, options);
  } finally {
    for (const end of ends.reverse()) {
      await end();
    }
  }
}

async function play(
  ground: Omit<Stage, 'crowd' | 'random'>,
  { seconds, seed, faults: names = Object.keys(FAULTS) as FaultName[], hasty = false }: SoakOptions,
): Promise<SoakResult> {
  const { db, fleet, sandbox } = ground;
  const random = randomFrom(seed);
  const shopper = new Shopper(() => fleet.urls, sandbox, randomFrom(seed + 1));
  const afterwards: Promise<void>[] = [];
  const crowd = new Crowd(db, () => fleet.urls, {
    seed: seed + 2,
    clients: 12,
    pauseMs: 60,
    onPromise: (buyer, orderId) => afterwards.push(shopper.goOn(buyer, orderId)),
  });
  const { body } = await sandbox.get<{ buyers: { logon_id: string }[] }>('/sandbox/accounts');
  for (const { logon_id: buyer } of body.buyers) {
    await sandbox.post('/sandbox/buyers/balance', { buyer, amount: '900000000.00' });
  }
  await crowd.start();
  const counts: Record<string, number> = {};
  let beside = 0;
  const be = (name: FaultName, choices: Choices) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return FAULTS[name]({ ...ground, crowd, random: choices });
  };
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await delay(random.between(CALM_MS.min, CALM_MS.max));
    const [name = 'resets'] = random.distinct(names, 1);
    const other = second(name, names, random);
    beside += other ? 1 : 0;
    // Of choices of its own: which of the two chooses first is left to chance.
    const others = randomFrom(random.between(0, 1_000_000));
    await Promise.all([be(name, random), other && be(other, others)]);
  }
  const healedAt = performance.now();
  await delay(hasty ? 0 : 2 * HEALED_WITHIN_MS);
  await crowd.stop();
  if (hasty) {
    shopper.stop();
  }
  await Promise.all(afterwards);
  const after = crowd.answers.filter(({ at }) => at > healedAt + HEALED_WITHIN_MS);
  const next = crowd.answers.filter(({ at, ms }) => at + ms > healedAt);
  const unsettled = hasty ? [] : await settle(db, sandbox);
  const { wrong, ...books } = await audit(db, crowd);
  const { wrong: wrongDeeds, ...deeds } = shopper.deeds;
  return {
    ...books,
    ...deeds,
    wrong: [...wrong, ...wrongDeeds.slice(0, 10), ...unsettled],
    faults: counts,
    beside,
    backMs: Math.min(...next.map(({ at, ms }) => at + ms)) - healedAt,
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
