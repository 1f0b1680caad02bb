import type { DataSource, Logger } from 'typeorm';

/** Records the statements a data source sends, as they are written in the code. */
export class Recorder implements Logger {
  /** What went over the wire at once; several statements where the connection allows it. */
  readonly packets: string[][] = [];

  get statements(): string[] {
    return this.packets.flat();
  }

  static on(dataSource: DataSource): Recorder {
    const recorder = new Recorder();
    dataSource.logger = recorder;
    return recorder;
  }

  logQuery(query: string): void {
    this.packets.push(query.split(';').map((one) => one.replaceAll(/\s+/g, ' ').trim()));
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
