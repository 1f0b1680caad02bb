import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import type { BreadcrumbDto, CategoryTreeDto } from './catalog.dto.js';

interface CategoryRow {
  id: number;
  name: string;
  parentId: number | null;
}

interface BreadcrumbRow {
  id1: number;
  name1: string;
  id2: number;
  name2: string;
  id3: number;
  name3: string;
  firstLeaf: number;
}

/** The three levels under which the shop window sorts its goods. */
@Injectable()
export class CategoryReads {
  constructor(private readonly dataSource: DataSource) {}

  /** All categories, as a tree of three levels. */
  async tree(): Promise<CategoryTreeDto[]> {
    const rows = await this.dataSource.query<CategoryRow[]>(
      'SELECT id, name, parent_id AS parentId FROM categories ORDER BY id',
    );
    const below = (parent: number | null): CategoryRow[] =>
      rows.filter(({ parentId }) => parentId === parent);
    return below(null).map(({ id, name }) => ({
      id,
      name,
      subs: below(id).map((second) => ({
        id: second.id,
        name: second.name,
        subs: below(second.id).map((third) => ({ id: third.id, name: third.name })),
      })),
    }));
  }

  /** The way down to a category of the third level. NOT_FOUND for every other id. */
  async breadcrumb(categoryId: number): Promise<BreadcrumbDto> {
    const [row] = await this.dataSource.query<BreadcrumbRow[]>(
      `SELECT c1.id AS id1, c1.name AS name1, c2.id AS id2, c2.name AS name2,
              c3.id AS id3, c3.name AS name3,
              (SELECT MIN(leaf.id) FROM categories middle
               JOIN categories leaf ON leaf.parent_id = middle.id
               WHERE middle.parent_id = c1.id) AS firstLeaf
       FROM categories c3
       JOIN categories c2 ON c2.id = c3.parent_id
       JOIN categories c1 ON c1.id = c2.parent_id
       WHERE c3.id = ? AND c1.parent_id IS NULL`,
      [categoryId],
    );
    if (!row) {
      throw new ShopError('NOT_FOUND');
    }
    return {
      cat1: {
        category: { id: row.id1, name: row.name1 },
        url: `/list.html?cat=${row.firstLeaf}`,
      },
      cat2: { id: row.id2, name: row.name2 },
      cat3: { id: row.id3, name: row.name3 },
    };
  }
}
