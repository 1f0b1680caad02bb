import { ShopError } from '../../common/errors.js';
import type { Tx, Written } from '../../database/transaction.js';

/** Goods of one order line that came back. */
export interface ReturnedGoods {
  readonly skuId: number;
  readonly count: number;
}

/**
 * Puts goods that came back into stock, SKU rows in id order. The caller holds the order row. Throws
 * RETURN_TOO_LARGE when the order does not hold so many of them any more.
 */
export async function takeBack(
  tx: Tx,
  orderId: string,
  goods: readonly ReturnedGoods[],
): Promise<void> {
  const sorted = goods.toSorted((a, b) => a.skuId - b.skuId);
  if (sorted.length === 0) {
    return;
  }
  await tx.query('SELECT id FROM skus WHERE id IN (?) ORDER BY id FOR UPDATE', [
    sorted.map(({ skuId }) => skuId),
  ]);
  for (const { skuId, count } of sorted) {
    const { affectedRows } = await tx.query<Written>(
      `UPDATE order_lines SET returned_count = returned_count + ?
       WHERE order_id = ? AND sku_id = ? AND returned_count + ? <= count`,
      [count, orderId, skuId, count],
    );
    if (affectedRows !== 1) {
      throw new ShopError('RETURN_TOO_LARGE', { members: { sku_id: skuId } });
    }
    await tx.query(
      'UPDATE skus SET stock = stock + ?, sales = sales - ?, version = version + 1 WHERE id = ?',
      [count, count, skuId],
    );
  }
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
