import { DataSource } from 'typeorm';
import { shanghaiTime } from '../../common/clock.js';
import { databaseOptions } from '../../database/options.js';
import { prepareSessions } from '../../database/session.js';
import { INVARIANTS } from './invariants.js';
import { type Invariant, TABLES } from './tables.js';

/** Rows named of one rule, at most: enough to begin with, and no flood. */
const OFFENDERS_MAX = 100;

/** Deadline of one statement, in milliseconds; on a large shop a rule reads every order. */
const CHECK_TIMEOUT_MS = 120_000;

/** Whatever can run a statement: a pool, or one connection. */
export interface Reader {
  query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T>;
}

/** From where on rows count as touched. */
export interface Marks {
  readonly since: Date;
  /** Events up to this id are old. */
  readonly eventId: number;
}

/** A rule that does not hold, with the ids of the rows that break it, at most OFFENDERS_MAX. */
export interface Finding {
  readonly rule: Invariant;
  readonly offenders: readonly string[];
}

export interface CheckOptions {
  /** Only rows touched since then, but for the rules named in `full`. Left out: all rows. */
  readonly marks?: Marks | undefined;
  readonly full?: ReadonlySet<string>;
  /** Ends the check between two statements; it then throws. */
  readonly signal?: AbortSignal;
}

/** Checks every rule, one statement each. Writes nothing, and takes no lock. */
export async function check(
  reader: Reader,
  { marks, full, signal }: CheckOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of INVARIANTS) {
    signal?.throwIfAborted();
    const part = full?.has(rule.id) ? undefined : marks;
    const rows = await reader.query<{ id: unknown }[]>(...statementOf(rule, part));
    if (rows.length > 0) {
      findings.push({ rule, offenders: rows.map(({ id }) => String(id)) });
    }
  }
  return findings;
}

/** The statement that names the rows breaking a rule, with its parameters. */
export function statementOf(
  { table, broken, touchedOnlyIf, alwaysInFull }: Invariant,
  marks?: Marks,
): [sql: string, parameters: unknown[]] {
  const touched = marks !== undefined && !alwaysInFull;
  const source = TABLES[table][touched ? 'touched' : 'all'];
  const only = touched && touchedOnlyIf ? `${touchedOnlyIf} AND ` : '';
  const sql = `SELECT ${table}.id FROM ${source} WHERE ${only}(${broken}) LIMIT ${OFFENDERS_MAX}`;
  return marks ? bind(sql, marks) : [sql, []];
}

/** What a finding says: the rule and the rows, and nothing about persons. */
export function sentence({ rule, offenders }: Finding): string {
  const more = offenders.length === OFFENDERS_MAX ? ' and perhaps more' : '';
  return `${rule.id} ${rule.title}: not so for ${TABLES[rule.table].name} ${offenders.join(', ')}${more}`;
}

/**
 * Lends a connection of its own: a check may take longer than any request, and must not take a
 * connection of the pool that requests wait for.
 */
export async function withCheckConnection<T>(
  { url, tls }: { readonly url: string; readonly tls: string | undefined },
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const dataSource = await new DataSource({
    ...databaseOptions(url, 1, tls),
    maxQueryExecutionTime: CHECK_TIMEOUT_MS,
  }).initialize();
  try {
    await prepareSessions(dataSource);
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

function bind(sql: string, { since, eventId }: Marks): [string, unknown[]] {
  const values = { since, event: eventId, order: firstIdOf(since) };
  const parameters: unknown[] = [];
  const text = sql.replaceAll(/:(since|event|order)\b/g, (_, name: keyof typeof values) => {
    parameters.push(values[name]);
    return '?';
  });
  return [text, parameters];
}

/** The smallest id an order of that second can have. */
function firstIdOf(at: Date): string {
  return `${shanghaiTime(at).replaceAll(/\D/g, '').slice(2)}0000000`;
}
