import type { Tx } from '../../database/transaction.js';

/** A SKU row under its lock: placing orders waits for it, or sees its raised version. */
export interface LockedSku {
  readonly id: number;
  readonly priceFen: number;
  readonly launched: number;
  readonly stock: number;
}

/** Locks one SKU row; undefined when there is no such SKU. */
export async function lockSku(tx: Tx, skuId: number): Promise<LockedSku | undefined> {
  const [sku] = await tx.query<LockedSku[]>(
    `SELECT id, price_fen AS priceFen, is_launched AS launched, stock
     FROM skus WHERE id = ? FOR UPDATE`,
    [skuId],
  );
  return sku;
}
