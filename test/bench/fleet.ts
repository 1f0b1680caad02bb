import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import type { Buyer } from '../kit/build.js';
import { ask } from './ask.js';
import type { Driven, Load } from './closed-loop.js';
import { type Program, strategyOf } from './variants.js';

/** The CPU time the processes of a variant used, and the most memory one of them ever had. */
export interface Usage {
  readonly cpuUs: number;
  readonly peakMb: number;
}

/** One program, ready for load: its server processes and whoever drives them. */
export interface Target<P extends Program = Program> {
  readonly program: P;
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

  /** Starts the program in so many processes that share the database. */
  async start<P extends Program>(program: P, processes = 1): Promise<Target<P>> {
    const servers = Array.from({ length: processes }, () =>
      this.fork('server', [program], { ORDER_STRATEGY: strategyOf(program) }),
    );
    const ports = await Promise.all(servers.map((server) => ask<number>(server, 'start')));
    const driver = program === 'raw' ? servers[0] : await this.loadGenerator();
    if (program === 'raw' && driver) {
      await ask(driver, 'prepare', this.buyers);
    }
    const [server] = servers;
    if (!driver || !server) {
      throw new RangeError('a program needs a process');
    }
    return {
      program,
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

  private fork(file: string, args: string[], overrides: Record<string, string>): ChildProcess {
    const child = fork(fileURLToPath(new URL(`./${file}.js`, import.meta.url)), args, {
      env: { ...this.environment, ...overrides },
      execArgv: [...SHOP_OPTIONS],
    });
    this.children.push(child);
    return child;
  }
}
