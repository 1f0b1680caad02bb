import { setTimeout as delay } from 'node:timers/promises';
import { MysqlProxy } from '../../kit/mysql-proxy.js';
import { type ShopProcess, spawnShop } from '../../kit/process.js';
import type { Worker } from './flows.js';

/** So many are on their way while one serves, which keeps two cores busy. */
const AHEAD = 2;
const JOBS_ON_SIGNAL = new URL('jobs-on-signal.mjs', import.meta.url).href;
/** As jobs-on-signal.mjs has them. */
const SIGNALS = { sweep: 'SIGURG', refunds: 'SIGWINCH' } as const;

/** A process of the built shop with a proxy of its own, which may stop and be killed at a statement. */
export interface Mortal extends Worker {
  readonly proxy: MysqlProxy;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface SuccessionOptions {
  /** Modules that break the shop on purpose, loaded before its own code. */
  readonly seeds?: readonly string[];
  readonly ahead?: number;
}

/** Processes that serve one after the other: the next ones start while one is at work. */
export class Succession {
  private readonly coming: Promise<Mortal>[] = [];
  private readonly served: Mortal[] = [];

  constructor(
    private readonly databaseUrl: string,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly options: SuccessionOptions = {},
  ) {}

  /** The next process, ready to serve. */
  async next(): Promise<Mortal> {
    while (this.coming.length <= (this.options.ahead ?? AHEAD)) {
      const one = this.begin();
      // Whoever waits for it is told; nobody may come to wait for it.
      one.catch(() => {});
      this.coming.push(one);
    }
    const next = await (this.coming.shift() as Promise<Mortal>);
    this.served.push(next);
    return next;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    const begun = await Promise.allSettled(this.coming);
    const ready = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all([...this.served, ...ready].map((one) => one.kill()));
  }

  private async begin(): Promise<Mortal> {
    const { hostname, port } = new URL(this.databaseUrl);
    const proxy = await MysqlProxy.before(hostname, Number(port));
    const imports = [JOBS_ON_SIGNAL, ...(this.options.seeds ?? [])].map(
      (module) => `--import ${module}`,
    );
    try {
      const shop = await spawnShop(proxy.urlOf(this.databaseUrl), {
        ...this.settings,
        JOBS: 'on',
        NODE_OPTIONS: imports.join(' '),
      });
      return {
        url: shop.url,
        proxy,
        sweep: () => turn(shop, 'sweep'),
        runRefunds: () => turn(shop, 'refunds'),
        kill: async () => {
          await shop.kill();
          await proxy.close();
        },
      };
    } catch (error) {
      await proxy.close();
      throw error;
    }
  }
}

/** Lets a job have one turn, and returns when it is over, or the process. */
async function turn({ child, output }: ShopProcess, job: keyof typeof SIGNALS): Promise<void> {
  const turns = () => output().split(`${job}: over`).length;
  const before = turns();
  child.kill(SIGNALS[job]);
  while (turns() === before && child.exitCode === null && child.signalCode === null) {
    await delay(2);
  }
}
