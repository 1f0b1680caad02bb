import type { DataSource, Logger } from 'typeorm';

/** Records the statements a data source sends, as they are written in the code. */
export class Recorder implements Logger {
  readonly statements: string[] = [];

  static on(dataSource: DataSource): Recorder {
    const recorder = new Recorder();
    dataSource.logger = recorder;
    return recorder;
  }

  logQuery(query: string): void {
    this.statements.push(query.replaceAll(/\s+/g, ' ').trim());
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
