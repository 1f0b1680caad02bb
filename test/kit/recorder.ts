import type { DataSource, Logger } from 'typeorm';

/** Records the statements a data source sends, as they are written in the code. */
export class Recorder implements Logger {
  /** What went over the wire at once; several statements where the connection allows it. */
  readonly packets: string[][] = [];

  /** The same, each with what was sent for its question marks. */
  readonly sent: { readonly sql: string; readonly parameters: unknown[] }[] = [];

  get statements(): string[] {
    return this.packets.flat();
  }

  static on(dataSource: DataSource): Recorder {
    const recorder = new Recorder();
    dataSource.logger = recorder;
    return recorder;
  }

  logQuery(query: string, parameters: unknown[] = []): void {
    this.sent.push({ sql: query.replaceAll(/\s+/g, ' ').trim(), parameters });
    this.packets.push(query.split(';').map((one) => one.replaceAll(/\s+/g, ' ').trim()));
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
