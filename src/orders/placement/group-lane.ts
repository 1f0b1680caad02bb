import { laneFlushed, laneWaiting } from '../../common/metrics.js';
import { isAway } from '../../database/errors.js';

/** What a batch has to say to one of its callers. */
export type Settled<R> = { readonly value: R } | { readonly error: unknown };

export interface LaneLimits {
  /** Commands in one batch, at most. */
  readonly batchMax: number;
  /** Commands waiting for their batch, at most. */
  readonly waitingMax: number;
}

const TOLD_AT_ONCE = 8;

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
      laneWaiting.count += 1;
      if (!this.running) {
        this.running = true;
        void this.drain();
      }
    });
  }

  /**
   * One batch after the other. The callers of a batch are told while the next one is at the
   * database already: writing many answers takes longer than its first statements.
   */
  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.limits.batchMax);
      laneWaiting.count -= batch.length;
      const tell = await this.settle(batch);
      if (this.waiting.length > 0) {
        setImmediate(tellInTurns, tell);
      } else {
        tellAll(tell);
      }
    }
    this.running = false;
  }

  /** Runs a batch; what is left to do is to tell its callers. */
  private async settle(batch: readonly Waiting<C, R>[]): Promise<(() => void)[]> {
    try {
      const results = await this.run(batch.map(({ command }) => command));
      return batch.map((caller, i) => () => answer(caller, results[i]));
    } catch (error) {
      // Without a database the next batch would fail as well, and keep its callers as long again.
      const refused = isAway(error) ? [...batch, ...this.waiting.splice(0)] : batch;
      laneWaiting.count -= refused.length - batch.length;
      laneFlushed.inc(refused.length - batch.length);
      return refused.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
  }
}

function tellAll(tell: readonly (() => void)[]): void {
  tell.forEach((one) => one());
}

/** A few at a time, so that what the database answers meanwhile need not wait for all of them. */
function tellInTurns(tell: readonly (() => void)[]): void {
  tellAll(tell.slice(0, TOLD_AT_ONCE));
  if (tell.length > TOLD_AT_ONCE) {
    setImmediate(tellInTurns, tell.slice(TOLD_AT_ONCE));
  }
}

function answer<C, R>({ resolve, reject }: Waiting<C, R>, result: Settled<R> | undefined): void {
  if (result && 'value' in result) {
    resolve(result.value);
  } else {
    reject(result ? result.error : new Error('the batch has no result for this command'));
  }
}
