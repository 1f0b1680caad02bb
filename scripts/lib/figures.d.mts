/** What a test has told with `figure()`: a line of the table. */
export interface Figure {
  /** `G5`, or empty. */
  id: string;
  what: string;
  wanted: string;
  got: string;
  /** `yes`, `no`, or `-` where nothing was wanted or nothing could be had. */
  reached: string;
}
export interface Report {
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}
export function readFigures(file: string): Figure[];
export function failedFigures(report: Report): Figure[];
export function unreachedLine(figures: readonly Figure[]): string;
export function figureTable(figures: readonly Figure[]): string;
export function rowsOf(markdown: string): Figure[];
export function renewed(before: readonly Figure[], now: readonly Figure[]): Figure[];
