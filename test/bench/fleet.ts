import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import type { Buyer } from '../kit/build.js';
import { ask } from './ask.js';
import type { Driven, Load } from './closed-loop.js';
import type { Usage } from './cpu.js';
import { type Program, strategyOf } from './variants.js';

/** What the processes of a variant used. */
export interface FleetUsage {
  readonly apiCpuUs: number;
  /** None where the load comes from within the API process. */
  readonly loadCpuUs: number;
  /** The most memory an API process ever had. */
  readonly peakMb: number;
}

/** One program, ready for load: its server processes and whoever drives them. */
export interface Target<P extends Program = Program> {
  readonly program: P;
  drive(load: Load): Promise<Driven>;
  /** From here on CPU time counts. */
  begin(): Promise<void>;
  end(): Promise<FleetUsage>;
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
    const drivers = driver && program !== 'raw' ? [driver] : [];
    const [server] = servers;
    if (!driver || !server) {
      throw new RangeError('a program needs a process');
    }
    return {
      program,
      server,
      drive: (load) => ask(driver, 'drive', { ports, ...load }),
      begin: async () => {
        await Promise.all([...servers, ...drivers].map((each) => ask(each, 'begin')));
      },
      end: async () => {
        const api = await usagesOf(servers);
        return {
          apiCpuUs: sumOfCpu(api),
          loadCpuUs: sumOfCpu(await usagesOf(drivers)),
          peakMb: Math.max(...api.map(({ peakMb }) => peakMb)),
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

function usagesOf(processes: readonly ChildProcess[]): Promise<Usage[]> {
  return Promise.all(processes.map((each) => ask<Usage>(each, 'end')));
}

function sumOfCpu(usages: readonly Usage[]): number {
  return usages.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
}
