import { median } from './closed-loop.js';
import type { Measured } from './measure.js';
import type { Variant, Workload } from './variants.js';

/** One line of the result, as `--json` writes it: medians of all repetitions. */
export interface Row {
  readonly workload: Workload;
  readonly clients: number;
  readonly variant: Variant;
  readonly orders_per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly api_cpu_us_per_order: number;
  /** Of the database server; null where the system does not tell it. */
  readonly db_cpu_us_per_order: number | null;
  /** Of the load generator. */
  readonly load_cpu_us_per_order: number;
  readonly statements_per_order: number;
  readonly fsyncs_per_order: number;
}

/** Everything that was measured, by cell. */
export class Measurements {
  private readonly cells = new Map<string, { key: RowKey; runs: Measured[] }>();

  add(key: RowKey, run: Measured): void {
    const name = nameOf(key);
    const cell = this.cells.get(name) ?? { key, runs: [] };
    cell.runs.push(run);
    this.cells.set(name, cell);
  }

  rows(): Row[] {
    return [...this.cells.values()].map(({ key, runs }) => row(key, runs));
  }

  runsOf(variant: Variant): readonly Measured[] {
    return [...this.cells.values()].flatMap(({ key, runs }) =>
      key.variant === variant ? runs : [],
    );
  }
}

export type RowKey = Pick<Row, 'workload' | 'clients' | 'variant'>;

function nameOf({ workload, clients, variant }: RowKey): string {
  return `${workload} ${clients} ${variant}`;
}

function row({ workload, clients, variant }: RowKey, runs: readonly Measured[]): Row {
  const middle = (of: (run: Measured) => number, digits: number) =>
    Number(median(runs.map(of)).toFixed(digits));
  return {
    workload,
    clients,
    variant,
    orders_per_s: middle((run) => run.ordersPerS, 1),
    p50_ms: middle((run) => run.p50Ms, 3),
    p99_ms: middle((run) => run.p99Ms, 3),
    api_cpu_us_per_order: middle((run) => run.apiCpuUsPerOrder, 1),
    db_cpu_us_per_order: known(middle((run) => run.dbCpuUsPerOrder, 1)),
    load_cpu_us_per_order: middle((run) => run.loadCpuUsPerOrder, 1),
    statements_per_order: middle((run) => run.statementsPerOrder, 4),
    fsyncs_per_order: middle((run) => run.fsyncsPerOrder, 4),
  };
}

/** JSON has no word for what is not a number. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
