import type { DataSource } from 'typeorm';
import type { Tx, Written } from '../../database/transaction.js';
import type { Difference, Movement } from './bill-rules.js';

const BATCH = 500;
/**
 * A day belongs to the instance that has taken it for so many seconds: longer than a comparison, and
 * shorter than the pause of the job, so that whoever failed or found no bill yet looks again.
 */
const CLAIM_S = 600;

/** Movements of ours between two instants (the gateway's time of them). */
export async function movementsBetween(
  dataSource: DataSource,
  from: Date,
  to: Date,
): Promise<Movement[]> {
  return dataSource.query<Movement[]>(
    `SELECT CAST(order_id AS CHAR) AS outTradeNo, '' AS outRequestNo, amount_fen AS amountFen
       FROM payments WHERE status = 2 AND paid_at >= ? AND paid_at < ?
       UNION ALL
       SELECT CAST(p.order_id AS CHAR), r.out_request_no, r.amount_fen
       FROM refunds r JOIN payments p ON p.id = r.payment_id
       WHERE r.status = 2 AND r.finished_at >= ? AND r.finished_at < ?
       UNION ALL
       SELECT CAST(order_id AS CHAR), '', amount_fen
       FROM odd_refunds WHERE paid_at >= ? AND paid_at < ?
       UNION ALL
       SELECT CAST(order_id AS CHAR), out_request_no, amount_fen
       FROM odd_refunds WHERE status = 2 AND finished_at >= ? AND finished_at < ?`,
    [from, to, from, to, from, to, from, to],
  );
}

/** Movements of ours of the named orders, whenever they were. */
export async function movementsOf(
  dataSource: DataSource,
  orderIds: readonly string[],
): Promise<Movement[]> {
  const found: Movement[] = [];
  for (let i = 0; i < orderIds.length; i += BATCH) {
    const ids = orderIds.slice(i, i + BATCH);
    found.push(
      ...(await dataSource.query<Movement[]>(
        `SELECT CAST(order_id AS CHAR) AS outTradeNo, '' AS outRequestNo, amount_fen AS amountFen
         FROM payments WHERE status = 2 AND order_id IN (?)
         UNION ALL
         SELECT CAST(p.order_id AS CHAR), r.out_request_no, r.amount_fen
         FROM refunds r JOIN payments p ON p.id = r.payment_id
         WHERE r.status = 2 AND p.order_id IN (?)
         UNION ALL
         SELECT CAST(order_id AS CHAR), '', amount_fen FROM odd_refunds WHERE order_id IN (?)
         UNION ALL
         SELECT CAST(order_id AS CHAR), out_request_no, amount_fen
         FROM odd_refunds WHERE status = 2 AND order_id IN (?)`,
        [ids, ids, ids, ids],
      )),
    );
  }
  return found;
}

/** When the first payment of all was begun; undefined while there is none. */
export async function firstPaymentAt(dataSource: DataSource): Promise<Date | undefined> {
  const [row] = await dataSource.query<{ at: Date }[]>(
    'SELECT created_at AS at FROM payments ORDER BY id LIMIT 1',
  );
  return row?.at;
}

/** Differences found in the bills from that day on. */
export async function differencesSince(dataSource: DataSource, date: string): Promise<number> {
  const [row] = await dataSource.query<{ n: string }[]>(
    'SELECT COALESCE(SUM(differences), 0) AS n FROM bills WHERE bill_date >= ?',
    [date],
  );
  return Number(row?.n);
}

/** Whether the bill of that day has been compared. */
export async function compared(dataSource: DataSource, date: string): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>('SELECT 1 FROM bills WHERE bill_date = ?', [date]);
  return rows.length > 0;
}

/** Takes the bill of a day for this instance; false while another one has it. */
export async function claimDay(tx: Tx, date: string): Promise<boolean> {
  await tx.query(
    'INSERT IGNORE INTO bill_claims (bill_date, due_at) VALUES (?, UTC_TIMESTAMP(3))',
    [date],
  );
  const { affectedRows } = await tx.query<Written>(
    `UPDATE bill_claims SET due_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND
     WHERE bill_date = ? AND due_at <= UTC_TIMESTAMP(3)`,
    [CLAIM_S, date],
  );
  return affectedRows === 1;
}

/** Keeps the outcome; comparing a day again replaces what was found before. */
export async function keepOutcome(
  tx: Tx,
  date: string,
  bill: readonly Movement[],
  differences: readonly Difference[],
): Promise<void> {
  const refunds = bill.filter(({ outRequestNo }) => outRequestNo !== '').length;
  const counts = [bill.length - refunds, refunds, differences.length];
  await tx.query(
    `INSERT INTO bills (bill_date, payments, refunds, differences, checked_at)
     VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE payments = ?, refunds = ?, differences = ?,
       checked_at = UTC_TIMESTAMP(3)`,
    [date, ...counts, ...counts],
  );
  await tx.query('DELETE FROM bill_differences WHERE bill_date = ?', [date]);
  for (let i = 0; i < differences.length; i += BATCH) {
    await tx.query(
      `INSERT INTO bill_differences
         (bill_date, kind, out_trade_no, out_request_no, ours_fen, theirs_fen) VALUES ?`,
      [
        differences
          .slice(i, i + BATCH)
          .map(({ kind, outTradeNo, outRequestNo, oursFen, theirsFen }) => [
            date,
            kind,
            outTradeNo.slice(0, 64),
            outRequestNo.slice(0, 64),
            oursFen,
            theirsFen,
          ]),
      ],
    );
  }
}
