/** As much as is read of Stryker's report. */
export interface MutationReport {
  files: Record<string, { mutants: { status: string }[] }>;
}
export interface MutationRow {
  /** Below `src`. */
  file: string;
  mutants: number;
  killed: number;
}
export function mutationRows(report: MutationReport): MutationRow[];
export function mutationTable(rows: readonly MutationRow[]): string;
export function rowsOf(markdown: string): MutationRow[];
