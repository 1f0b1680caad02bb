import { ShopError } from '../../common/errors.js';
import { insistOnOne, type Tx, type Written } from '../../database/transaction.js';
import { OrderStatus } from '../../orders/order-status.js';
import { lockGoods, type LockedOrder } from '../../orders/orders.locks.js';

/** Goods of one order line that came back. */
export interface ReturnedGoods {
  readonly skuId: number;
  readonly count: number;
}

/**
 * Puts goods that came back into stock. All SKU rows of the order are locked, in id order, since it
 * may be canceled in the same transaction. The caller holds the order row. Throws RETURN_TOO_LARGE
 * when the order does not hold so many of them any more; a canceled one gave all of them back.
 */
export async function takeBack(
  tx: Tx,
  order: LockedOrder,
  goods: readonly ReturnedGoods[],
): Promise<void> {
  const [first] = goods;
  if (!first) {
    return;
  }
  if (order.status === OrderStatus.Canceled) {
    throw tooLarge(first);
  }
  await lockGoods(tx, order.id);
  for (const returned of goods) {
    const { skuId, count } = returned;
    const { affectedRows } = await tx.query<Written>(
      `UPDATE order_lines SET returned_count = returned_count + ?
       WHERE order_id = ? AND sku_id = ? AND returned_count + ? <= count`,
      [count, order.id, skuId, count],
    );
    if (affectedRows !== 1) {
      throw tooLarge(returned);
    }
    const restocked = await tx.query<Written>(
      'UPDATE skus SET stock = stock + ?, sales = sales - ?, version = version + 1 WHERE id = ?',
      [count, count, skuId],
    );
    insistOnOne(restocked, `SKU ${skuId}`);
  }
}

function tooLarge({ skuId }: ReturnedGoods): ShopError {
  return new ShopError('RETURN_TOO_LARGE', { members: { sku_id: skuId } });
}

/** Remembers which goods came back with a refund. */
export async function recordReturns(
  tx: Tx,
  refundId: number,
  goods: readonly ReturnedGoods[],
): Promise<void> {
  for (const { skuId, count } of goods) {
    await tx.query('INSERT INTO refund_lines (refund_id, sku_id, count) VALUES (?, ?, ?)', [
      refundId,
      skuId,
      count,
    ]);
  }
}
