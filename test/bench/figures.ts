import type { Measured } from './measure.js';
import type { Row, RowKey } from './rows.js';

/** A figure that is wanted, and what was measured. */
export interface Figure {
  readonly what: string;
  readonly wanted: string;
  /** Missing where this run has not measured it. */
  readonly got?: number;
  readonly reached?: boolean;
  /** See WANTED. */
  readonly couldBe?: number;
}

/** What figures are made of: the medians, and what needs more than them. */
export interface Results {
  /** Cores that API, database and load generator share. */
  readonly cores: number;
  readonly rows: readonly Row[];
  /** All runs of the default strategy. */
  readonly runs: readonly Pick<Measured, 'peakMb' | 'refused'>[];
  /** API CPU of an order in two processes, against one process in turns with them. */
  readonly cpuOfTwo?: number | undefined;
  /** An empty route of Nest against a bare one, in turns. */
  readonly nestOfBare?: number | undefined;
}

type Metric = Exclude<keyof Row, keyof RowKey>;

interface Wanted {
  readonly what: string;
  readonly least?: number;
  readonly most?: number;
  readonly unit: '×' | ' ms' | ' MB' | '';
  readonly got: (results: Results) => number | undefined;
  readonly couldBe?: (results: Results) => number | undefined;
}

const rowOf = ({ rows }: Results, name: string) =>
  rows.find((row) => `${row.workload} ${row.clients} ${row.variant}` === name);

/** A value of one row, named by its workload, clients and variant. */
const value = (name: string, metric: Metric) => (results: Results) =>
  rowOf(results, name)?.[metric] ?? undefined;

/** How one row compares with another. */
const ratio =
  (one: string, other: string, metric: Metric = 'orders_per_s') =>
  (results: Results) => {
    const above = value(one, metric)(results);
    const below = value(other, metric)(results);
    return above === undefined || below === undefined ? undefined : above / below;
  };

/**
 * The same ratio if no core ever waited, and an order took the CPU time that was measured. The API has
 * one event loop, so about one core.
 */
const withoutWaiting = (one: string, other: string) => (results: Results) => {
  const row = rowOf(results, one);
  const below = rowOf(results, other)?.orders_per_s;
  if (!row || below === undefined || row.db_cpu_us_per_order === null) {
    return undefined;
  }
  const { api_cpu_us_per_order, db_cpu_us_per_order, load_cpu_us_per_order } = row;
  const cpuUs = api_cpu_us_per_order + db_cpu_us_per_order + load_cpu_us_per_order;
  return Math.min(results.cores / cpuUs, 1 / api_cpu_us_per_order) * (1_000_000 / below);
};

const largest =
  (metric: 'peakMb' | 'refused') =>
  ({ runs }: Results) =>
    runs.length === 0 ? undefined : Math.max(...runs.map((run) => run[metric]));

/**
 * What the order path is held to: mostly ratios within one run, so that the machine cancels out.
 * What they could be: orders on cores that never wait; and a no-op is more than an empty route of Nest.
 */
const WANTED: readonly Wanted[] = [
  {
    what: 'hot, 64 clients, against the textbook with TypeORM repositories',
    least: 30,
    unit: '×',
    got: ratio('hot 64 pessimistic', 'hot 64 textbook_orm'),
    couldBe: withoutWaiting('hot 64 pessimistic', 'hot 64 textbook_orm'),
  },
  {
    what: 'hot, 64 clients, against the textbook in hand-written SQL',
    least: 7,
    unit: '×',
    got: ratio('hot 64 pessimistic', 'hot 64 textbook_sql'),
    couldBe: withoutWaiting('hot 64 pessimistic', 'hot 64 textbook_sql'),
  },
  {
    what: 'hot, 64 clients, against the HTTP ceiling (no-op placement)',
    least: 0.8,
    unit: '×',
    got: ratio('hot 64 pessimistic', 'hot 64 noop'),
    couldBe: withoutWaiting('hot 64 pessimistic', 'hot 64 noop'),
  },
  {
    what: 'wide, 64 clients, against the HTTP ceiling',
    least: 0.75,
    unit: '×',
    got: ratio('wide 64 pessimistic', 'wide 64 noop'),
    couldBe: withoutWaiting('wide 64 pessimistic', 'wide 64 noop'),
  },
  {
    what: 'HTTP ceiling against a bare Fastify route',
    least: 0.7,
    unit: '×',
    got: ratio('hot 64 noop', 'hot 64 bare'),
    couldBe: ({ nestOfBare }) => nestOfBare,
  },
  {
    what: 'hot against the bare route: what two of the above come to',
    least: 0.56,
    unit: '×',
    got: ratio('hot 64 pessimistic', 'hot 64 bare'),
    couldBe: withoutWaiting('hot 64 pessimistic', 'hot 64 bare'),
  },
  {
    what: 'API CPU of an order against that of a no-op request',
    most: 1.2,
    unit: '×',
    got: ratio('hot 64 pessimistic', 'hot 64 noop', 'api_cpu_us_per_order'),
  },
  {
    what: 'statements per order, hot, 64 clients',
    most: 0.35,
    unit: '',
    got: value('hot 64 pessimistic', 'statements_per_order'),
  },
  {
    what: 'fsyncs per order, hot, 64 clients',
    most: 0.05,
    unit: '',
    got: value('hot 64 pessimistic', 'fsyncs_per_order'),
  },
  {
    what: 'one client: median latency against the textbook in hand-written SQL',
    most: 1.05,
    unit: '×',
    got: ratio('hot 1 pessimistic', 'hot 1 textbook_sql', 'p50_ms'),
  },
  {
    what: '256 clients: throughput against 64',
    least: 1,
    unit: '×',
    got: ratio('hot 256 pessimistic', 'hot 64 pessimistic'),
  },
  {
    what: '256 clients: p99',
    most: 150,
    unit: ' ms',
    got: value('hot 256 pessimistic', 'p99_ms'),
  },
  {
    what: 'requests refused with 503 in a run, default strategy',
    most: 0,
    unit: '',
    got: largest('refused'),
  },
  {
    what: 'most memory of an API process',
    most: 300,
    unit: ' MB',
    got: largest('peakMb'),
  },
  {
    what: 'two processes: API CPU of an order against one process',
    most: 1.33,
    unit: '×',
    got: ({ cpuOfTwo }) => cpuOfTwo,
  },
];

export function figures(results: Results): Figure[] {
  return WANTED.map(({ what, least, most, unit, got, couldBe }) => {
    const wanted = least === undefined ? `at most ${most}${unit}` : `at least ${least}${unit}`;
    const measured = got(results);
    if (measured === undefined) {
      return { what, wanted };
    }
    const reached = least === undefined ? measured <= (most ?? Number.NaN) : measured >= least;
    const limit = couldBe?.(results);
    return {
      what,
      wanted,
      got: measured,
      reached,
      ...(limit === undefined ? {} : { couldBe: limit }),
    };
  });
}
