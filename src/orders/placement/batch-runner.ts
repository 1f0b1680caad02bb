import type { DataSource } from 'typeorm';
import {
  batchesAlone,
  batchSeconds,
  batchSize,
  commitsUnknown,
  ordersDecided,
} from '../../common/metrics.js';
import { classify, CommitUnknownError, isAway, isDuplicate } from '../../database/errors.js';
import { inSavepoint, inTransaction, type Tx } from '../../database/transaction.js';
import type { OrderIds } from '../order-id.js';
import { decide, type Terms } from './decide.js';
import type { Settled } from './group-lane.js';
import type { Decision, Outcome, PlaceOrder } from './place-order.js';
import {
  existingOrders,
  readSnapshot,
  type SkuGuard,
  type Waiting,
  writeOrders,
} from './placement.store.js';

const ALONE_ATTEMPTS = 3;
const COMMIT_ATTEMPTS = 2;
/**
 * Whoever waits for the next batch waits for this one too, so all attempts at it have this long; and
 * as long again, all together, its orders one by one.
 */
const BATCH_MS = 2500;
/** So much more for each order, where they are placed one after the other in one transaction. */
const ONE_BY_ONE_MS = 20;
/** How long it may take then to find out whether a COMMIT was done whose answer got lost. */
const LOOK_UP_MS = 1000;

