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
import {
  existingOrders,
  readSnapshot,
  type SkuGuard,
  type Waiting,
  writeOrders,
} from './placement.store.js';

const ALONE_ATTEMPTS = 3;
const COMMIT_ATTEMPTS = 2;
/** Whoever waits for the next batch waits for this one too, so all attempts at it have this long. */
const BATCH_MS = 2500;
/** And so much more for each order, where they are placed one after the other. */
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
      return await this.commit((tx) => this.place(tx, commands));
    } catch (error) {
      const failure = classify(error);
      if (failure === 'data') {
        return commands.length > 1
          ? this.runOneByOne(commands)
          : Promise.all(commands.map((command) => this.runAgain(command, error)));
      }
      if (failure === 'lock_wait' && commands.length > 1) {
        return this.runWithoutWaiting(commands);
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
    untilMs = performance.now() + BATCH_MS,
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
    const timeMs = BATCH_MS + commands.length * ONE_BY_ONE_MS;
    const results = await this.commit(place, performance.now() + timeMs);
    return Promise.all(
      results.map((result, i) => {
        const command = commands[i];
        return 'error' in result && command
          ? this.runAgain(command, result.error)
          : Promise.resolve(result);
      }),
    );
  }

  /**
   * Somebody holds a row for longer than anybody should, a frozen process perhaps. Each order is
   * tried by itself and waits for no lock, so that only those that need this row are refused.
   */
  private async runWithoutWaiting(commands: readonly PlaceOrder[]): Promise<Results> {
    batchesAlone.inc();
    const results: Settled<Outcome>[] = [];
    for (const command of commands) {
      try {
        const place = (tx: Tx) => this.place(tx, [command], 'nowait');
        results.push(...(await this.commit(place)));
      } catch (error) {
        results.push({ error });
      }
    }
    return results;
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

  /**
   * A refused duplicate is no fault. Two processes drew the same order id, so this one draws again;
   * or a buyer's key was used a moment ago, so this time it is found and replayed.
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
      return only(await this.commit((tx) => this.place(tx, [next])));
    } catch (again) {
      return this.runAgain(next, again, attempt + 1);
    }
  }
}

function only(results: Results): Settled<Outcome> {
  return results[0] ?? { error: new Error('the command has no result') };
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
