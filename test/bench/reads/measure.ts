import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../scripts/lib/problem.mjs';
import { Client } from '../../kit/client.js';
import { ask } from '../ask.js';
import type { Driven } from '../closed-loop.js';
import type { ReadLoad } from './load.js';
import type { Read, ReadRoute } from './routes.js';

/** What every read route has to reach, at so many clients. */
export const P99_WANTED_MS = 50;
export const CLIENTS = 32;
const WARM_UP_MS = 500;

/** One row of the result. */
export interface ReadRow {
  readonly route: string;
  readonly about: string;
  readonly requests_per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly reached: boolean;
}

/** Drives one route after the other against a shop. */
export class ReadMeter {
  private readonly load: ChildProcess;

  constructor(
    private readonly shopUrl: string,
    private readonly seconds: number,
  ) {
    this.load = fork(fileURLToPath(new URL('./load.js', import.meta.url)));
  }

  /** Throws a Problem when one of the requests is not answered 200. */
  async measure({ route, about, reads }: ReadRoute): Promise<ReadRow> {
    for (const read of reads) {
      await this.requireAnswer(read);
    }
    await this.drive(reads, WARM_UP_MS);
    const driven = await this.drive(reads, this.seconds * 1000);
    const bad = Object.keys(driven.statuses).filter((status) => status !== '200');
    if (bad.length > 0) {
      throw new Problem(`${route} was answered ${bad.join(', ')} under load`);
    }
    return {
      route,
      about,
      requests_per_s: Number((driven.jobs / driven.seconds).toFixed(1)),
      p50_ms: Number(driven.p50Ms.toFixed(2)),
      p99_ms: Number(driven.p99Ms.toFixed(2)),
      reached: driven.p99Ms < P99_WANTED_MS,
    };
  }

  stop(): void {
    this.load.kill();
  }

  private drive(reads: readonly Read[], limitMs: number): Promise<Driven> {
    const port = Number(new URL(this.shopUrl).port);
    return ask(this.load, 'drive', { port, clients: CLIENTS, reads, limitMs } satisfies ReadLoad);
  }

  private async requireAnswer({ path, token }: Read): Promise<void> {
    const { status } = await new Client(this.shopUrl, token).get(path);
    if (status !== 200) {
      throw new Problem(`GET ${path} was answered ${status}`);
    }
  }
}
