import { expect, vi } from 'vitest';
import type { TestDatabase } from './database.js';

const WITHIN_MS = 30_000;

/** The transactions of one database that are open at this moment. */
export interface Transactions {
  readonly open: number;
  /** Those of them that wait for a lock. */
  readonly waiting: number;
}

/**
 * Reads the server's own report: `information_schema.innodb_trx` is a copy that is made anew only
 * when nobody on the server has read it for a tenth of a second.
 */
export async function transactionsOf(db: TestDatabase): Promise<Transactions> {
  const [report] = await db.sql<{ Status: string }>('SHOW ENGINE INNODB STATUS');
  const ours = await db.sql<{ id: number }>(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE()',
  );
  const ids = new Set(ours.map(({ id }) => id));
  const open = (report?.Status ?? '')
    .split('---TRANSACTION ')
    .slice(1)
    .filter((one) => /^\S+, ACTIVE/.test(one))
    .filter((one) => ids.has(Number(/^M\w+ thread id (\d+)/m.exec(one)?.[1])));
  return { open: open.length, waiting: open.filter((one) => /^LOCK WAIT/m.test(one)).length };
}

/** Waits until so many transactions or more wait for a lock, or until that cannot come any more. */
export async function blocked(
  db: TestDatabase,
  count: number,
  isOver = (): boolean => false,
): Promise<void> {
  const look = async () => {
    const { waiting } = await transactionsOf(db);
    expect(isOver() ? count : waiting).toBeGreaterThanOrEqual(count);
  };
  await vi.waitFor(look, { interval: 10, timeout: WITHIN_MS });
}

/** Waits until no transaction is open: the server has undone what nobody will end. */
export async function undone(db: TestDatabase): Promise<void> {
  const look = async () => expect((await transactionsOf(db)).open).toBe(0);
  await vi.waitFor(look, { interval: 5, timeout: WITHIN_MS });
}
