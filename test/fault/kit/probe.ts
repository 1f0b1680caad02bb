import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Asks a probe of a shop from a thread of its own: in the test's, whose loop serves all clients and the
 * proxy as well, the time until the test gets to look at an answer would count as the shop's.
 */
export class Probe {
  private readonly worker: Worker;

  constructor(url: string) {
    this.worker = new Worker(new URL('probe-worker.mjs', import.meta.url), { workerData: url });
  }

  /** Ends it; the longest that an answer took, in milliseconds. Throws when one was not 200. */
  async stop(): Promise<number> {
    const told = once(this.worker, 'message') as Promise<[number]>;
    this.worker.postMessage('stop');
    const [longestMs] = await told;
    return longestMs;
  }
}
