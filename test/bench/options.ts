import { oneOf, readArguments, wholeNumber } from '../../scripts/lib/arguments.mjs';
import { VARIANTS, type Variant, WORKLOADS, type Workload } from './variants.js';

/** Leaves time for the build before, and after for the two processes and the empty Nest. */
const QUICK_BUDGET_SECONDS = 115;

const MAX = { clients: 1000, repetitions: 100 };

const HELP = `npm run bench -- [options]

  --quick             1 and 64 clients only, shorter runs: below three minutes
  --json FILE         write the rows as JSON
  --profile           also write a CPU profile of the pessimistic strategy (hot, 64 clients)
  --variants a,b,…    only these of ${VARIANTS.join(', ')}
  --clients 1,64,…    only these numbers of clients, at most ${MAX.clients}
  --repetitions N     each run so often, at most ${MAX.repetitions} (3); the medians are reported

npm run bench -- reads measures every read route instead. What the tables mean: docs/performance.md.`;

export interface Options {
  readonly variants: readonly Variant[];
  readonly workloads: readonly Workload[];
  readonly clients: readonly number[];
  readonly repetitions: number;
  /** How long a new process works before it is measured, about. */
  readonly warmUpSeconds: number;
  /**
   * How long two of them work that share the requests: each gets half of them, and code that is not
   * compiled yet costs far more.
   */
  readonly twoWarmUpSeconds: number;
  /** How long it works again before each run. */
  readonly warmUpMs: number;
  /** How long one measured run should take, about. */
  readonly runSeconds: number;
  readonly json?: string;
  readonly profile: boolean;
  /** No repetition begins that would not end within this time. */
  readonly budgetSeconds: number;
  /** Everything is measured, so the result goes into the documentation. */
  readonly complete: boolean;
}

/** Reads the command line; the help text when that is asked for. Throws a Problem when it is wrong. */
export function readOptions(argv: readonly string[]): Options | string {
  const values = readArguments('npm run bench -- --help', argv, {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
    variants: { type: 'string' },
    clients: { type: 'string' },
    repetitions: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    return HELP;
  }
  const { quick, json, profile } = values;
  return {
    variants:
      values.variants === undefined
        ? VARIANTS
        : values.variants.split(',').map((name) => oneOf('--variants', name, VARIANTS)),
    workloads: WORKLOADS,
    clients: (values.clients ?? (quick ? '1,64' : '1,8,64,256'))
      .split(',')
      .map((text) => wholeNumber('--clients', text, MAX.clients)),
    repetitions: wholeNumber('--repetitions', values.repetitions ?? '3', MAX.repetitions),
    warmUpSeconds: quick ? 3 : 20,
    twoWarmUpSeconds: quick ? 20 : 40,
    warmUpMs: quick ? 300 : 1000,
    runSeconds: quick ? 0.7 : 2,
    budgetSeconds: quick ? QUICK_BUDGET_SECONDS : Number.POSITIVE_INFINITY,
    profile,
    complete: !quick && values.variants === undefined && values.clients === undefined,
    ...(json === undefined ? {} : { json }),
  };
}
