import type { Tx, Written } from '../database/transaction.js';
import { canBecome, OrderStatus } from './order-status.js';
import { type LockedOrder, restoreStock } from './orders.locks.js';

export type Actor = 'buyer' | 'admin' | 'alipay' | 'system';

/** What happened to an order, as its history tells it. */
export interface OrderEvent {
  readonly type: string;
  readonly actor: Actor;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Moves a locked order to its next state and writes the history, in the caller's transaction. The
 * state is compared again in the UPDATE: a move that is not allowed, or from a state the order is
 * not in, is a fault of the caller and throws.
 */
export async function moveOrder(
  tx: Tx,
  order: LockedOrder,
  to: OrderStatus,
  event: OrderEvent,
): Promise<void> {
  if (!canBecome(order.status, to)) {
    throw new Error(`order ${order.id} cannot go from ${order.status} to ${to}`);
  }
  const canceled = to === OrderStatus.Canceled;
  const { affectedRows } = await tx.query<Written>(
    `UPDATE orders SET status = ?, stock_restored_at = IF(?, UTC_TIMESTAMP(3), NULL)
     WHERE id = ? AND status = ?`,
    [to, canceled, order.id, order.status],
  );
  if (affectedRows !== 1) {
    throw new Error(`order ${order.id} was not in state ${order.status}`);
  }
  await recordEvent(tx, order, to, event);
}

/** Writes one line of a locked order's history. */
export async function recordEvent(
  tx: Tx,
  order: LockedOrder,
  to: OrderStatus,
  event: OrderEvent,
): Promise<void> {
  await tx.query(
    `INSERT INTO order_events (order_id, type, from_status, to_status, actor, detail, created_at)
     VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))`,
    [
      order.id,
      event.type,
      order.status,
      to,
      event.actor,
      event.detail ? JSON.stringify(event.detail) : null,
    ],
  );
}

/** Cancels a locked order: its goods go back, once, with the move itself. */
export async function cancelOrder(tx: Tx, order: LockedOrder, event: OrderEvent): Promise<void> {
  await restoreStock(tx, order.id);
  await moveOrder(tx, order, OrderStatus.Canceled, event);
}
