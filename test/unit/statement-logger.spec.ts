/** What the log is told of statements, at the level at which it tells the most. */
import { Logger, type LoggerService } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { databaseOptions } from '../../src/database/options.js';
import { STATEMENT_SHOWN_MAX } from '../../src/database/statement-logger.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';

let db: TestDatabase;
let dataSource: DataSource;
let lines: unknown[][] = [];

beforeAll(async () => {
  db = await freshDatabase();
  const write =
    (level: string) =>
    (message: unknown): void =>
      void lines.push([level, message]);
  const levels = ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'];
  const recorder = Object.fromEntries(levels.map((level) => [level, write(level)]));
  Logger.overrideLogger(recorder as unknown as LoggerService);
  dataSource = await new DataSource({
    ...databaseOptions(db.url, 1),
    enableQueryTimeout: false,
    maxQueryExecutionTime: 1,
  } as ReturnType<typeof databaseOptions>).initialize();
});
beforeEach(() => (lines = []));
afterAll(async () => {
  await dataSource.destroy();
  Logger.overrideLogger(new Logger());
  await db.close();
});

it('tells a slow statement by its text and its time, without its values', async () => {
  await dataSource.query('SELECT SLEEP(0.05),\n    ? AS secret', ['canary']);
  expect(lines).toEqual([
    [
      'warn',
      {
        msg: 'a statement was slow',
        statement: 'SELECT SLEEP(0.05), ? AS secret',
        duration_ms: expect.any(Number),
      },
    ],
  ]);
});

it('tells of a slow statement that fails just the same, and nothing of its failure', async () => {
  const twice = 'SELECT SLEEP(0.05) + 1, ? UNION ALL SELECT SLEEP(0.05) + 1, ?';
  const statement = `INSERT INTO areas (id, name) ${twice}`;
  const answer = dataSource.query(statement, ['canary', 'canary']);
  await expect(answer).rejects.toThrow('Duplicate');
  expect(lines).toEqual([['warn', expect.objectContaining({ statement })]]);
});

it('tells of every statement that is given up at its deadline, without its values', async () => {
  const options = { ...databaseOptions(db.url, 1), maxQueryExecutionTime: 100 };
  const limited = await new DataSource(options).initialize();
  const answer = limited.query('SELECT SLEEP(2),\n ? AS secret', ['canary']);
  await expect(answer).rejects.toThrow();
  const statement = 'SELECT SLEEP(2), ? AS secret';
  expect(lines).toContainEqual(['warn', { msg: 'a statement was given up', statement }]);
  expect(JSON.stringify(lines)).not.toContain('canary');
  await limited.destroy();
});

it('cuts a long statement', async () => {
  await dataSource.query(`SELECT SLEEP(0.05) AS first${', 1'.repeat(STATEMENT_SHOWN_MAX)}`);
  const [, message] = lines[0] ?? [];
  const { statement } = message as { statement: string };
  expect(statement).toHaveLength(STATEMENT_SHOWN_MAX);
  expect(statement.startsWith('SELECT SLEEP(0.05) AS first, 1')).toBe(true);
});
