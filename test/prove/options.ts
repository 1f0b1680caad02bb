import { oneOf, readArguments, wholeNumber } from '../../scripts/lib/arguments.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { LINES_MAX } from '../../src/cart/cart-limits.js';

export const STRATEGIES = ['pessimistic', 'optimistic', 'queue'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** All of it runs on one machine, and the database takes 300 connections, ten for each process. */
const MAX = { buyers: 5000, units: 1_000_000, processes: 16, carts: LINES_MAX };

const HELP = `npm run prove -- [options]

  --buyers N        buyers who all order at once, at most ${MAX.buyers} (200)
  --units N         units there are of each product, at most ${MAX.units} (100)
  --processes N     API processes on one database, at most ${MAX.processes} (2)
  --carts A..B      products in a cart, from A to B, at most ${MAX.carts} (1..5)
  --strategy NAME   ${STRATEGIES.join(', ')} or all (all)
  --seed-bug NAME   break the shop on purpose: no-lock`;

export interface ProveOptions {
  readonly buyers: number;
  /** Of each product. */
  readonly units: number;
  readonly processes: number;
  /** Products in a cart. */
  readonly carts: { readonly min: number; readonly max: number };
  readonly strategies: readonly Strategy[];
  /** The processes read product rows without locking them and write them whatever the version. */
  readonly seedBug?: 'no-lock';
}

/** Reads the command line; the help text when that is asked for. Throws a Problem when it is wrong. */
export function readOptions(argv: readonly string[]): ProveOptions | string {
  const values = readArguments('npm run prove -- --help', argv, {
    buyers: { type: 'string', default: '200' },
    units: { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' },
    carts: { type: 'string', default: '1..5' },
    strategy: { type: 'string', default: 'all' },
    'seed-bug': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    return HELP;
  }
  const strategy = oneOf('--strategy', values.strategy, [...STRATEGIES, 'all']);
  const seedBug = values['seed-bug'];
  return {
    buyers: wholeNumber('--buyers', values.buyers, MAX.buyers),
    units: wholeNumber('--units', values.units, MAX.units),
    processes: wholeNumber('--processes', values.processes, MAX.processes),
    carts: range(values.carts),
    strategies: strategy === 'all' ? STRATEGIES : [strategy],
    ...(seedBug === undefined ? {} : { seedBug: oneOf('--seed-bug', seedBug, ['no-lock']) }),
  };
}

/** `3` or `1..5`. */
function range(text: string): ProveOptions['carts'] {
  const [, min = text, max = min] = /^(.*?)\.\.(.*)$/.exec(text) ?? [];
  const carts = {
    min: wholeNumber('--carts', min, MAX.carts),
    max: wholeNumber('--carts', max, MAX.carts),
  };
  if (carts.min > carts.max) {
    throw new Problem(`--carts must be a range such as 1..5, not "${text}".`, 2);
  }
  return carts;
}
