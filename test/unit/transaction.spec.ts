import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactionRetries } from '../../src/common/metrics.js';
import { CommitUnknownError, ConflictError } from '../../src/database/errors.js';
import {
  databaseOptions,
  packetOptions,
  STATEMENT_TIMEOUT_MS,
} from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';
import {
  inSavepoint,
  inTransaction,
  type Tx,
  type Written,
} from '../../src/database/transaction.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { type Cut, MysqlProxy } from '../kit/mysql-proxy.js';

/** Both kinds of connections the shop has: a packet for every statement, and several in one. */
const SOURCES = [
  { kind: 'plain', options: (url: string) => databaseOptions(url, 4) },
  { kind: 'packets', options: (url: string) => packetOptions(url) },
];

const FIRST = 'UPDATE t SET n = n + 1 WHERE id = 1';
const SECOND = 'UPDATE t SET n = n + 1 WHERE id = 2';
const BOTH = [{ sql: FIRST }, { sql: SECOND }];

describe.each(SOURCES)('inTransaction, $kind', ({ kind, options }) => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let dataSource: DataSource;

  beforeAll(async () => {
    db = await freshDatabase();
    await db.sql('CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)');
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
    dataSource = await new DataSource(options(proxy.urlOf(db.url))).initialize();
    await prepareSessions(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await proxy.close();
    await db.close();
  });
  beforeEach(async () => {
    await db.sql('DELETE FROM t');
    await db.sql('INSERT INTO t VALUES (1, 0), (2, 0)');
  });

  const numbers = async () =>
    (await db.sql<{ n: number }>('SELECT n FROM t ORDER BY id')).map(({ n }) => n);
  /** Runs `work` in a transaction and counts how often. */
  async function counted<T>(work: (tx: Tx) => Promise<T>, untilMs?: number) {
    let tries = 0;
    const counting = (tx: Tx) => {
      tries += 1;
      return work(tx);
    };
    const run = inTransaction(dataSource, counting, untilMs);
    const [settled] = await Promise.allSettled([run]);
    return { tries, ...settled };
  }

  it('runs at READ COMMITTED: a second read sees what another session committed', async () => {
    const seen = await inTransaction(dataSource, async (tx) => {
      const [before] = await tx.query<{ n: number }[]>('SELECT n FROM t WHERE id = 1');
      await db.sql('UPDATE t SET n = 7 WHERE id = 1');
      const [after] = await tx.query<{ n: number }[]>('SELECT n FROM t WHERE id = 1');
      return [before?.n, after?.n];
    });
    expect(seen).toEqual([0, 7]);
  });

  it('undoes everything when the work fails', async () => {
    const work = inTransaction(dataSource, async (tx) => {
      await tx.query('UPDATE t SET n = 5 WHERE id = 1');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await numbers()).toEqual([0, 0]);
  });

  it('answers several statements in their order, and one alone', async () => {
    const [rows, written, one] = await inTransaction(dataSource, async (tx) => [
      await tx.together([{ sql: 'SELECT n FROM t WHERE id = ?', parameters: [2] }]),
      await tx.together([...BOTH, { sql: 'SELECT n FROM t ORDER BY id' }]),
      await tx.query('SELECT n FROM t WHERE id = ?', [1]),
    ]);
    expect(rows).toEqual([[{ n: 0 }]]);
    expect((written as Written[]).slice(0, 2).map(({ affectedRows }) => affectedRows)).toEqual([
      1, 1,
    ]);
    expect(written[2]).toEqual([{ n: 1 }, { n: 1 }]);
    expect(one).toEqual([{ n: 1 }]);
    expect(await numbers()).toEqual([1, 1]);
  });

  it('is undone as a whole when a statement in the middle is refused for its data', async () => {
    const { tries, status } = await counted((tx) =>
      tx.together([{ sql: FIRST }, { sql: 'INSERT INTO t VALUES (1, 1)' }, { sql: SECOND }]),
    );
    expect([tries, status]).toEqual([1, 'rejected']);
    expect(await numbers()).toEqual([0, 0]);
  });

  it.each([
    [1213, 3],
    [1205, 2],
  ])('runs again after %i in the middle of several statements, %i times', async (errno, most) => {
    const fails = { sql: `SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}` };
    let failing = most - 1;
    const work = (tx: Tx) =>
      tx.together([{ sql: FIRST }, ...((failing -= 1) >= 0 ? [fails] : []), { sql: SECOND }]);
    expect(await counted(work)).toMatchObject({ tries: most, status: 'fulfilled' });
    expect(await numbers()).toEqual([1, 1]);
    failing = most;
    expect(await counted(work)).toMatchObject({
      tries: most,
      status: 'rejected',
      reason: { driverError: { errno } },
    });
    expect(await numbers()).toEqual([1, 1]);
  });

  it('gives up a statement that takes too long, at once and for good, and its connection with it', async () => {
    const slow = { sql: `SELECT SLEEP(${(3 * STATEMENT_TIMEOUT_MS) / 1000})` };
    const { tries, ...settled } = await counted((tx) =>
      tx.together([{ sql: FIRST }, slow, { sql: SECOND }]),
    );
    expect([tries, settled]).toMatchObject([
      1,
      { reason: { driverError: { code: 'PROTOCOL_SEQUENCE_TIMEOUT' } } },
    ]);
    // Whoever comes next has another connection, and the row once the server has noticed.
    expect(await inTransaction(dataSource, (tx) => tx.query('SELECT 1 AS one'))).toEqual([
      { one: 1 },
    ]);
    await expect
      .poll(async () => counted((tx) => tx.together(BOTH)), WITHIN)
      .toMatchObject({
        status: 'fulfilled',
      });
    expect(await numbers()).toEqual([1, 1]);
  });

  it('has its session although the connection of the start was lost before', async () => {
    const other = await new DataSource(options(db.url)).initialize();
    try {
      const lost = (await other.createQueryRunner().connect()) as { destroy(): void };
      lost.destroy();
      await prepareSessions(other);
      expect(await inTransaction(other, (tx) => tx.query('SELECT ? AS one', [1]))).toEqual([
        { one: 1 },
      ]);
    } finally {
      await other.destroy();
    }
  });

  it.each<Cut>(['drop-request', 'drop-reply'])(
    'runs again when its connection is lost before COMMIT: %s',
    async (how) => {
      const cuts = proxy.cuts;
      proxy.cutNext(/n \+ 1 WHERE id = 1/, how);
      expect(await counted((tx) => tx.together(BOTH))).toMatchObject({
        tries: 2,
        status: 'fulfilled',
      });
      expect(proxy.cuts - cuts).toBe(1);
      expect(await numbers()).toEqual([1, 1]);
    },
  );

  it.each([
    ['drop-request', [0, 0]],
    ['drop-reply', [1, 1]],
  ] as const)('says that nobody knows when COMMIT is cut: %s', async (how, there) => {
    proxy.cutNext(/^COMMIT/, how);
    const { tries, ...settled } = await counted((tx) => tx.together(BOTH));
    expect([tries, settled]).toMatchObject([
      1,
      { reason: expect.any(CommitUnknownError) as Error },
    ]);
    await expect.poll(numbers, WITHIN).toEqual(there);
  });

  it('runs the whole work again in a new transaction after a deadlock', async () => {
    const before = await deadlocks();
    const bothHold = barrier(2);
    const add = async (first: number, second: number) => {
      let tries = 0;
      await inTransaction(dataSource, async (tx) => {
        tries += 1;
        await tx.query('UPDATE t SET n = n + 1 WHERE id = ?', [first]);
        if (tries === 1) {
          await bothHold();
        }
        await tx.query('UPDATE t SET n = n + 1 WHERE id = ?', [second]);
      });
    };
    await Promise.all([add(1, 2), add(2, 1)]);
    expect((await deadlocks()) - before).toBe(1);
    expect(await numbers()).toEqual([2, 2]);
  });

  it('gives up after two lock waits and leaves nothing half done', async () => {
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT n FROM t WHERE id = 2 FOR UPDATE');
    const { tries, ...settled } = await counted((tx) => tx.together(BOTH));
    expect([tries, settled]).toMatchObject([2, { reason: { driverError: { errno: 1205 } } }]);
    await rival.rollbackTransaction();
    await rival.release();
    expect(await numbers()).toEqual([0, 0]);
  });

  it('gives up what is not done in its time, and its connection with it', async () => {
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT n FROM t WHERE id = 2 FOR UPDATE');
    // Less than the lock is waited for.
    const { tries, ...settled } = await counted((tx) => tx.together(BOTH), performance.now() + 300);
    expect([tries, settled]).toMatchObject([1, { reason: { code: 'PROTOCOL_SEQUENCE_TIMEOUT' } }]);
    await rival.rollbackTransaction();
    await rival.release();
    await expect
      .poll(async () => counted((tx) => tx.together(BOTH)), WITHIN)
      .toMatchObject({ status: 'fulfilled' });
    expect(await numbers()).toEqual([1, 1]);
  });

  it('begins no other attempt once its time is over', async () => {
    const conflict = new ConflictError('somebody was faster');
    const settled = await counted(() => Promise.reject(conflict), performance.now() - 1);
    expect(settled).toMatchObject({ tries: 1, reason: conflict });
  });

  it('fails for the reason of the attempts before when its time is over in a later one', async () => {
    const conflict = new ConflictError('somebody was faster');
    let tries = 0;
    const settled = await counted(
      (tx) =>
        (tries += 1) === 1 ? Promise.reject(conflict) : tx.query('SELECT SLEEP(1)').then(() => 1),
      performance.now() + 500,
    );
    expect(settled).toMatchObject({ reason: conflict });
  });

  it('says that nobody knows when its time is over before COMMIT is answered', async () => {
    const held = proxy.hold(/^COMMIT/);
    const settled = counted((tx) => tx.together(BOTH), performance.now() + 1900);
    await held.reached;
    expect(await settled).toMatchObject({
      tries: 1,
      reason: expect.any(CommitUnknownError) as Error,
    });
    held.release();
    // It was on its way, so it may come true all the same; then both are written, or neither.
    await expect
      .poll(async () => counted((tx) => tx.together(BOTH)), WITHIN)
      .toMatchObject({ status: 'fulfilled' });
    expect(new Set(await numbers()).size).toBe(1);
  });

  it('undoes one piece of work alone behind a savepoint', async () => {
    await inTransaction(dataSource, async (tx) => {
      await tx.query('UPDATE t SET n = 1 WHERE id = 1');
      const failing = inSavepoint(tx, () =>
        tx.together([{ sql: SECOND }, { sql: 'INSERT INTO t VALUES (1, 1)' }]),
      );
      await expect(failing).rejects.toMatchObject({ driverError: { errno: 1062 } });
    });
    expect(await numbers()).toEqual([1, 0]);
  });

  it('sends nothing for a work without a statement, and one packet for what goes together', async () => {
    const stop = proxy.record();
    await inTransaction(dataSource, () => Promise.resolve());
    const empty = stop();
    const again = proxy.record();
    await inTransaction(dataSource, (tx) => tx.together(BOTH));
    const sent = again();
    expect([empty.length, sent.length]).toEqual(kind === 'packets' ? [0, 2] : [3, 5]);
  });
});

const WITHIN = { timeout: 30_000, interval: 100 };

/** Deadlocks this process has answered with another transaction. */
async function deadlocks(): Promise<number> {
  const { values } = await transactionRetries.get();
  return values.find(({ labels }) => labels.reason === 'deadlock')?.value ?? 0;
}

/** Resolves for everybody once `parties` have arrived. */
function barrier(parties: number): () => Promise<void> {
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === parties) {
      open();
    }
    return opened;
  };
}
