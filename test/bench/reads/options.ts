import { readArguments } from '../../../scripts/lib/arguments.mjs';
import { FULL_SCALE, type Scale } from './data.js';

const SECONDS = 1;
/** A shop for trying the command out; its figures say nothing. */
const SMALL_SCALE: Scale = { buyers: 20, skus: 500, orders: 1000 };
const SMALL_SECONDS = 0.1;

const HELP = `npm run bench -- reads [options]

  --json FILE   write the rows as JSON
  --only TEXT   only routes that have this in their path
  --small       a small database and short runs, to try the command out`;

export interface ReadOptions {
  readonly scale: Scale;
  /** How long one run of a row takes. */
  readonly seconds: number;
  readonly only: string;
  readonly json?: string;
  /** Everything is measured, so the result goes into the documentation. */
  readonly complete: boolean;
}

/** Reads the command line; the help text when that is asked for. Throws a Problem when it is wrong. */
export function readOptions(argv: readonly string[]): ReadOptions | string {
  const { help, json, only, small } = readArguments('npm run bench -- reads --help', argv, {
    json: { type: 'string' },
    only: { type: 'string' },
    small: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (help) {
    return HELP;
  }
  return {
    scale: small ? SMALL_SCALE : FULL_SCALE,
    seconds: small ? SMALL_SECONDS : SECONDS,
    only: only ?? '',
    complete: !small && only === undefined,
    ...(json === undefined ? {} : { json }),
  };
}
