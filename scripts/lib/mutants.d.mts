/** As much as is read of Stryker's report (the schema of mutation-testing-report-schema). */
export interface MutationReport {
  files: Record<string, { mutants: { status: string }[] }>;
}
export interface MutationRow {
  file: string;
  mutants: number;
  killed: number;
}
export function mutationRows(report: MutationReport): MutationRow[];
export function mutationTable(report: MutationReport): string;
