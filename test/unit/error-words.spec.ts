/** What the log is told of an error that was caught. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { traceOf, wordsOf } from '../../src/common/error-words.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

it('is the kind and number of a database error, and never its words, which quote the row', async () => {
  await db.sql('CREATE TABLE birds (name VARCHAR(20) PRIMARY KEY)');
  await db.sql("INSERT INTO birds VALUES ('canary')");
  const thrown: unknown = await db.sql("INSERT INTO birds VALUES ('canary')").catch((e) => e);
  expect(String(thrown)).toContain('canary');
  expect(wordsOf(thrown)).toBe('QueryFailedError: ER_DUP_ENTRY (1062)');
  const [kind, ...frames] = traceOf(thrown).split('\n');
  expect(kind).toBe('QueryFailedError: ER_DUP_ENTRY (1062)');
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.filter((line) => !/^\s+at /.test(line))).toEqual([]);
});

it('is the name and the message of every other error, with its place in the trace', () => {
  const error = new TypeError('no such bird');
  expect(wordsOf(error)).toBe('TypeError: no such bird');
  expect(traceOf(error)).toBe(error.stack);
});

it('is no more than the type of what is no error', () => {
  expect([wordsOf('canary'), traceOf({ bird: 'canary' }), wordsOf(undefined)]).toEqual(
    ['string', 'object', 'undefined'].map((t) => `something that is no error was thrown: ${t}`),
  );
});
