import { setTimeout as delay } from 'node:timers/promises';
import { type Redis, startRedis } from '../../../scripts/lib/redis.mjs';
import type { Choices } from '../../bench/random.js';
import type { Client } from '../../kit/client.js';
import type { MysqlProxy } from '../../kit/mysql-proxy.js';
import type { Crowd } from './crowd.js';
import type { Fleet } from './fleet.js';
import { isInside, loseNone, losePackets } from './lossy-network.js';
import type { OwnDatabase } from './own-database.js';

/** A kill waits for an order that was just promised, but no longer than this. */
const KILL_WITHIN_MS = 10_000;
const STRATEGIES = ['pessimistic', 'optimistic', 'queue'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Everything that runs in a soak. */
export interface Stage {
  readonly db: OwnDatabase;
  readonly proxy: MysqlProxy;
  readonly queue: OwnRedis;
  readonly fleet: Fleet;
  /** Of each process. One has the queue always, so that Redis is needed all the time. */
  readonly strategies: [Strategy, Strategy];
  readonly sandbox: Client;
  readonly crowd: Crowd;
  readonly random: Choices;
}

/** A Redis of a test alone, with an append-only file, which may be killed and started again. */
export class OwnRedis {
  private constructor(
    private readonly dir: string,
    private server: Redis,
  ) {}

  static async start(dir: string): Promise<OwnRedis> {
    return new OwnRedis(dir, await startRedis({ dir }));
  }

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  /** Ends the server as it is, and returns when it is gone. Its file stays. */
  async kill(): Promise<void> {
    this.server.kill('SIGKILL');
    await this.server.exited;
    await this.server.stop();
  }

  /** Starts it again at the same port. */
  async up(): Promise<void> {
    this.server = await startRedis({ dir: this.dir, port: this.server.port });
  }

  /** Stops it in its tracks, or lets it go on: its connections stay open. */
  freeze(frozen: boolean): void {
    this.server.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  close(): Promise<void> {
    return this.kill();
  }
}

/** Each fault comes and goes; when it returns, everything works again. */
export const FAULTS = {
  'kill a process': async ({ fleet, strategies, random }: Stage) => {
    const [i, other] = random.between(0, 1) === 0 ? ([0, 1] as const) : ([1, 0] as const);
    const [drawn = 'queue'] = random.distinct(STRATEGIES, 1);
    strategies[i] = strategies[other] === 'queue' ? drawn : 'queue';
    await fleet.kill(i);
    await fleet.begin(i, { ORDER_STRATEGY: strategies[i] });
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
  'kill Redis': async ({ queue, random }: Stage) => {
    await queue.kill();
    await delay(random.between(0, 2000));
    await queue.up();
  },
  'stop Redis': async ({ queue, random }: Stage) => {
    queue.freeze(true);
    await delay(random.between(300, 3000));
    queue.freeze(false);
  },
  'packets to the database lost': ({ proxy, random }: Stage) => lose(proxy.listensOn, random),
  'packets to Redis lost': ({ queue, random }: Stage) => lose(queue.port, random),
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

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** Can be had in a network namespace only; elsewhere they are drawn all the same, and left out. */
const LOSSES: readonly FaultName[] = ['packets to the database lost', 'packets to Redis lost'];

export function isPossible(name: FaultName): boolean {
  return isInside || !LOSSES.includes(name);
}

async function lose(port: number, random: Choices): Promise<void> {
  await losePackets(port, random.between(5, 30));
  await delay(random.between(500, 3000));
  await loseNone();
}
