import type { DataSource } from 'typeorm';
import { insistOnOne, type Tx, type Written } from '../../database/transaction.js';
import { RefundStatus } from '../../orders/refund-view.js';
import { REFUND_GAP_S, REFUND_LEASE_S } from './refund-rules.js';
import type { DueRefund } from './refund-try.js';

/** A wish to give money back. Writing it is the intent; a runner makes it true. */
interface NewRefund {
  readonly paymentId: number;
  readonly outRequestNo: string;
  readonly amountFen: number;
  readonly reason: string;
  /** Who asked, and under which key; nobody for refunds the shop decides itself. */
  readonly asked?: {
    readonly by: number;
    readonly idempotencyKey: string | undefined;
    readonly requestHash: string;
  };
}

export interface ClaimedRefund extends DueRefund {
  readonly id: number;
}

/** How a refund ended, by the gateway's time of it. */
export interface RefundEnd {
  readonly status: typeof RefundStatus.Done | typeof RefundStatus.Failed;
  readonly at: Date | undefined;
  readonly answer: string;
}

/** Writes the intent; the numbers are unique, so it exists once. Answers its id. */
export async function insertRefund(tx: Tx, refund: NewRefund): Promise<number> {
  const { paymentId, outRequestNo, amountFen, reason, asked } = refund;
  const { insertId } = await tx.query<Written>(
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status, reason,
       requested_by, idempotency_key, request_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, UNHEX(?))`,
    [
      paymentId,
      outRequestNo,
      amountFen,
      RefundStatus.Asked,
      reason,
      asked?.by ?? null,
      asked?.idempotencyKey ?? null,
      asked?.requestHash ?? null,
    ],
  );
  return insertId;
}

/** What was asked for on an order so far. Exact while the caller holds the order row. */
export interface Asked {
  readonly paymentId: number;
  readonly refunds: number;
  /** What of the payment has neither been given back nor been asked for. */
  readonly leftFen: number;
}

/** Undefined when the order was never paid through the gateway. */
export async function askedSoFar(tx: Tx, orderId: string): Promise<Asked | undefined> {
  const [row] = await tx.query<{ paymentId: number; refunds: number; leftFen: string }[]>(
    `SELECT p.id AS paymentId, COUNT(r.id) AS refunds,
            p.amount_fen - COALESCE(SUM(IF(r.status = 3, 0, r.amount_fen)), 0) AS leftFen
     FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id
     WHERE p.order_id = ? AND p.status = 2
     GROUP BY p.id, p.amount_fen`,
    [orderId],
  );
  return row && { ...row, leftFen: Number(row.leftFen) };
}

/**
 * Takes one refund that is due, or the one that is named, for this instance: for the time of the
 * lease nobody else takes it, nor another refund of its payment. After a crash the lease ends and
 * the refund is due again. Rows that others are taking are passed over, not waited for.
 */
export async function claimRefund(tx: Tx, refundId?: number): Promise<ClaimedRefund | undefined> {
  const [row] = await tx.query<(ClaimedRefund & { paymentId: number })[]>(
    `SELECT r.id, r.payment_id AS paymentId, CAST(p.order_id AS CHAR) AS orderId,
            r.out_request_no AS outRequestNo, r.amount_fen AS amountFen, r.reason,
            r.attempts + 1 AS attempts
     FROM refunds r JOIN payments p ON p.id = r.payment_id
     WHERE r.status = 1 AND r.next_try_at <= UTC_TIMESTAMP(3)
       AND p.refund_free_at <= UTC_TIMESTAMP(3) ${refundId === undefined ? '' : 'AND r.id = ?'}
     ORDER BY r.next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    refundId === undefined ? [] : [refundId],
  );
  if (!row) {
    return undefined;
  }
  const written = await tx.query<Written>(
    `UPDATE refunds SET attempts = attempts + 1,
       next_try_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE id = ?`,
    [REFUND_LEASE_S, row.id],
  );
  insistOnOne(written, `refund ${row.id}`);
  await freePayment(tx, row.paymentId, REFUND_LEASE_S);
  return row;
}

/** Age in seconds of the oldest wish that is neither fulfilled nor refused for good; 0 without one. */
export async function oldestOpenS(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ s: number | null }[]>(
    `SELECT TIMESTAMPDIFF(SECOND, MIN(created_at), UTC_TIMESTAMP(3)) AS s FROM (
       SELECT MIN(created_at) AS created_at FROM refunds WHERE status = ?
       UNION ALL SELECT MIN(created_at) FROM odd_refunds WHERE status = ?) open`,
    [RefundStatus.Asked, RefundStatus.Asked],
  );
  return Math.max(0, row?.s ?? 0);
}

/** Books the end of a refund; false when it was booked before. The caller holds the payment. */
export async function finishRefund(tx: Tx, refundId: number, end: RefundEnd): Promise<boolean> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE refunds SET status = ?, finished_at = COALESCE(?, UTC_TIMESTAMP(3)), last_answer = ?
     WHERE id = ? AND status = ?`,
    [end.status, end.at ?? null, end.answer.slice(0, 100), refundId, RefundStatus.Asked],
  );
  return affectedRows === 1;
}

/** Counts a refund that is done into its payment, in the transaction that says it is done. */
export async function bookRefunded(tx: Tx, paymentId: number, amountFen: number): Promise<void> {
  const written = await tx.query<Written>(
    'UPDATE payments SET refunded_fen = refunded_fen + ? WHERE id = ?',
    [amountFen, paymentId],
  );
  insistOnOne(written, `payment ${paymentId}`);
  await freePayment(tx, paymentId, REFUND_GAP_S);
}

/** Lets the next try come after so many seconds. */
export async function postponeRefund(
  tx: Tx,
  refundId: number,
  delayS: number,
  answer: string,
): Promise<void> {
  await tx.query(
    `UPDATE payments p JOIN refunds r ON r.payment_id = p.id
     SET p.refund_free_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND,
         r.next_try_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND, r.last_answer = ?
     WHERE r.id = ? AND r.status = ?`,
    [REFUND_GAP_S, delayS, answer.slice(0, 100), refundId, RefundStatus.Asked],
  );
}

async function freePayment(tx: Tx, paymentId: number, afterS: number): Promise<void> {
  const written = await tx.query<Written>(
    'UPDATE payments SET refund_free_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE id = ?',
    [afterS, paymentId],
  );
  insistOnOne(written, `payment ${paymentId}`);
}
