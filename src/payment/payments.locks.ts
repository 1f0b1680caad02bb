import { insistOnOne, type Tx, type Written } from '../database/transaction.js';
import { CLOSE_AFTER_PAYMENT_S } from './closing/check-rules.js';

export const PaymentStatus = { Pending: 1, Success: 2, Closed: 3 } as const;
export type PaymentStatus = (typeof PaymentStatus)[keyof typeof PaymentStatus];

/** A payment page that was opened is asked about for the first time after so many seconds. */
const FIRST_CHECK_S = 30;

/** The row of the one payment an order has. Locked after the order row, always. */
export interface LockedPayment {
  readonly id: number;
  readonly status: PaymentStatus;
  readonly amountFen: number;
  readonly tradeNo: string | null;
}

export async function lockPayment(tx: Tx, orderId: string): Promise<LockedPayment | undefined> {
  const [payment] = await tx.query<LockedPayment[]>(
    `SELECT id, status, amount_fen AS amountFen, trade_no AS tradeNo
     FROM payments WHERE order_id = ? FOR UPDATE`,
    [orderId],
  );
  return payment;
}

/** The order's payment, made when it is not there yet. The caller holds the order row. */
export async function ensurePayment(
  tx: Tx,
  orderId: string,
  amountFen: number,
  expiresAt: Date,
): Promise<LockedPayment> {
  const existing = await lockPayment(tx, orderId);
  if (existing) {
    return existing;
  }
  const { insertId } = await tx.query<Written>(
    `INSERT INTO payments (order_id, status, amount_fen, expires_at, next_check_at)
     VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)`,
    [orderId, PaymentStatus.Pending, amountFen, expiresAt, FIRST_CHECK_S],
  );
  return { id: insertId, status: PaymentStatus.Pending, amountFen, tradeNo: null };
}

/** Books the money, with the gateway's time of it. Compare-and-set: a payment is booked once. */
export async function bookPayment(
  tx: Tx,
  payment: LockedPayment,
  { tradeNo, paidAt }: { readonly tradeNo: string; readonly paidAt: Date | undefined },
  source: string,
): Promise<void> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE payments
     SET status = ?, trade_no = ?, source = ?, paid_at = COALESCE(?, UTC_TIMESTAMP(3))
     WHERE id = ? AND status = ?`,
    [PaymentStatus.Success, tradeNo, source, paidAt ?? null, payment.id, payment.status],
  );
  if (affectedRows !== 1) {
    throw new Error(`payment ${payment.id} was not in state ${payment.status}`);
  }
}

/**
 * Marks a pending payment as closed; one that is paid or closed stays as it is, and none is none. A
 * page that is open somewhere may still be paid until its deadline, if nobody has logged in on it
 * yet: the gateway knows no trade then that it could close. So it is asked once more when that time
 * is over.
 */
export async function closePayment(tx: Tx, payment: LockedPayment | undefined): Promise<void> {
  if (payment?.status !== PaymentStatus.Pending) {
    return;
  }
  const written = await tx.query<Written>(
    `UPDATE payments SET status = ?, next_check_at = expires_at + INTERVAL ? SECOND
     WHERE id = ? AND status = ?`,
    [PaymentStatus.Closed, CLOSE_AFTER_PAYMENT_S, payment.id, payment.status],
  );
  insistOnOne(written, `payment ${payment.id}`);
}

/** Whether another order was paid by this trade: one trade is one order's. */
export async function isTradeOfAnother(tx: Tx, orderId: string, tradeNo: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'SELECT 1 FROM payments WHERE trade_no = ? AND order_id <> ?',
    [tradeNo, orderId],
  );
  return rows.length > 0;
}
