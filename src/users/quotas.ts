import type { DataSource } from 'typeorm';
import { type ErrorCode, ShopError } from '../common/errors.js';
import { inTransaction, type Tx } from '../database/transaction.js';

/** How often something may be done for one subject, counted in the database for all instances. */
export interface Quota {
  readonly name: string;
  readonly max: number;
  /** From the first use; then the count begins again. */
  readonly windowSeconds: number;
  /** What is answered when it is used up. */
  readonly refusal: ErrorCode;
}

/**
 * Does the work if the quota of the subject (a mobile number, a user id) is not used up, else throws
 * its refusal with the time to wait. Work that throws does not count.
 */
export async function withinQuota<T>(
  dataSource: DataSource,
  quota: Quota,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  await inTransaction(dataSource, (tx) => spend(tx, quota, subject));
  try {
    return await work();
  } catch (error) {
    await inTransaction(dataSource, (tx) => giveBack(tx, quota, subject));
    throw error;
  }
}

/** The refusal rolls the transaction back, so a refused try is not counted either. */
async function spend(tx: Tx, quota: Quota, subject: string): Promise<void> {
  await tx.query(
    `INSERT INTO quotas (name, subject, used, resets_at)
     VALUES (?, ?, 1, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)
     ON DUPLICATE KEY UPDATE
       used = IF(resets_at <= UTC_TIMESTAMP(3), 1, used + 1),
       resets_at = IF(resets_at <= UTC_TIMESTAMP(3), VALUES(resets_at), resets_at)`,
    [quota.name, subject, quota.windowSeconds],
  );
  const [row] = await tx.query<{ used: number; seconds: number }[]>(
    `SELECT used, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), resets_at) + 1 AS seconds
     FROM quotas WHERE name = ? AND subject = ?`,
    [quota.name, subject],
  );
  if (row && row.used > quota.max) {
    throw new ShopError(quota.refusal, { retryAfterSeconds: row.seconds });
  }
}

async function giveBack(tx: Tx, quota: Quota, subject: string): Promise<void> {
  await tx.query('UPDATE quotas SET used = used - 1 WHERE name = ? AND subject = ? AND used > 0', [
    quota.name,
    subject,
  ]);
}
