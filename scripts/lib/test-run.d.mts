import type { Figure } from './figures.mjs';
import type { Totals } from './totals.mjs';

export interface TestRun {
  totals: Totals;
  /** False when a run broke off and left no report: tests and figures are missing then. */
  ended: boolean;
  figures: Figure[];
  tests: { title: string; status: string }[];
}
export function runTests(args: string[], env?: Record<string, string>): Promise<TestRun>;
export function runTestsAtOnce(runs: string[][], env?: Record<string, string>): Promise<TestRun>;
