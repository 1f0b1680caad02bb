import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { folded } from './search-text.js';

/** Older than this, the texts are read anew while searches still use what is there. */
const FRESH_MS = 1000;
/** Older than this, a search waits for the reading. */
const USABLE_MS = 5000;
const ROWS_AT_ONCE = 1000;

interface Row {
  readonly id: number;
  readonly text: string;
  readonly sales: number;
}

interface Entry extends Row {
  readonly folded: string;
}

interface Snapshot {
  /** SKUs on sale, best sellers first. */
  readonly entries: readonly Entry[];
  readonly readAtMs: number;
}

/**
 * The texts of all SKUs on sale, in memory. No index of MariaDB finds a part of a Chinese word, so
 * searching in the database would read every SKU for every search; this reads them at most once a
 * second, and not at all while nobody searches. What it finds may be a few seconds old; whoever
 * shows it reads price and sale from the row. Memory: some hundred bytes for each SKU on sale.
 */
@Injectable()
export class SearchIndex {
  private known?: Snapshot;
  private reading?: Promise<Snapshot>;

  constructor(private readonly dataSource: DataSource) {}

  /** The SKUs whose name or caption has every word (see `searchWords`), best sellers first. */
  async find(words: readonly string[]): Promise<number[]> {
    const { entries } = await this.snapshot();
    return entries
      .filter((entry) => words.every((word) => entry.folded.includes(word)))
      .map(({ id }) => id);
  }

  /** Called after the commit that changed a SKU, so that this process finds the change at once. */
  forget(): void {
    this.known = undefined;
    this.reading = undefined;
  }

  private snapshot(): Promise<Snapshot> | Snapshot {
    const { known } = this;
    const ageMs = known ? performance.now() - known.readAtMs : Number.POSITIVE_INFINITY;
    if (known && ageMs < FRESH_MS) {
      return known;
    }
    this.reading ??= this.begin();
    return known && ageMs < USABLE_MS ? known : this.reading;
  }

  private begin(): Promise<Snapshot> {
    const reading = this.read(this.known?.entries ?? []).then(
      (snapshot) => {
        this.end(reading, snapshot);
        return snapshot;
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
  private end(reading: Promise<Snapshot>, snapshot: Snapshot | undefined): void {
    if (this.reading === reading) {
      this.known = snapshot;
      this.reading = undefined;
    }
  }

  private async read(before: readonly Entry[]): Promise<Snapshot> {
    const readAtMs = performance.now();
    const earlier = new Map(before.map((entry) => [entry.id, entry]));
    const entries: Entry[] = [];
    for (let last = 0, rows: Row[] = []; ; last = rows.at(-1)?.id ?? last) {
      rows = await this.rowsAfter(last);
      for (const row of rows) {
        const { folded: known, text } = earlier.get(row.id) ?? {};
        entries.push({
          ...row,
          folded: known !== undefined && text === row.text ? known : folded(row.text),
        });
      }
      if (rows.length < ROWS_AT_ONCE) {
        entries.sort((a, b) => b.sales - a.sales || a.id - b.id);
        return { entries, readAtMs };
      }
    }
  }

  /** In small portions, so that no other request waits behind all of them. */
  private rowsAfter(id: number): Promise<Row[]> {
    return this.dataSource.query<Row[]>(
      `SELECT id, CONCAT_WS(' ', name, caption) AS text, sales FROM skus
       WHERE id > ? AND is_launched = TRUE ORDER BY id LIMIT ?`,
      [id, ROWS_AT_ONCE],
    );
  }
}
