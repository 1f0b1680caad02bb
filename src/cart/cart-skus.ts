import type { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';

/** What a cart shows of a SKU. */
export interface SkuOnSale {
  readonly id: number;
  readonly name: string;
  readonly image: string;
  readonly priceFen: number;
}

/** How many there are of a SKU. Throws SKU_NOT_FOUND when it is not on sale. */
export async function stockOnSale(dataSource: DataSource, skuId: number): Promise<number> {
  const [sku] = await dataSource.query<{ stock: number }[]>(
    'SELECT stock FROM skus WHERE id = ? AND is_launched = TRUE',
    [skuId],
  );
  if (!sku) {
    throw new ShopError('SKU_NOT_FOUND');
  }
  return sku.stock;
}

/** Those of these SKUs that are on sale, by id. */
export async function skusOnSale(
  dataSource: DataSource,
  skuIds: readonly number[],
): Promise<SkuOnSale[]> {
  return skuIds.length === 0
    ? []
    : dataSource.query<SkuOnSale[]>(
        `SELECT id, name, default_image AS image, price_fen AS priceFen
         FROM skus WHERE id IN (?) AND is_launched = TRUE ORDER BY id`,
        [skuIds],
      );
}
