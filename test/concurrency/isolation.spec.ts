/**
 * Why the shop runs its transactions at READ COMMITTED. First the failure the lesson warns of, the
 * two levels side by side: an optimistic loop inside one transaction, which a rival has overtaken.
 * Then that the shop's own transactions have the level they need, whatever the server says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, startDatabase } from '../../scripts/lib/mariadb.mjs';
import { databaseOptions } from '../../src/database/options.js';
import { inTransaction } from '../../src/database/transaction.js';

const TRIES_MAX = 5;

/** Whatever sends statements: a connection, a transaction, or the pool. */
interface Session {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}
interface Sku {
  readonly stock: number;
  readonly version: number;
}

describe('isolation levels', () => {
  let dir: string;
  let server: Database;
  let dataSource: DataSource;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'meiduo-isolation-'));
    server = await startDatabase({
      dir,
      durable: false,
      // Newer MariaDB servers would answer the stale write with an error instead of silence.
      options: ['--transaction-isolation=REPEATABLE-READ', '--loose-innodb-snapshot-isolation=OFF'],
    });
    dataSource = await new DataSource(databaseOptions(server.url, 4)).initialize();
    await dataSource.query('CREATE TABLE skus (id INT PRIMARY KEY, stock INT, version INT)');
  });
  beforeEach(async () => {
    await dataSource.query('REPLACE INTO skus VALUES (1, 10, 0)');
  });
  afterAll(async () => {
    await dataSource.destroy();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const read = async (on: Session): Promise<Sku> => {
    const [sku] = (await on.query('SELECT stock, version FROM skus WHERE id = 1')) as [Sku];
    return sku;
  };

  /** Takes one unit if the version is still the one that was read; the number of rows written. */
  const write = async (on: Session, { stock, version }: Sku): Promise<number> => {
    const { affectedRows } = (await on.query(
      'UPDATE skus SET stock = ?, version = version + 1 WHERE id = 1 AND version = ?',
      [stock - 1, version],
    )) as { affectedRows: number };
    return affectedRows;
  };

  /** What a rival does meanwhile, in a transaction of its own. */
  const sellToRival = async () => write(dataSource, await read(dataSource));

  /** The lesson's loop: read, try to write, and when nothing was written read again. */
  async function optimisticLoop(runner: QueryRunner): Promise<{ seen: number[]; wrote: number[] }> {
    const seen: number[] = [];
    const wrote: number[] = [];
    while (wrote.length < TRIES_MAX && wrote.at(-1) !== 1) {
      const sku = await read(runner);
      if (seen.length === 0) {
        await sellToRival();
      }
      seen.push(sku.version);
      wrote.push(await write(runner, sku));
    }
    return { seen, wrote };
  }

  it.each([
    { level: 'REPEATABLE READ', seen: [0, 0, 0, 0, 0], wrote: [0, 0, 0, 0, 0], stock: 9 },
    { level: 'READ COMMITTED', seen: [0, 1], wrote: [0, 1], stock: 8 },
  ] as const)(
    'optimistic loop inside one $level transaction: sees versions $seen, writes $wrote',
    async ({ level, seen, wrote, stock }) => {
      const runner = dataSource.createQueryRunner();
      try {
        await runner.startTransaction(level);
        expect(await optimisticLoop(runner)).toEqual({ seen, wrote });
        await runner.commitTransaction();
      } finally {
        await runner.release();
      }
      expect((await read(dataSource)).stock).toBe(stock);
    },
  );

  it('a new transaction for each try sees the new value at either level', async () => {
    for (const level of ['REPEATABLE READ', 'READ COMMITTED'] as const) {
      const stale = await dataSource.transaction(level, async (manager) => {
        const sku = await read(manager);
        await sellToRival();
        return write(manager, sku);
      });
      const fresh = await dataSource.transaction(level, async (manager) =>
        write(manager, await read(manager)),
      );
      expect([stale, fresh]).toEqual([0, 1]);
    }
  });

  it('the shop’s transactions are READ COMMITTED on a server that says REPEATABLE READ', async () => {
    const lookTwice = async (on: Session): Promise<number[]> => {
      const before = await read(on);
      await sellToRival();
      return [before.version, (await read(on)).version];
    };
    const plain = dataSource.createQueryRunner();
    await plain.query('START TRANSACTION');
    expect(await lookTwice(plain)).toEqual([0, 0]);
    await plain.query('COMMIT');
    await plain.release();
    expect(await inTransaction(dataSource, lookTwice)).toEqual([1, 2]);
  });
});
