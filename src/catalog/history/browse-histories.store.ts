import type { Tx } from '../../database/transaction.js';

/** How many SKUs are remembered of a buyer. */
export const REMEMBERED_MAX = 5;

/**
 * Puts a SKU in front and forgets all but the newest five. The rows are locked first, so that two
 * requests of one buyer trim one after the other; two that find no row yet are too few to trim.
 */
export async function remember(tx: Tx, userId: number, skuId: number): Promise<void> {
  await tx.query(
    'SELECT sku_id FROM browse_histories WHERE user_id = ? ORDER BY sku_id FOR UPDATE',
    [userId],
  );
  await tx.query(
    `INSERT INTO browse_histories (user_id, sku_id, viewed_at) VALUES (?, ?, UTC_TIMESTAMP(6))
     ON DUPLICATE KEY UPDATE viewed_at = VALUES(viewed_at)`,
    [userId, skuId],
  );
  await tx.query(
    `DELETE FROM browse_histories WHERE user_id = ? AND viewed_at <= (
       SELECT viewed_at FROM (
         SELECT viewed_at FROM browse_histories
         WHERE user_id = ? ORDER BY viewed_at DESC, sku_id DESC LIMIT 1 OFFSET ?) AS too_old)`,
    [userId, userId, REMEMBERED_MAX],
  );
}
