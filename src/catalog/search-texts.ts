import { folded } from './search-text.js';

export interface SearchRow {
  readonly id: number;
  readonly text: string;
  readonly sales: number;
}

interface Line extends SearchRow {
  readonly folded: string;
}

/**
 * The texts of SKUs, best sellers first. They lie one after the other in one string, and where each
 * ends in one array: a search walks through both and touches none of thousands of objects, which
 * would take ten times as long.
 */
export class SearchTexts {
  /** Every SKU, best sellers first. */
  private readonly ids: readonly number[];
  private readonly lines: readonly Line[];
  private readonly all: string;
  private readonly ends: Uint32Array;

  /** Of a text that is the same as `before`, the folded form is taken over. */
  constructor(
    private readonly rows: readonly SearchRow[],
    before?: SearchTexts,
  ) {
    const earlier = new Map(before?.lines.map((line) => [line.id, line]));
    this.lines = rows
      .map((row) => {
        const known = earlier.get(row.id);
        return { ...row, folded: known?.text === row.text ? known.folded : folded(row.text) };
      })
      .sort((a, b) => b.sales - a.sales || a.id - b.id);
    this.ids = this.lines.map(({ id }) => id);
    this.all = this.lines.map((line) => line.folded).join('\n');
    let end = -1;
    this.ends = Uint32Array.from(this.lines, (line) => (end += 1 + line.folded.length));
  }

  /** True when these rows are the ones it was made of, in the same order. */
  isOf(rows: readonly SearchRow[]): boolean {
    return (
      rows.length === this.rows.length &&
      rows.every(({ id, text, sales }, i) => {
        const mine = this.rows[i];
        return mine?.id === id && mine.text === text && mine.sales === sales;
      })
    );
  }

  /** The SKUs whose text has every word. Words come from `searchWords`: no blanks, folded. */
  find(words: readonly string[]): readonly number[] {
    const [longest, ...others] = [...words].sort((a, b) => b.length - a.length);
    if (longest === undefined) {
      return this.ids;
    }
    const { all, ends, ids } = this;
    const found: number[] = [];
    let line = 0;
    for (let at = all.indexOf(longest); at >= 0; at = all.indexOf(longest, ends[line])) {
      while ((ends[line] ?? at) < at) {
        line += 1;
      }
      const text = others.length > 0 ? all.slice((ends[line - 1] ?? -1) + 1, ends[line]) : '';
      if (others.every((word) => text.includes(word))) {
        found.push(ids[line] ?? 0);
      }
    }
    return found;
  }
}
