import type { Tx, Written } from '../database/transaction.js';

/** One count to be raised: whose, and how long its window is when this request opens it. */
interface Count {
  /** 32 bytes. */
  readonly key: Buffer;
  readonly seconds: number;
}

export interface Counted {
  readonly points: number;
  /** Until the window ends, by the database's clock. */
  readonly resetsInMs: number;
}

const EXPIRED_BATCH = 1000;

/** Raises all counts by one and answers what they are now, in the order given. */
export async function raise(tx: Tx, counts: readonly Count[]): Promise<Counted[]> {
  // In the order of the keys, so that two requests for the same ones do not wait for each other.
  const rows = counts.toSorted((a, b) => a.key.compare(b.key));
  await tx.query(
    `INSERT INTO rate_limits (limit_key, points, resets_at)
     VALUES ${rows.map(() => '(?, 1, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)').join(', ')}
     ON DUPLICATE KEY UPDATE
       points = IF(resets_at <= UTC_TIMESTAMP(3), 1, points + 1),
       resets_at = IF(resets_at <= UTC_TIMESTAMP(3), VALUES(resets_at), resets_at)`,
    rows.flatMap(({ key, seconds }) => [key, seconds]),
  );
  const found = await tx.query<{ key: Buffer; points: number; ms: number }[]>(
    `SELECT limit_key AS \`key\`, points,
       TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), resets_at) DIV 1000 AS ms
     FROM rate_limits WHERE limit_key IN (?)`,
    [rows.map(({ key }) => key)],
  );
  return counts.map(({ key }) => {
    const row = found.find((one) => one.key.equals(key));
    return { points: row?.points ?? 1, resetsInMs: Math.max(row?.ms ?? 0, 0) };
  });
}

/** Whether there is a living row of this key. */
export async function lives(tx: Tx, key: Buffer): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'SELECT 1 FROM rate_limits WHERE limit_key = ? AND resets_at > UTC_TIMESTAMP(3)',
    [key],
  );
  return rows.length > 0;
}

/** Lets a row live for so many seconds from now. */
export async function keep(tx: Tx, { key, seconds }: Count): Promise<void> {
  await tx.query(
    `INSERT INTO rate_limits (limit_key, points, resets_at)
     VALUES (?, 0, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)
     ON DUPLICATE KEY UPDATE resets_at = VALUES(resets_at)`,
    [key, seconds],
  );
}

export async function forget(tx: Tx, key: Buffer): Promise<void> {
  await tx.query('DELETE FROM rate_limits WHERE limit_key = ?', [key]);
}

/** Removes rows that have run out, a batch at a time; true when there may be more. */
export async function removeExpired(tx: Tx): Promise<boolean> {
  const { affectedRows } = await tx.query<Written>(
    'DELETE FROM rate_limits WHERE resets_at < UTC_TIMESTAMP(3) ORDER BY resets_at LIMIT ?',
    [EXPIRED_BATCH],
  );
  return affectedRows === EXPIRED_BATCH;
}
