import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactionRetries } from '../../src/common/metrics.js';
import { inSavepoint, inTransaction } from '../../src/database/transaction.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';

describe('inTransaction', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await freshDatabase();
    await db.sql('CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)');
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await db.sql('DELETE FROM t');
    await db.sql('INSERT INTO t VALUES (1, 0), (2, 0)');
  });

  it('runs at READ COMMITTED: a second read sees what another session committed', async () => {
    const seen = await inTransaction(db.dataSource, async (tx) => {
      const [before] = await tx.query<{ n: number }[]>('SELECT n FROM t WHERE id = 1');
      await db.sql('UPDATE t SET n = 7 WHERE id = 1');
      const [after] = await tx.query<{ n: number }[]>('SELECT n FROM t WHERE id = 1');
      return [before?.n, after?.n];
    });
    expect(seen).toEqual([0, 7]);
  });

  it('undoes everything when the work fails', async () => {
    const work = inTransaction(db.dataSource, async (tx) => {
      await tx.query('UPDATE t SET n = 5 WHERE id = 1');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.sql('SELECT n FROM t WHERE id = 1')).toEqual([{ n: 0 }]);
  });

  it('runs the whole work again in a new transaction after a deadlock', async () => {
    const before = await deadlocks();
    const bothHold = barrier(2);
    const add = async (first: number, second: number) => {
      let tries = 0;
      await inTransaction(db.dataSource, async (tx) => {
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
    expect(await db.sql('SELECT n FROM t ORDER BY id')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('gives up after two lock waits and leaves nothing half done', async () => {
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT n FROM t WHERE id = 2 FOR UPDATE');
    const work = inTransaction(db.dataSource, async (tx) => {
      await tx.query('UPDATE t SET n = 9 WHERE id = 1');
      await tx.query('UPDATE t SET n = 9 WHERE id = 2');
    });
    await expect(work).rejects.toMatchObject({ driverError: { errno: 1205 } });
    await rival.rollbackTransaction();
    await rival.release();
    expect(await db.sql('SELECT n FROM t ORDER BY id')).toEqual([{ n: 0 }, { n: 0 }]);
  });

  it('undoes one piece of work alone behind a savepoint', async () => {
    await inTransaction(db.dataSource, async (tx) => {
      await tx.query('UPDATE t SET n = 1 WHERE id = 1');
      const failing = inSavepoint(tx, async () => {
        await tx.query('UPDATE t SET n = 1 WHERE id = 2');
        await tx.query('INSERT INTO t VALUES (1, 1)');
      });
      await expect(failing).rejects.toMatchObject({ driverError: { errno: 1062 } });
    });
    expect(await db.sql('SELECT n FROM t ORDER BY id')).toEqual([{ n: 1 }, { n: 0 }]);
  });
});

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
