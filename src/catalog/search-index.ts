import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type SearchRow, SearchTexts } from './search-texts.js';

/** Older than this, the texts are read anew while searches still use what is there. */
const FRESH_MS = 2000;
/** Older than this, a search waits for the reading. */
const USABLE_MS = 5000;
const ROWS_AT_ONCE = 1000;

interface Known {
  readonly texts: SearchTexts;
  readonly readAtMs: number;
}

/**
 * The texts of all SKUs on sale, in memory. No index of MariaDB finds a part of a Chinese word, so
 * searching in the database would read every SKU for every search; this reads them at most every two
 * seconds, and not at all while nobody searches. What it finds may be a few seconds old; whoever
 * shows it reads price and sale from the row. Memory: some hundred bytes for each SKU on sale.
 */
@Injectable()
export class SearchIndex {
  private known?: Known;
  private reading?: Promise<Known>;

  constructor(private readonly dataSource: DataSource) {}

  /** The SKUs whose name or caption has every word (see `searchWords`), best sellers first. */
  async find(words: readonly string[]): Promise<readonly number[]> {
    const { texts } = await this.recent();
    return texts.find(words);
  }

  /** Called after the commit that changed a SKU, so that this process finds the change at once. */
  forget(): void {
    this.known = undefined;
    this.reading = undefined;
  }

  private recent(): Promise<Known> | Known {
    const { known } = this;
    const ageMs = known ? performance.now() - known.readAtMs : Number.POSITIVE_INFINITY;
    if (known && ageMs < FRESH_MS) {
      return known;
    }
    this.reading ??= this.begin();
    return known && ageMs < USABLE_MS ? known : this.reading;
  }

  private begin(): Promise<Known> {
    const reading = this.read(this.known?.texts).then(
      (known) => {
        this.end(reading, known);
        return known;
      },
      (error: unknown) => {
        this.end(reading, this.known);
        throw error;
      },
    );
    // Whoever waits for it hears of a failure; where nobody does, the next search tries again.
    reading.catch(() => undefined);
    return reading;
  }

  /** A reading that was forgotten about may not bring back what it read. */
  private end(reading: Promise<Known>, known: Known | undefined): void {
    if (this.reading === reading) {
      this.known = known;
      this.reading = undefined;
    }
  }

  /** In small portions, so that no other request waits behind all of them. */
  private async read(before: SearchTexts | undefined): Promise<Known> {
    const readAtMs = performance.now();
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
    return { texts: before?.isOf(rows) ? before : new SearchTexts(rows, before), readAtMs };
  }
}
