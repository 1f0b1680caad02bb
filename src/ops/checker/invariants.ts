import { GOODS_INVARIANTS } from './goods-invariants.js';
import { MONEY_INVARIANTS } from './money-invariants.js';
import type { Invariant } from './tables.js';

/**
 * What is always true of the shop's rows, whatever was killed, cut or tried at the same time. Each
 * rule is a predicate of one row that holds for the rows that break it, subqueries included, so
 * that checking it is one statement: under READ COMMITTED a statement reads one snapshot, and a
 * writer that commits in the middle of it cannot be seen by halves. The schema refuses some of
 * these by itself; the rules stay, for data that was restored, imported or repaired by hand.
 *
 * Sums are taken of signed values: on rows that are wrong already, unsigned arithmetic would fail
 * instead of finding them.
 */
export const INVARIANTS: readonly Invariant[] = [...GOODS_INVARIANTS, ...MONEY_INVARIANTS].sort(
  (a, b) => a.id.localeCompare(b.id),
);
