import type { DataSource } from 'typeorm';
import {
  batchesAlone,
  batchSeconds,
  batchSize,
  commitsUnknown,
  ordersDecided,
} from '../../common/metrics.js';
import { classify, CommitUnknownError, isDuplicate } from '../../database/errors.js';
import { inSavepoint, inTransaction, type Tx } from '../../database/transaction.js';
import type { OrderIds } from '../order-id.js';
import { decide, type Terms } from './decide.js';
import type { Settled } from './group-lane.js';
import type { Decision, Outcome, PlaceOrder } from './place-order.js';
import { existingOrders, readSnapshot, type SkuGuard, writeOrders } from './placement.store.js';

const ALONE_ATTEMPTS = 3;

/** The shop's terms for placing orders. */
export interface PlacementTerms extends Terms {
  /** How long an unpaid order lives, in milliseconds. */
  readonly expiresMs: number;
  readonly guard: SkuGuard;
}

/**
 * Places one batch: one transaction, read, decide, write, commit; then every caller has an outcome
 * of its own. Refusals are decisions and hurt nobody else. When the batch cannot be written because
 * of the data of one order, it is run again with each order behind a savepoint of its own.
 */
export class BatchRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly terms: PlacementTerms,
    private readonly ids: OrderIds,
  ) {}

  async run(commands: readonly PlaceOrder[]): Promise<readonly Settled<Outcome>[]> {
    const stop = batchSeconds.startTimer();
    const results = await this.settle(commands);
    stop();
    batchSize.observe(commands.length);
    for (const result of results) {
      ordersDecided.inc({ outcome: labelOf(result) });
    }
    return results;
  }

  private async settle(commands: readonly PlaceOrder[]): Promise<readonly Settled<Outcome>[]> {
    let attempt: readonly Decision[] = [];
    try {
      return await inTransaction(this.dataSource, async (tx) => {
        attempt = [];
        attempt = await this.place(tx, commands);
        return attempt.map(settled);
      });
    } catch (error) {
      if (error instanceof CommitUnknownError) {
        return this.resolve(commands, attempt, error);
      }
      if (classify(error) !== 'data') {
        throw error;
      }
      return commands.length > 1
        ? this.runOneByOne(commands)
        : Promise.all(commands.map((command) => this.runAgain(command, error)));
    }
  }

  private async place(tx: Tx, commands: readonly PlaceOrder[]): Promise<Decision[]> {
    const snapshot = await readSnapshot(tx, commands, this.terms.guard);
    const decisions = decide(commands, snapshot, this.terms);
    const orders = decisions.flatMap((d) => (d.kind === 'placed' ? [d.order] : []));
    await writeOrders(tx, orders, snapshot, this.terms.expiresMs);
    return decisions;
  }

  /**
   * The rare path. The first read takes all locks in their order; every order then reads again what
   * the ones before it have left, and is undone alone when its own data is refused.
   */
  private async runOneByOne(commands: readonly PlaceOrder[]): Promise<Settled<Outcome>[]> {
    batchesAlone.inc();
    const results = await inTransaction(this.dataSource, async (tx) => {
      await readSnapshot(tx, commands, this.terms.guard);
      const settledSoFar: Settled<Outcome>[] = [];
      for (const command of commands) {
        settledSoFar.push(await this.placeBehindSavepoint(tx, command));
      }
      return settledSoFar;
    });
    return Promise.all(
      results.map((result, i) => {
        const command = commands[i];
        return 'error' in result && command
          ? this.runAgain(command, result.error)
          : Promise.resolve(result);
      }),
    );
  }

  private async placeBehindSavepoint(tx: Tx, command: PlaceOrder): Promise<Settled<Outcome>> {
    try {
      const decisions = await inSavepoint(tx, () => this.place(tx, [command]));
      return decisions.map(settled)[0] ?? { error: new Error('no decision') };
    } catch (error) {
      if (classify(error) === 'data') {
        return { error };
      }
      throw error;
    }
  }

  /**
   * A refused duplicate is no fault: the key was used a moment ago by another process, so this time
   * it is found and replayed; or two processes drew the same order id, so this one draws again.
   */
  private async runAgain(
    command: PlaceOrder,
    error: unknown,
    attempt = 1,
  ): Promise<Settled<Outcome>> {
    if (attempt >= ALONE_ATTEMPTS || !isDuplicate(error)) {
      return { error };
    }
    let next = command;
    if (isDuplicate(error, 'PRIMARY')) {
      this.ids.redraw();
      next = { ...command, orderId: this.ids.next() };
    }
    try {
      const decisions = await inTransaction(this.dataSource, (tx) => this.place(tx, [next]));
      return decisions.map(settled)[0] ?? { error };
    } catch (again) {
      return this.runAgain(next, again, attempt + 1);
    }
  }

  /** The answer to COMMIT was lost: whether the orders are there decides what happened. */
  private async resolve(
    commands: readonly PlaceOrder[],
    attempt: readonly Decision[],
    error: CommitUnknownError,
  ): Promise<readonly Settled<Outcome>[]> {
    commitsUnknown.inc();
    const placed = attempt.flatMap((d) => (d.kind === 'placed' ? [d.order.command.orderId] : []));
    if (placed.length === 0) {
      return attempt.map(settled);
    }
    const existing = await inTransaction(this.dataSource, (tx) => existingOrders(tx, placed));
    if (existing.size === placed.length) {
      return attempt.map(settled);
    }
    if (existing.size > 0) {
      throw error;
    }
    return inTransaction(this.dataSource, async (tx) =>
      (await this.place(tx, commands)).map(settled),
    );
  }
}

function labelOf(result: Settled<Outcome>): string {
  if ('error' in result) {
    return 'error';
  }
  return result.value.kind === 'refused' ? result.value.code : result.value.kind;
}

function settled(decision: Decision): Settled<Outcome> {
  return {
    value:
      decision.kind === 'placed'
        ? { kind: 'placed', orderId: decision.order.command.orderId }
        : decision,
  };
}
