import { Logger } from '@nestjs/common';
import type { Logger as StatementEvents } from 'typeorm';

/** A longer statement is cut; its beginning says which one it is. */
export const STATEMENT_SHOWN_MAX = 200;

/**
 * What is told of statements: the slow ones, by their text with its placeholders and by their time.
 * Their values may be anything a person ever wrote, so they are never told. TypeORM's own logger
 * would print both to standard output whatever LOG_LEVEL says. Everything else it could tell is told
 * elsewhere or not at all: a failure where it is handled, a migration by `migrate`.
 */
export class StatementLogger implements StatementEvents {
  private readonly logger = new Logger('Database');

  logQuerySlow(durationMs: number, query: string): void {
    const statement = query.replaceAll(/\s+/g, ' ').trim().slice(0, STATEMENT_SHOWN_MAX);
    this.logger.warn({ msg: 'a statement was slow', statement, duration_ms: durationMs });
  }

  logQuery(): void {}
  logQueryError(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
