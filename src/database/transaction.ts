import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { transactionFailures, transactionRetries } from '../common/metrics.js';
import { classify, CommitUnknownError, ConflictError, type Failure } from './errors.js';
import { takesPackets } from './options.js';

declare const brand: unique symbol;

/**
 * An open transaction. Functions that write take it as their first parameter, so a reader sees
 * which statements belong together; a plain EntityManager does not type-check in its place.
 */
export interface Tx {
  readonly [brand]: true;
  readonly manager: EntityManager;
  query<T = unknown>(sql: string, parameters?: readonly unknown[]): Promise<T>;
  /**
   * Sends the statements in one packet where the connections allow it (`packetOptions`), else one
   * after the other, and answers their results in order. The first one that fails ends it.
   */
  together(statements: readonly Statement[]): Promise<unknown[]>;
}

export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
}

/** Result of a writing statement. */
export interface Written {
  readonly affectedRows: number;
  readonly insertId: number;
}

/** Throws ConflictError unless one row was there to be written; `what` names it. */
export function insistOnOne({ affectedRows }: Written, what: string): void {
  if (affectedRows !== 1) {
    throw new ConflictError(`${what}: ${affectedRows} rows were written`);
  }
}

const BACKOFF_MAX_MS = 200;

/** How often a failure is answered with a new transaction, the first one included. */
const ATTEMPTS: Readonly<Partial<Record<Failure, number>>> = {
  deadlock: 3,
  conflict: 20,
  snapshot: 3,
  lock_wait: 2,
  // A connection lost before COMMIT was sent: the server has rolled back.
  connection: 2,
};

/**
 * Runs `work` in one READ COMMITTED transaction: the only place in the shop that opens one. Any
 * error rolls everything back. After a deadlock, a lock wait, a lost snapshot or a lost connection
 * the whole work runs again in a new transaction, so it must have no effect outside the database.
 * Throws the last error when the attempts are used up (the problem filter answers BUSY or
 * UNAVAILABLE), and CommitUnknownError as said there. What is not done at `untilMs`, on the clock of
 * `performance.now()`, fails like a statement that took too long, and no other attempt is begun; when
 * there were attempts before, it fails for their reason.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (tx: Tx) => Promise<T>,
  untilMs = Number.POSITIVE_INFINITY,
): Promise<T> {
  let before: unknown;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(dataSource, work, untilMs);
    } catch (thrown) {
      if (thrown instanceof ShopError || thrown instanceof CommitUnknownError) {
        throw thrown;
      }
      const error = thrown instanceof OutOfTimeError ? (before ?? thrown) : thrown;
      before = error;
      const failure = classify(error);
      const pauseMs = Math.random() * Math.min(10 * 2 ** attempt, BACKOFF_MAX_MS);
      const isLast = attempt >= (ATTEMPTS[failure] ?? 1);
      if (isLast || performance.now() + pauseMs >= untilMs) {
        if (failure !== 'data') {
          transactionFailures.inc({ reason: failure });
        }
        throw error;
      }
      transactionRetries.inc({ reason: failure });
      await delay(pauseMs);
    }
  }
}

/**
 * Undoes `work` alone when it fails for a reason that lies in its data; every other failure ends
 * the transaction and must not be survived here (a deadlock has already destroyed the savepoint).
 */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query('SAVEPOINT one');
  try {
    const result = await work();
    await tx.query('RELEASE SAVEPOINT one');
    return result;
  } catch (error) {
    if (classify(error) === 'data') {
      await tx.query('ROLLBACK TO SAVEPOINT one');
    }
    throw error;
  }
}

async function once<T>(
  dataSource: DataSource,
  work: (tx: Tx) => Promise<T>,
  untilMs: number,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  let committing = false;
  try {
    const { tx, commit } = takesPackets(dataSource.options)
      ? packetTx(runner)
      : await plainTx(runner);
    const result = await within(work(tx), untilMs);
    committing = true;
    await within(commit(), untilMs);
    return result;
  } catch (error) {
    const failure = classify(error);
    const lost = failure === 'connection' || failure === 'timeout';
    if (lost || !(await rolledBack(runner))) {
      await discard(runner);
    }
    if (committing && !ROLLED_BACK.has(failure)) {
      throw new CommitUnknownError(error);
    }
    throw error;
  } finally {
    await runner.release();
  }
}

/** Known to the shop as what the driver says when a statement takes too long. */
class OutOfTimeError extends Error {
  readonly code = 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Throws OutOfTimeError when `running` has not ended at `untilMs`. */
async function within<T>(running: Promise<T>, untilMs: number): Promise<T> {
  if (untilMs === Number.POSITIVE_INFINITY) {
    return running;
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new OutOfTimeError('the transaction took too long')),
      untilMs - performance.now(),
    );
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The only errors of a COMMIT after which it is known not to have happened. */
const ROLLED_BACK: ReadonlySet<Failure> = new Set<Failure>(['deadlock', 'snapshot']);

interface Open {
  readonly tx: Tx;
  readonly commit: () => Promise<void>;
}

async function plainTx(runner: QueryRunner): Promise<Open> {
  await runner.startTransaction('READ COMMITTED');
  const query = <T>(sql: string, parameters: readonly unknown[] = []) =>
    runner.query(sql, [...parameters]) as Promise<T>;
  const together = async (statements: readonly Statement[]) => {
    const results: unknown[] = [];
    for (const { sql, parameters } of statements) {
      results.push(await query(sql, parameters));
    }
    return results;
  };
  return {
    tx: { manager: runner.manager, query, together } as unknown as Tx,
    commit: () => runner.commitTransaction(),
  };
}

/** The next statement begins the transaction, since these connections do not commit by themselves. */
const BEGIN: readonly Statement[] = [{ sql: 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED' }];

/** The transaction is begun in the packet of its first statement, which saves two round trips. */
function packetTx(runner: QueryRunner): Open {
  let unsent = BEGIN;
  const together = async (statements: readonly Statement[]) => {
    const all = [...unsent, ...statements];
    const begun = unsent.length;
    unsent = [];
    const results: unknown = await runner.query(
      all.map(({ sql }) => sql).join(';'),
      all.flatMap(({ parameters = [] }) => parameters),
    );
    return all.length === 1 ? [results] : (results as unknown[]).slice(begun);
  };
  const query = async (sql: string, parameters: readonly unknown[] = []) =>
    (await together([{ sql, parameters }]))[0];
  return {
    tx: {
      get manager(): never {
        throw new Error('entities are not written in packets');
      },
      query,
      together,
    } as unknown as Tx,
    commit: async () => {
      if (unsent.length === 0) {
        await runner.query('COMMIT');
      }
    },
  };
}

async function rolledBack(runner: QueryRunner): Promise<boolean> {
  try {
    await runner.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** Closes the connection for good: its state is not known any more. The server rolls back. */
async function discard(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect()) as { destroy(): void };
  connection.destroy();
}