/** One for each command, in the order of the commands. */
type Results = readonly Settled<Outcome>[];

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

  async run(commands: readonly PlaceOrder[]): Promise<Results> {
    const stop = batchSeconds.startTimer();
    batchSize.observe(commands.length);
    try {
      const results = await this.settle(commands);
      results.forEach((result) => ordersDecided.inc(labelOf(result)));
      return results;
    } catch (error) {
      commands.forEach(() => ordersDecided.inc('error'));
      throw error;
    } finally {
      stop();
    }
  }

  private async settle(commands: readonly PlaceOrder[]): Promise<Results> {
    try {
      return await this.commit((tx) => this.place(tx, commands), performance.now() + BATCH_MS);
    } catch (error) {
      const failure = classify(error);
      if (failure === 'data') {
        return commands.length > 1
          ? this.runOneByOne(commands)
          : this.runAllAgain(commands, [{ error }], performance.now() + BATCH_MS);
      }
      if (failure === 'lock_wait' && commands.length > 1) {
        return this.runWithoutWaiting(commands, error);
      }
      throw error;
    }
  }

  /**
   * Runs `place` in a transaction. When the answer to COMMIT is lost, the orders themselves tell
   * whether it was done; if not, it is done again while there is time.
   */
  private async commit(
    place: (tx: Tx) => Promise<Results>,
    untilMs: number,
    attempt = 1,
  ): Promise<Results> {
    let results: Results = [];
    const work = async (tx: Tx) => {
      results = [];
      results = await place(tx);
      return results;
    };
    try {
      return await inTransaction(this.dataSource, work, untilMs);
    } catch (error) {
      if (!(error instanceof CommitUnknownError)) {
        throw error;
      }
      commitsUnknown.inc();
      // Who cannot look either knows no more than before.
      const committed = await this.wasCommitted(results).catch(() => Promise.reject(error));
      if (committed) {
        return results;
      }
      if (attempt >= COMMIT_ATTEMPTS || performance.now() >= untilMs) {
        throw error;
      }
      return this.commit(place, untilMs, attempt + 1);
    }
  }

  /** One transaction is there as a whole or not at all, so one of its orders is enough. */
  private async wasCommitted(results: Results): Promise<boolean> {
    const placed = results.flatMap((result) =>
      'value' in result && result.value.kind === 'placed' ? [result.value.orderId] : [],
    );
    if (placed.length === 0) {
      return true;
    }
    // From now, not from the end of the batch's time: the process may have stood still since.
    const untilMs = performance.now() + LOOK_UP_MS;
    let existing: ReadonlySet<string> | undefined;
    const read = async (tx: Tx) => {
      existing = await existingOrders(tx, placed);
    };
    await inTransaction(this.dataSource, read, untilMs).catch((error: unknown) => {
      // Once the rows are read, a COMMIT that gets lost as well says nothing new.
      if (!existing) {
        throw error;
      }
    });
    return (existing?.size ?? 0) > 0;
  }

  private async place(
    tx: Tx,
    commands: readonly PlaceOrder[],
    waiting: Waiting = 'wait',
  ): Promise<Results> {
    const snapshot = await readSnapshot(tx, commands, this.terms.guard, waiting);
    const decisions = decide(commands, snapshot, this.terms);
    const orders = decisions.flatMap((d) => (d.kind === 'placed' ? [d.order] : []));
    await writeOrders(tx, orders, snapshot, this.terms);
    return decisions.map(settled);
  }

  /**
   * The rare path. The first read takes all locks in their order; every order then reads again what
   * the ones before it have left, and is undone alone when its own data is refused.
   */
  private async runOneByOne(commands: readonly PlaceOrder[]): Promise<Results> {
    batchesAlone.inc();
    const place = async (tx: Tx) => {
      await readSnapshot(tx, commands, this.terms.guard, 'wait');
      const settledSoFar: Settled<Outcome>[] = [];
      for (const command of commands) {
        settledSoFar.push(await this.placeBehindSavepoint(tx, command));
      }
      return settledSoFar;
    };
    const untilMs = performance.now() + BATCH_MS + commands.length * ONE_BY_ONE_MS;
    return this.runAllAgain(commands, await this.commit(place, untilMs), untilMs);
  }

  /**
   * Somebody holds a row for longer than anybody should, a frozen process perhaps. Each order is
   * tried by itself and waits for no lock, so that only those that need this row are refused; and
   * those whose turn does not come in time, or that find no database any more.
   */
  private async runWithoutWaiting(
    commands: readonly PlaceOrder[],
    error: unknown,
  ): Promise<Results> {
    batchesAlone.inc();
    const untilMs = performance.now() + BATCH_MS;
    const results: Settled<Outcome>[] = [];
    let refusal: { readonly error: unknown } = { error };
    for (const command of commands) {
      const isOver = isAway(refusal.error) || performance.now() >= untilMs;
      const result = isOver ? refusal : await this.runWithoutWaitingAlone(command, untilMs);
      if ('error' in result && isAway(result.error)) {
        refusal = result;
      }
      results.push(result);
    }
    return results;
  }

  private async runWithoutWaitingAlone(
    command: PlaceOrder,
    untilMs: number,
  ): Promise<Settled<Outcome>> {
    try {
      return only(await this.commit((tx) => this.place(tx, [command], 'nowait'), untilMs));
    } catch (error) {
      return { error };
    }
  }

  private async placeBehindSavepoint(tx: Tx, command: PlaceOrder): Promise<Settled<Outcome>> {
    try {
      const results = await inSavepoint(tx, () => this.place(tx, [command]));
      return only(results);
    } catch (error) {
      if (classify(error) === 'data') {
        return { error };
      }
      throw error;
    }
  }

  /** Those that were refused for their data once more, each by itself; all have until `untilMs`. */
  private runAllAgain(
    commands: readonly PlaceOrder[],
    results: Results,
    untilMs: number,
  ): Promise<Results> {
    const again = async (command: PlaceOrder, i: number) => {
      const result = results[i] ?? MISSING;
      return 'error' in result ? this.runAgain(command, result.error, untilMs) : result;
    };
    return Promise.all(commands.map(again));
  }

  /**
   * A refused duplicate is no fault. Two processes drew the same order id, so this one draws again;
   * or a buyer's key was used a moment ago, so this time it is found and replayed.
   */
  private async runAgain(
    command: PlaceOrder,
    error: unknown,
    untilMs: number,
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
      return only(await this.commit((tx) => this.place(tx, [next]), untilMs));
    } catch (again) {
      return this.runAgain(next, again, untilMs, attempt + 1);
    }
  }
}

const MISSING = { error: new Error('the command has no result') };

function only(results: Results): Settled<Outcome> {
  return results[0] ?? MISSING;
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
