import { parseArgs } from 'node:util';
import { Problem } from '../../scripts/lib/problem.mjs';

export const STRATEGIES = ['pessimistic', 'optimistic', 'queue'] as const;
export type Strategy = (typeof STRATEGIES)[number];

const HELP = `npm run prove -- [options]

  --buyers N        buyers who all order at once (200)
  --units N         units there are of each product (100)
  --processes N     API processes on one database (2)
  --carts A..B      products in a cart, from A to B (1..5)
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
  const values = parse([...argv]);
  if (values.help) {
    return HELP;
  }
  const seedBug = values['seed-bug'];
  if (seedBug !== undefined && seedBug !== 'no-lock') {
    throw new Problem(`--seed-bug: ${seedBug} is not known; there is no-lock`);
  }
  return {
    buyers: positive('--buyers', values.buyers),
    units: positive('--units', values.units),
    processes: positive('--processes', values.processes),
    carts: range(values.carts),
    strategies: strategiesOf(values.strategy),
    ...(seedBug === undefined ? {} : { seedBug }),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        buyers: { type: 'string', default: '200' },
        units: { type: 'string', default: '100' },
        processes: { type: 'string', default: '2' },
        carts: { type: 'string', default: '1..5' },
        strategy: { type: 'string', default: 'all' },
        'seed-bug': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${HELP}`);
  }
}

function strategiesOf(name: string): readonly Strategy[] {
  const strategies = STRATEGIES.filter((each) => name === 'all' || name === each);
  if (strategies.length === 0) {
    throw new Problem(`--strategy: ${name} is none of ${STRATEGIES.join(', ')}, all`);
  }
  return strategies;
}

/** `3` or `1..5`. */
function range(text: string): ProveOptions['carts'] {
  const [min = '', max = min] = text.split('..');
  const carts = { min: positive('--carts', min), max: positive('--carts', max) };
  if (carts.min > carts.max) {
    throw new Problem(`--carts: ${text} is no range`);
  }
  return carts;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Problem(`${option}: ${text} is not a whole number above zero`);
  }
  return value;
}
