import type { DataSource } from 'typeorm';
import { type ErrorCode, ShopError } from '../common/errors.js';
import { inTransaction, type Tx, type Written } from '../database/transaction.js';

/**
 * How often something may be done for one subject, counted in the database for all instances. Unlike
 * the limits of routes (`src/limits`) it counts what was done, not what was asked for: a refused try
 * or a message that was not sent costs nothing, so nobody can use up what is another's, and the
 * refusal is the one the original pages know.
 */
interface Quota {
  readonly max: number;
  /** From the first use; then the count begins again. */
  readonly windowSeconds: number;
  /** What is answered when it is used up. */
  readonly refusal: ErrorCode;
}

const quotas = {
  /** Whoever can read the images must not be able to fill somebody's telephone all the same. */
  sms: { max: 10, windowSeconds: 86_400, refusal: 'SMS_TOO_FREQUENT' },
  /** Anybody's address can be named, so nobody may have many mails sent. */
  email: { max: 5, windowSeconds: 3600, refusal: 'TOO_MANY_REQUESTS' },
} as const satisfies Record<string, Quota>;

type QuotaName = keyof typeof quotas;
export const QUOTAS: Readonly<Record<QuotaName, Quota>> = quotas;

/**
 * Does the work if the quota of the subject (a mobile number, a user id) is not used up, else throws
 * its refusal with the time to wait. Work that throws does not count.
 */
export async function withinQuota<T>(
  dataSource: DataSource,
  name: QuotaName,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  await inTransaction(dataSource, (tx) => spend(tx, name, subject));
  try {
    return await work();
  } catch (error) {
    await inTransaction(dataSource, (tx) => giveBack(tx, name, subject));
    throw error;
  }
}

/** The refusal rolls the transaction back, so a refused try is not counted either. */
async function spend(tx: Tx, name: QuotaName, subject: string): Promise<void> {
  const quota = QUOTAS[name];
  await tx.query(
    `INSERT INTO quotas (name, subject, used, resets_at)
     VALUES (?, ?, 1, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)
     ON DUPLICATE KEY UPDATE
       used = IF(resets_at <= UTC_TIMESTAMP(3), 1, used + 1),
       resets_at = IF(resets_at <= UTC_TIMESTAMP(3), VALUES(resets_at), resets_at)`,
    [name, subject, quota.windowSeconds],
  );
  const [row] = await tx.query<{ used: number; seconds: number }[]>(
    `SELECT used, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), resets_at) + 1 AS seconds
     FROM quotas WHERE name = ? AND subject = ?`,
    [name, subject],
  );
  if (row && row.used > quota.max) {
    throw new ShopError(quota.refusal, { retryAfterSeconds: row.seconds });
  }
}

async function giveBack(tx: Tx, name: QuotaName, subject: string): Promise<void> {
  await tx.query('UPDATE quotas SET used = used - 1 WHERE name = ? AND subject = ? AND used > 0', [
    name,
    subject,
  ]);
}

/** Deletes quotas whose window has ended, the oldest first and at most `max`; answers how many. */
export async function deleteEndedQuotas(tx: Tx, max: number): Promise<number> {
  const { affectedRows } = await tx.query<Written>(
    'DELETE FROM quotas WHERE resets_at < UTC_TIMESTAMP(3) ORDER BY resets_at LIMIT ?',
    [max],
  );
  return affectedRows;
}
