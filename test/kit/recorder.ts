import type { DataSource, Logger } from 'typeorm';

/** Records the statements a data source sends, as they are written in the code. */
export class Recorder implements Logger {
  readonly statements: string[] = [];
  /** The same with what was sent for each question mark. */
  readonly sent: { readonly sql: string; readonly parameters: unknown[] }[] = [];

  static on(dataSource: DataSource): Recorder {
    const recorder = new Recorder();
    dataSource.logger = recorder;
    return recorder;
  }

  logQuery(query: string, parameters: unknown[] = []): void {
    const sql = query.replaceAll(/\s+/g, ' ').trim();
    this.statements.push(sql);
    this.sent.push({ sql, parameters });
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
