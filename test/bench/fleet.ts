import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import type { Buyer } from '../kit/build.js';
import { ask } from './ask.js';
import type { Driven, Load } from './closed-loop.js';
import { strategyOf, type Variant } from './variants.js';

/** The CPU time the processes of a variant used, and the most memory one of them ever had. */
export interface Usage {
  readonly cpuUs: number;
  readonly peakMb: number;
}

/** One variant, ready for load: its server processes and whoever drives them. */
export interface Target {
  readonly variant: Variant;
  drive(load: Load): Promise<Driven>;
  /** From here on CPU time counts. */
  begin(): Promise<void>;
  end(): Promise<Usage>;
  /** The (first) server process itself. */
  readonly server: ChildProcess;
}

/** The processes of a benchmark: servers, and one load generator for all of them. */
export class Fleet {
  private readonly children: ChildProcess[] = [];
  private generator?: ChildProcess;

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly buyers: readonly Buyer[],
  ) {}

  /** Starts the variant in so many processes that share the database. */
  async start(variant: Variant, processes = 1): Promise<Target> {
    const servers = Array.from({ length: processes }, () =>
      this.fork('server', [variant], { ORDER_STRATEGY: strategyOf(variant) }),
    );
    const ports = await Promise.all(servers.map((server) => ask<number>(server, 'start')));
    const driver = variant === 'raw' ? servers[0] : await this.loadGenerator();
    if (variant === 'raw' && driver) {
      await ask(driver, 'prepare', this.buyers);
    }
    const [server] = servers;
    if (!driver || !server) {
      throw new RangeError('a variant needs a process');
    }
    return {
      variant,
      server,
      drive: (load) => ask(driver, 'drive', { ports, ...load }),
      begin: async () => {
        await Promise.all(servers.map((each) => ask(each, 'begin')));
      },
      end: async () => {
        const usages = await Promise.all(servers.map((each) => ask<Usage>(each, 'end')));
        return {
          cpuUs: usages.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
          peakMb: Math.max(...usages.map(({ peakMb }) => peakMb)),
        };
      },
    };
  }

  stop(): void {
    this.children.forEach((child) => child.kill());
  }

  private async loadGenerator(): Promise<ChildProcess> {
    if (!this.generator) {
      this.generator = this.fork('load', [], {});
      await ask(this.generator, 'prepare', this.buyers);
    }
    return this.generator;
  }

  private fork(program: string, args: string[], overrides: Record<string, string>): ChildProcess {
    const child = fork(fileURLToPath(new URL(`./${program}.js`, import.meta.url)), args, {
      env: { ...this.environment, ...overrides },
      execArgv: [...SHOP_OPTIONS],
    });
    this.children.push(child);
    return child;
  }
}
