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
export function withRunner(totals: Totals, exitCode: number): Totals;
export function sumOf(a: Totals, b: Totals): Totals;
export function closingLine(totals: Totals): string;
