import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { inTransaction } from '../../database/transaction.js';
import type { SkuDto } from '../catalog.dto.js';
import { SkuReads } from '../sku-reads.js';
import { remember, REMEMBERED_MAX } from './browse-histories.store.js';

/** What buyers have looked at last. */
@Injectable()
export class BrowseHistories {
  constructor(
    private readonly dataSource: DataSource,
    private readonly skus: SkuReads,
  ) {}

  /** The SKUs on sale that the buyer looked at last, newest first, each once, at most five. */
  async list(userId: number): Promise<SkuDto[]> {
    const rows = await this.dataSource.query<{ skuId: number }[]>(
      `SELECT sku_id AS skuId FROM browse_histories
       WHERE user_id = ? ORDER BY viewed_at DESC, sku_id DESC LIMIT ?`,
      [userId, REMEMBERED_MAX],
    );
    return this.skus.ofIds(rows.map(({ skuId }) => skuId));
  }

  /** Notes that the buyer looks at a SKU. Throws SKU_NOT_FOUND when it is not on sale. */
  async add(userId: number, skuId: number): Promise<void> {
    const [sku] = await this.skus.ofIds([skuId]);
    if (!sku) {
      throw new ShopError('SKU_NOT_FOUND');
    }
    await inTransaction(this.dataSource, (tx) => remember(tx, userId, skuId));
  }
}
