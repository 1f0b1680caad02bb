import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Recent } from '../common/recent.js';

/**
 * The SKUs on sale of each category that is asked for, best sellers first. No index is ordered by
 * sales, since every order would have to write it, once for each of its lines; so the database sorts
 * a category when it is read, and the result is kept for a few seconds (see Recent). Memory: the ids
 * of the SKUs.
 */
@Injectable()
export class BestSellers {
  private readonly categories = new Map<number, Recent<readonly number[]>>();

  constructor(private readonly dataSource: DataSource) {}

  /** `categoryId`: an existing category, so that what is kept has a bound. */
  async of(categoryId: number): Promise<readonly number[]> {
    let ids = this.categories.get(categoryId);
    if (!ids) {
      ids = new Recent(() => this.read(categoryId));
      this.categories.set(categoryId, ids);
    }
    return ids.get();
  }

  /** Called after the commit that changed a SKU, so that this process shows the change at once. */
  forget(): void {
    this.categories.clear();
  }

  /**
   * By the index and not by the table, since the optimizer would read all SKUs for a category that has
   * many of them. Meant for some ten thousand in one category.
   */
  private async read(categoryId: number): Promise<readonly number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>(
      `SELECT id FROM skus FORCE INDEX (ix_skus_category_created)
       WHERE category_id = ? AND is_launched = TRUE
       ORDER BY sales DESC, id DESC`,
      [categoryId],
    );
    return rows.map(({ id }) => id);
  }
}
