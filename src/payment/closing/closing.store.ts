import type { Tx } from '../../database/transaction.js';
import { PaymentStatus } from '../payments.locks.js';
import { CHECK_LEASE_S, CLOSE_AFTER_PAYMENT_S, CLOSE_MARGIN_S } from './check-rules.js';

/** A payment one instance is to ask about now. */
export interface ClaimedPayment {
  readonly id: number;
  readonly orderId: string;
  /** This check included. */
  readonly checks: number;
  /** Its order's time is over: close it. */
  readonly overdue: boolean;
}

/**
 * Takes one payment whose next check is due, pending ones first, then those that were closed while
 * their page could still be paid: for the time of the lease nobody else takes it, and after a crash
 * it is due again. Rows others are taking are passed over, not waited for.
 */
export async function claimPayment(tx: Tx): Promise<ClaimedPayment | undefined> {
  return (await claimIn(tx, PaymentStatus.Pending)) ?? claimIn(tx, PaymentStatus.Closed);
}

/** One state at a time, so that the index gives the order and only the row that is taken is locked. */
async function claimIn(tx: Tx, status: PaymentStatus): Promise<ClaimedPayment | undefined> {
  const [row] = await tx.query<{ id: number; orderId: string; checks: number; overdue: number }[]>(
    `SELECT id, CAST(order_id AS CHAR) AS orderId, checks + 1 AS checks,
            expires_at + INTERVAL ? SECOND <= UTC_TIMESTAMP(3) AS overdue
     FROM payments WHERE status = ? AND next_check_at <= UTC_TIMESTAMP(3)
     ORDER BY next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [CLOSE_AFTER_PAYMENT_S, status],
  );
  if (!row) {
    return undefined;
  }
  await tx.query(
    `UPDATE payments SET checks = checks + 1,
       next_check_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE id = ?`,
    [CHECK_LEASE_S, row.id],
  );
  return { ...row, overdue: row.overdue === 1 };
}

/** Asks again after so many seconds, but not later than when its order is to be closed. */
export async function postponeCheck(tx: Tx, paymentId: number, delayS: number): Promise<void> {
  await tx.query(
    `UPDATE payments SET next_check_at = LEAST(
       UTC_TIMESTAMP(3) + INTERVAL ? SECOND,
       IF(expires_at + INTERVAL ? SECOND > UTC_TIMESTAMP(3),
          expires_at + INTERVAL ? SECOND, UTC_TIMESTAMP(3) + INTERVAL ? SECOND))
     WHERE id = ? AND status <> ?`,
    [
      delayS,
      CLOSE_AFTER_PAYMENT_S,
      CLOSE_AFTER_PAYMENT_S,
      delayS,
      paymentId,
      PaymentStatus.Success,
    ],
  );
}

/** The gateway has told how it ended: a payment that is not pending is not asked about again. */
export async function endChecks(tx: Tx, paymentId: number): Promise<void> {
  await tx.query('UPDATE payments SET next_check_at = NULL WHERE id = ? AND status <> ?', [
    paymentId,
    PaymentStatus.Pending,
  ]);
}

/**
 * Takes one expired order whose payment page was never asked for, and keeps its row locked: nobody
 * can have paid it, so it is canceled in the same transaction, without a call.
 */
export async function claimUnopened(tx: Tx): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }[]>(
    `SELECT CAST(o.id AS CHAR) AS id FROM orders o
     WHERE o.status = 1 AND o.expires_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND
       AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id)
     ORDER BY o.expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [CLOSE_MARGIN_S],
  );
  return row?.id;
}
