import type { Figure } from './figures.mjs';
import type { Totals } from './totals.mjs';

export interface TestRun {
  totals: Totals;
  figures: Figure[];
  tests: { title: string; status: string }[];
}
export function runTests(args: string[], env?: Record<string, string>): Promise<TestRun>;
export function runTestsAtOnce(runs: string[][], env?: Record<string, string>): Promise<TestRun>;
