import { insistOnOne, type Tx, type Written } from '../../database/transaction.js';
import { RefundStatus } from '../../orders/refund-view.js';
import type { TradeFacts } from '../gateway/payment-gateway.js';
import { ODD_REASON, oddRequestNo, REFUND_LEASE_S } from './refund-rules.js';
import type { DueRefund } from './refund-try.js';
import type { RefundEnd } from './refunds.store.js';

/** Who decided that money goes back, and why. */
export interface AskedBy {
  readonly by: number;
  readonly note: string;
}

/** Money at the gateway that does not fit its order. */
export type OddMoney = Pick<TradeFacts, 'tradeNo' | 'paidAt'> & { readonly totalFen: number };

/** Writes the intent to give all of a trade back. The caller holds the order row. */
export async function insertOddRefund(
  tx: Tx,
  orderId: string,
  { tradeNo, totalFen, paidAt }: OddMoney,
  { by, note }: AskedBy,
): Promise<void> {
  await tx.query(
    `INSERT INTO odd_refunds
       (order_id, trade_no, out_request_no, amount_fen, paid_at, status, asked_by, note)
     VALUES (?, ?, ?, ?, COALESCE(?, UTC_TIMESTAMP(3)), ?, ?, ?)`,
    [
      orderId,
      tradeNo,
      oddRequestNo(orderId),
      totalFen,
      paidAt ?? null,
      RefundStatus.Asked,
      by,
      note,
    ],
  );
}

/** Whether it was decided to give this order's odd money back. */
export async function wasOddRefundAsked(tx: Tx, orderId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>('SELECT 1 FROM odd_refunds WHERE order_id = ?', [orderId]);
  return rows.length > 0;
}

/** Lets a refund that was refused be tried again, under its number; others stay as they are. */
export async function askOddRefundAgain(tx: Tx, orderId: string): Promise<void> {
  await tx.query(
    `UPDATE odd_refunds SET status = ?, finished_at = NULL, next_try_at = UTC_TIMESTAMP(3)
     WHERE order_id = ? AND status = ?`,
    [RefundStatus.Asked, orderId, RefundStatus.Failed],
  );
}

/** Whether facts tell of money that goes back already, or is back. */
export async function isOddRefund(tx: Tx, facts: TradeFacts): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'SELECT 1 FROM odd_refunds WHERE order_id = ? AND trade_no = ? AND amount_fen = ?',
    [facts.outTradeNo, facts.tradeNo, facts.totalFen ?? null],
  );
  return rows.length > 0;
}

/** Takes one that is due, or the named order's: as `claimRefund` does. */
export async function claimOddRefund(tx: Tx, orderId?: string): Promise<DueRefund | undefined> {
  const [row] = await tx.query<Omit<DueRefund, 'reason'>[]>(
    `SELECT CAST(order_id AS CHAR) AS orderId, out_request_no AS outRequestNo,
            amount_fen AS amountFen, attempts + 1 AS attempts
     FROM odd_refunds
     WHERE status = ? AND next_try_at <= UTC_TIMESTAMP(3)
       ${orderId === undefined ? '' : 'AND order_id = ?'}
     ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [RefundStatus.Asked, ...(orderId === undefined ? [] : [orderId])],
  );
  if (!row) {
    return undefined;
  }
  const written = await tx.query<Written>(
    `UPDATE odd_refunds SET attempts = attempts + 1,
       next_try_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE order_id = ?`,
    [REFUND_LEASE_S, row.orderId],
  );
  insistOnOne(written, `odd refund of order ${row.orderId}`);
  return { ...row, reason: ODD_REASON };
}

/** Books the end; answers who had asked, or nothing when it was booked before. */
export async function finishOddRefund(
  tx: Tx,
  orderId: string,
  { status, at, answer }: RefundEnd,
): Promise<AskedBy | undefined> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE odd_refunds
     SET status = ?, finished_at = COALESCE(?, UTC_TIMESTAMP(3)), last_answer = ?
     WHERE order_id = ? AND status = ?`,
    [status, at ?? null, answer.slice(0, 100), orderId, RefundStatus.Asked],
  );
  const [asked] = await tx.query<AskedBy[]>(
    'SELECT asked_by AS `by`, note FROM odd_refunds WHERE order_id = ?',
    [orderId],
  );
  return affectedRows === 1 ? asked : undefined;
}

/** Lets the next try come after so many seconds. */
export async function postponeOddRefund(
  tx: Tx,
  orderId: string,
  delayS: number,
  answer: string,
): Promise<void> {
  await tx.query(
    `UPDATE odd_refunds
     SET next_try_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND, last_answer = ?
     WHERE order_id = ? AND status = ?`,
    [delayS, answer.slice(0, 100), orderId, RefundStatus.Asked],
  );
}
