import { laneWaiting } from '../../common/metrics.js';
import { isAway } from '../../database/errors.js';

/** What a batch has to say to one of its callers. */
export type Settled<R> = { readonly value: R } | { readonly error: unknown };

export interface LaneLimits {
  /** Commands in one batch, at most. */
  readonly batchMax: number;
  /** Commands waiting for their batch, at most. */
  readonly waitingMax: number;
}

/** Thrown by `submit` when too many are waiting already. */
export class LaneFullError extends Error {}

interface Waiting<C, R> {
  readonly command: C;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit inside the process. While one batch is at work the next commands gather; then they
 * go together. A command that comes when it is quiet goes at once, so nothing is slower for it.
 * Order of arrival is kept. `run` answers one result for each command, in the same order.
 */
export class GroupLane<C, R> {
  private waiting: Waiting<C, R>[] = [];
  private running = false;

  constructor(
    private readonly run: (batch: readonly C[]) => Promise<readonly Settled<R>[]>,
    private readonly limits: LaneLimits,
  ) {}

  submit(command: C): Promise<R> {
    if (this.waiting.length >= this.limits.waitingMax) {
      return Promise.reject(new LaneFullError());
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ command, resolve, reject });
      laneWaiting.inc();
      if (!this.running) {
        this.running = true;
        void this.drain();
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.limits.batchMax);
      laneWaiting.dec(batch.length);
      try {
        const results = await this.run(batch.map(({ command }) => command));
        batch.forEach((caller, i) => answer(caller, results[i]));
      } catch (error) {
        batch.forEach(({ reject }) => reject(error));
        if (isAway(error)) {
          this.refuseWaiting(error);
        }
      }
    }
    this.running = false;
  }

  /** Without a database the next batch would fail as well, and keep its callers as long again. */
  private refuseWaiting(error: unknown): void {
    const refused = this.waiting.splice(0);
    laneWaiting.dec(refused.length);
    refused.forEach(({ reject }) => reject(error));
  }
}

function answer<C, R>({ resolve, reject }: Waiting<C, R>, result: Settled<R> | undefined): void {
  if (result && 'value' in result) {
    resolve(result.value);
  } else {
    reject(result ? result.error : new Error('the batch has no result for this command'));
  }
}
