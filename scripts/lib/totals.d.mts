export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}
export interface FileResult {
  status: string;
  assertionResults: { status: string }[];
}
export function countTests(report: { testResults: FileResult[] }): Totals;
export function totalsOf(runs: { totals: Totals; exitCode: number }[]): Totals;
export function closingLine(totals: Totals): string;
