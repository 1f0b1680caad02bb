/** What an error of the database means: for the transaction it happened in, and for who asked. */
import { describe, expect, it } from 'vitest';
import { ShopError } from '../../../src/common/errors.js';
import {
  classify,
  CommitUnknownError,
  ConflictError,
  DatabaseUnfitError,
  driverError,
  type Failure,
  isAway,
  isDuplicate,
  notNow,
} from '../../../src/database/errors.js';

/** As the driver says it, and as TypeORM wraps it. */
const bothForms = (parts: object) => {
  const plain = Object.assign(new Error('message'), parts);
  return [plain, Object.assign(new Error('wrapped'), { driverError: plain })];
};

const MEANINGS: Readonly<Record<Failure, readonly object[]>> = {
  deadlock: [{ errno: 1213 }],
  conflict: [],
  lock_wait: [{ errno: 1205 }, { errno: 3572 }],
  snapshot: [{ errno: 1020 }],
  connection: [
    { errno: 1053 },
    { errno: 1927 },
    { code: 'PROTOCOL_CONNECTION_LOST' },
    { code: 'PROTOCOL_PACKETS_OUT_OF_ORDER' },
    { code: 'ECONNRESET' },
    { code: 'ECONNREFUSED' },
    { code: 'EPIPE' },
    { code: 'ETIMEDOUT' },
    { code: 'EHOSTUNREACH' },
    { code: 'ENOTFOUND' },
    // Whatever the driver says is the end of the connection.
    { fatal: true },
    { errno: 9999, fatal: true },
  ],
  timeout: [{ code: 'PROTOCOL_SEQUENCE_TIMEOUT' }],
  unavailable: [
    ...[1047, 1040, 1203, 1226, 1290, 1792, 1836, 1021, 1030, 1114].map((errno) => ({ errno })),
    { message: "Can't add new command when connection is in closed state" },
    { message: 'Pool is closed.' },
    { message: 'Queue limit reached.' },
  ],
  data: [1062, 1048, 1264, 1366, 1406, 1451, 1452, 1690, 3819, 4025].map((errno) => ({ errno })),
  fault: [{}, { errno: 1146 }, { errno: 1064, code: 'ER_PARSE_ERROR' }, { code: 'ER_SOMETHING' }],
};

describe('an error of the database', () => {
  it.each(Object.entries(MEANINGS))('means %s', (failure, all) => {
    for (const error of all.flatMap(bothForms)) {
      expect([error, classify(error)]).toEqual([error, failure]);
    }
  });

  it('that is none of its own is a fault, and a row that was changed by others a conflict', () => {
    for (const thrown of [undefined, 'words', new Error('anything'), new TypeError('ours')]) {
      expect([thrown, classify(thrown)]).toEqual([thrown, 'fault']);
    }
    expect(classify(new ConflictError('a row'))).toBe('conflict');
  });

  it('is the driver’s below what wraps it', () => {
    const [plain, wrapped] = bothForms({ errno: 1062 });
    expect([driverError(plain), driverError(wrapped)]).toEqual([plain, plain]);
    expect(driverError(undefined)).toEqual({});
  });
});

describe('a refused duplicate', () => {
  const [refused] = bothForms({
    errno: 1062,
    message: "Duplicate entry '7-k' for key 'uq_orders_key'",
  }) as [Error];

  it('is known, and the key that refused it', () => {
    expect([isDuplicate(refused), isDuplicate(refused, 'uq_orders_key')]).toEqual([true, true]);
    for (const key of ['PRIMARY', 'orders_key', 'uq_orders', 'k']) {
      expect([key, isDuplicate(refused, key)]).toEqual([key, false]);
    }
    // MySQL names the table too, and some versions use no quotes.
    const others = ["for key 'orders.PRIMARY'", 'for key PRIMARY'];
    for (const words of others) {
      const error = { errno: 1062, message: `Duplicate entry '7' ${words}` };
      expect([words, isDuplicate(error, 'PRIMARY')]).toEqual([words, true]);
    }
  });

  it('is no other refusal', () => {
    expect(isDuplicate({ errno: 1452, message: "for key 'PRIMARY'" })).toBe(false);
    expect(isDuplicate({ errno: 1452, message: "for key 'PRIMARY'" }, 'PRIMARY')).toBe(false);
    expect([isDuplicate(undefined), isDuplicate({ errno: 1062 }, 'PRIMARY')]).toEqual([
      false,
      false,
    ]);
  });
});

describe('who asked is told', () => {
  const BUSY = { code: 'BUSY', extras: { retryAfterSeconds: 1 } };
  const UNAVAILABLE = { code: 'UNAVAILABLE', extras: { retryAfterSeconds: 2 } };
  const ANSWERS: Readonly<Record<Failure, object | undefined>> = {
    deadlock: BUSY,
    conflict: BUSY,
    lock_wait: BUSY,
    snapshot: BUSY,
    connection: UNAVAILABLE,
    timeout: UNAVAILABLE,
    unavailable: UNAVAILABLE,
    data: undefined,
    fault: undefined,
  };

  it.each(Object.entries(ANSWERS))('of %s when to come again, or nothing', (failure, answer) => {
    const errors = MEANINGS[failure as Failure].flatMap(bothForms);
    for (const error of failure === 'conflict' ? [new ConflictError('a row')] : errors) {
      const refusal = notNow(error);
      expect([error, refusal && { code: refusal.code, extras: refusal.extras }]).toEqual([
        error,
        answer,
      ]);
      expect([error, isAway(error)]).toEqual([error, answer === UNAVAILABLE]);
    }
  });

  it('of a COMMIT nobody knows of to come again, whatever became of it', () => {
    const cause = { errno: 1213 };
    const unknown = new CommitUnknownError(cause);
    expect([unknown.name, unknown.cause, isAway(unknown)]).toEqual([
      'CommitUnknownError',
      cause,
      true,
    ]);
    expect(unknown.message).toBe('the outcome of the COMMIT is unknown');
    expect(notNow(unknown)).toMatchObject(UNAVAILABLE);
  });

  it('what was refused already: a database that is away is away', () => {
    expect(isAway(new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 }))).toBe(true);
    expect(isAway(new ShopError('BUSY', { retryAfterSeconds: 1 }))).toBe(false);
  });
});

it('a database that is unfit is told with all its problems, a line each', () => {
  const error = new DatabaseUnfitError(['One.', 'Two.']);
  expect([error.name, error.problems]).toEqual(['DatabaseUnfitError', ['One.', 'Two.']]);
  expect(error.message).toBe('The database does not allow a start:\n  - One.\n  - Two.');
});
