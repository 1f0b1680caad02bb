import type { Tx, Written } from '../database/transaction.js';
import { OrderStatus, type PayMethod } from './order-status.js';

/**
 * The order row is the lock of everything that happens to an order after it was placed: pay,
 * cancel, close, refund. Lock order everywhere: order row, cart rows by (user, sku), SKU rows by
 * id, payment row.
 */
export interface LockedOrder {
  readonly id: string;
  readonly userId: number;
  readonly status: OrderStatus;
  readonly payMethod: PayMethod;
  readonly totalFen: number;
  readonly expiresAt: Date | null;
  /** The database's clock when the row was read. */
  readonly now: Date;
}

const LOCKED_COLUMNS = `
  id, user_id AS userId, status, pay_method AS payMethod, total_fen AS totalFen,
  expires_at AS expiresAt, UTC_TIMESTAMP(3) AS now`;

/** Locks the order row; undefined when there is no such order. */
export async function lockOrder(tx: Tx, orderId: string): Promise<LockedOrder | undefined> {
  const [order] = await tx.query<LockedOrder[]>(
    `SELECT ${LOCKED_COLUMNS} FROM orders WHERE id = ? FOR UPDATE`,
    [orderId],
  );
  return order;
}

/** Locks an order that is on its way; undefined when it is not, and when somebody holds it now. */
export async function lockShippedOrder(tx: Tx, orderId: string): Promise<LockedOrder | undefined> {
  const [order] = await tx.query<LockedOrder[]>(
    `SELECT ${LOCKED_COLUMNS} FROM orders WHERE id = ? AND status = ? FOR UPDATE SKIP LOCKED`,
    [orderId, OrderStatus.Shipped],
  );
  return order;
}

/** Locks the SKU rows of a locked order's goods, by id; answers how many there are. */
export async function lockGoods(tx: Tx, orderId: string): Promise<number> {
  const skus = await tx.query<{ id: number }[]>(
    `SELECT s.id FROM skus s
     WHERE s.id IN (SELECT l.sku_id FROM order_lines l WHERE l.order_id = ?)
     ORDER BY s.id FOR UPDATE`,
    [orderId],
  );
  return skus.length;
}

/** Gives the goods of a locked order back, but those that came back before; SKU rows by id. */
export async function restoreStock(tx: Tx, orderId: string): Promise<void> {
  const skus = await lockGoods(tx, orderId);
  const { affectedRows } = await tx.query<Written>(
    `UPDATE skus s JOIN order_lines l ON l.sku_id = s.id
     SET s.stock = s.stock + (l.count - l.returned_count),
         s.sales = s.sales - (l.count - l.returned_count), s.version = s.version + 1
     WHERE l.order_id = ?`,
    [orderId],
  );
  if (affectedRows !== skus) {
    throw new Error(`stock of order ${orderId}: ${affectedRows} of ${skus} rows restored`);
  }
}
