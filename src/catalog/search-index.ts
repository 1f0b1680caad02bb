import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Recent } from '../common/recent.js';
import { type SearchRow, SearchTexts } from './search-texts.js';

const ROWS_AT_ONCE = 1000;

/**
 * The texts of all SKUs on sale, in memory. No index of MariaDB finds a part of a Chinese word, so
 * searching in the database would read every SKU for every search. What this finds may be a few
 * seconds old (see Recent); whoever shows it reads price and sale from the row. Memory: some hundred
 * bytes for each SKU on sale.
 */
@Injectable()
export class SearchIndex {
  private readonly texts = new Recent<SearchTexts>((before) => this.read(before));

  constructor(private readonly dataSource: DataSource) {}

  /** The SKUs whose name or caption has every word (see `searchWords`), best sellers first. */
  async find(words: readonly string[]): Promise<readonly number[]> {
    return (await this.texts.get()).find(words);
  }

  /** Called after the commit that changed a SKU, so that this process finds the change at once. */
  forget(): void {
    this.texts.forget();
  }

  /** In small portions, so that no other request waits behind all of them. */
  private async read(before: SearchTexts | undefined): Promise<SearchTexts> {
    const rows: SearchRow[] = [];
    let portion: SearchRow[];
    do {
      portion = await this.dataSource.query<SearchRow[]>(
        `SELECT id, CONCAT_WS(' ', name, caption) AS text, sales FROM skus
         WHERE id > ? AND is_launched = TRUE ORDER BY id LIMIT ?`,
        [rows.at(-1)?.id ?? 0, ROWS_AT_ONCE],
      );
      rows.push(...portion);
    } while (portion.length === ROWS_AT_ONCE);
    // Making them anew takes long enough for others to notice, and often nothing has changed.
    return before?.isOf(rows) ? before : new SearchTexts(rows, before);
  }
}
