import { Logger } from '@nestjs/common';
import type { Logger as StatementEvents } from 'typeorm';
import { classify } from './errors.js';

/** A longer statement is cut; its beginning says which one it is. */
export const STATEMENT_SHOWN_MAX = 200;

/**
 * What is told of statements: the slow ones, and those given up at their deadline, by their text with
 * its placeholders. Their values may be anything a person ever wrote, so they are never told. TypeORM's
 * own logger would print both to standard output whatever LOG_LEVEL says. Everything else it could tell
 * is told elsewhere or not at all: any other failure where it is handled, a migration by `migrate`.
 */
export class StatementLogger implements StatementEvents {
  private readonly logger = new Logger('Database');

  logQuerySlow(durationMs: number, query: string): void {
    this.logger.warn({
      msg: 'a statement was slow',
      statement: shown(query),
      duration_ms: durationMs,
    });
  }

  /** Nothing else would say which statement had no answer. */
  logQueryError(error: string | Error, query: string): void {
    if (classify(error) === 'timeout') {
      this.logger.warn({ msg: 'a statement was given up', statement: shown(query) });
    }
  }

  logQuery(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

function shown(query: string): string {
  return query.replaceAll(/\s+/g, ' ').trim().slice(0, STATEMENT_SHOWN_MAX);
}
