import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from './chart.js';
import type { Cost } from './costs.js';
import type { Figure } from './figures.js';
import type { Hot } from './profile.js';
import { costTable, figureTable, hotTable, rowTable } from './report.js';
import type { Row } from './rows.js';

const PAGE = 'docs/performance.md';
const CHART = 'docs/performance.svg';
const BLOCK = /(<!-- measured -->\n)[\s\S]*(<!-- \/measured -->)/;
const CHART_CLIENTS = 64;
const PACKAGES_SHOWN = 15;

export interface Results {
  /** The machine, one line. */
  readonly where: string;
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  readonly hot: Hot;
  readonly costs: readonly Cost[];
}

/** Puts a complete measurement into the documentation. */
export function writeDocs({ where, rows, figures, hot, costs }: Results): void {
  const block = [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${where}.`,
    '![Orders per second](performance.svg)',
    figureTable(figures),
    rowTable(rows),
    `CPU time of the API process, pessimistic, hot, ${CHART_CLIENTS} clients:`,
    hotTable('package', hot.packages.slice(0, PACKAGES_SHOWN)),
    'What the two libraries of a guarded request cost, each step alone:',
    costTable(costs),
  ].join('\n\n');
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(BLOCK, (_, begin, end) => `${begin}\n${block}\n\n${end}`),
  );
  writeFileSync(CHART, chart(rows, CHART_CLIENTS));
}
