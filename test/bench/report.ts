import type { Cost } from './costs.js';
import type { Figure } from './figures.js';
import type { HotSpot } from './profile.js';
import type { Row } from './rows.js';

/** The rows as a Markdown table, which also reads well on a terminal. */
export function rowTable(rows: readonly Row[]): string {
  return table(
    [
      'workload',
      'clients',
      'variant',
      'orders/s',
      'p50 ms',
      'p99 ms',
      'API µs',
      'DB µs',
      'load µs',
      'SQL',
      'fsyncs',
    ],
    rows.map((row) => [
      row.workload,
      String(row.clients),
      row.variant,
      digits(row.orders_per_s),
      digits(row.p50_ms),
      digits(row.p99_ms),
      digits(row.api_cpu_us_per_order),
      row.db_cpu_us_per_order === null ? '' : digits(row.db_cpu_us_per_order),
      digits(row.load_cpu_us_per_order),
      digits(row.statements_per_order),
      digits(row.fsyncs_per_order),
    ]),
  );
}

export function figureTable(figures: readonly Figure[]): string {
  return table(
    ['figure', 'wanted', 'got', '', 'could be'],
    figures.map(({ what, wanted, got, reached, couldBe }) => [
      what,
      wanted,
      got === undefined ? 'not measured' : digits(got),
      reached === undefined ? '' : reached ? 'reached' : 'MISSED',
      couldBe === undefined ? '' : digits(couldBe),
    ]),
  );
}

export function hotTable(what: string, spots: readonly HotSpot[]): string {
  return table(
    ['CPU %', what],
    spots.map(({ name, share }) => [digits(share * 100), name]),
  );
}

export function costTable(costs: readonly Cost[]): string {
  return table(
    ['step of a request', 'µs'],
    costs.map(({ step, us }) => [step, digits(us)]),
  );
}

/** Three significant digits, whole numbers from a hundred on. */
export function digits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}

export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, 3, ...body.map((cells) => (cells[i] ?? '').length)),
  );
  const numeric = head.map((_, i) => body.every((cells) => /^[\d.,]+$/.test(cells[i] ?? '')));
  const line = (cells: readonly string[]) =>
    `| ${cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join(' | ')} |`;
  const rule = widths.map((width, i) =>
    numeric[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
