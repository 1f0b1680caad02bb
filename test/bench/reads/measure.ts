import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../scripts/lib/problem.mjs';
import { Client } from '../../kit/client.js';
import { ask } from '../ask.js';
import { type Driven, median } from '../closed-loop.js';
import type { ReadLoad } from './load.js';
import type { Read, ReadRoute } from './routes.js';

/** What every read route has to reach, at so many clients. */
export const P99_WANTED_MS = 50;
export const CLIENTS = 32;
/** One row of the result. */
export interface ReadRow {
  readonly route: string;
  readonly about: string;
  readonly requests_per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly reached: boolean;
}

/** What one run of a row came to. */
interface Run {
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Drives the routes of a shop. */
export class ReadMeter {
  private readonly load: ChildProcess;
  private readonly runs = new Map<ReadRoute, Run[]>();

  constructor(private readonly shopUrl: string) {
    this.load = fork(fileURLToPath(new URL('./load.js', import.meta.url)));
  }

  /** Asks everything once. Throws a Problem when one of the requests is not answered 200. */
  async check({ reads }: ReadRoute): Promise<void> {
    for (const { path, token } of reads) {
      const { status } = await new Client(this.shopUrl, token).get(path);
      if (status !== 200) {
        throw new Problem(`GET ${path} was answered ${status}`);
      }
    }
  }

  /** Drives the route without counting: new code is slow until it has run for a while. */
  async warmUp({ reads }: ReadRoute, seconds: number): Promise<void> {
    await this.drive(reads, seconds);
  }

  /** One run more of a row. Throws a Problem when something is not answered 200. */
  async measure(route: ReadRoute, seconds: number): Promise<Run> {
    const driven = await this.drive(route.reads, seconds);
    const bad = Object.keys(driven.statuses).filter((status) => status !== '200');
    if (bad.length > 0) {
      throw new Problem(`${route.route} was answered ${bad.join(', ')} under load`);
    }
    const run = {
      requestsPerS: driven.jobs / driven.seconds,
      p50Ms: driven.p50Ms,
      p99Ms: driven.p99Ms,
    };
    this.runs.set(route, [...(this.runs.get(route) ?? []), run]);
    return run;
  }

  /** The medians of all runs. */
  rows(): ReadRow[] {
    return [...this.runs].map(([{ route, about }, runs]) => {
      const middle = (of: (run: Run) => number) => Number(median(runs.map(of)).toFixed(2));
      const p99Ms = middle((run) => run.p99Ms);
      return {
        route,
        about,
        requests_per_s: middle((run) => run.requestsPerS),
        p50_ms: middle((run) => run.p50Ms),
        p99_ms: p99Ms,
        reached: p99Ms < P99_WANTED_MS,
      };
    });
  }

  stop(): void {
    this.load.kill();
  }

  private drive(reads: readonly Read[], seconds: number): Promise<Driven> {
    const port = Number(new URL(this.shopUrl).port);
    const load = { port, clients: CLIENTS, reads, limitMs: seconds * 1000 } satisfies ReadLoad;
    return ask(this.load, 'drive', load);
  }
}
