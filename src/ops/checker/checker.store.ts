import type { DataSource } from 'typeorm';
import type { Tx, Written } from '../../database/transaction.js';
import type { Finding, Marks, Reader } from './check.js';

/** All rows, or those that were touched since the last run. */
export type Kind = 'full' | 'incremental';

/** Seconds between the beginnings of two runs. */
const EVERY_S: Readonly<Record<Kind, number>> = { full: 3600, incremental: 60 };

/** A run that failed is tried again after so many seconds. */
const RETRY_S = 60;

/** Longer than a transaction lasts: what began before the last run and committed after is seen. */
const OVERLAP_MS = 120_000;

/** Where a run began, to be the next one's marks. */
interface Beginning {
  readonly startedAt: Date;
  readonly eventId: number;
}

/** What all instances tell about the last runs. */
export interface CheckerState {
  readonly due: ReadonlySet<Kind>;
  readonly finishedAt: ReadonlyMap<Kind, Date>;
  /** Offenders of each rule that does not hold. */
  readonly offenders: ReadonlyMap<string, number>;
}

export async function readState(dataSource: DataSource): Promise<CheckerState> {
  const runs = await dataSource.query<{ kind: Kind; due: number; finishedAt: Date | null }[]>(
    `SELECT kind, due_at <= UTC_TIMESTAMP(3) AS due, finished_at AS finishedAt FROM invariant_runs`,
  );
  const findings = await dataSource.query<{ rule: string; offenders: number }[]>(
    'SELECT rule, offenders FROM invariant_findings ORDER BY rule',
  );
  return {
    due: new Set(runs.flatMap(({ kind, due }) => (due === 1 ? [kind] : []))),
    finishedAt: new Map(
      runs.flatMap(({ kind, finishedAt }): [Kind, Date][] =>
        finishedAt ? [[kind, finishedAt]] : [],
      ),
    ),
    offenders: new Map(findings.map(({ rule, offenders }) => [rule, offenders])),
  };
}

/** Takes the run that is due for this instance; false when another one was faster. */
export async function claimRun(tx: Tx, kind: Kind): Promise<boolean> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE invariant_runs SET due_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND
     WHERE kind = ? AND due_at <= UTC_TIMESTAMP(3)`,
    [EVERY_S[kind], kind],
  );
  return affectedRows === 1;
}

/** Lets a run that came to nothing come again soon, on whichever instance. */
export async function releaseRun(tx: Tx, kind: Kind): Promise<void> {
  await tx.query(
    'UPDATE invariant_runs SET due_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE kind = ?',
    [RETRY_S, kind],
  );
}

/** Where the database stands; read before the first rule. */
export async function beginning(reader: Reader): Promise<Beginning> {
  const [row] = await reader.query<[Beginning]>(
    `SELECT UTC_TIMESTAMP(3) AS startedAt,
            (SELECT COALESCE(MAX(id), 0) FROM order_events) AS eventId`,
  );
  return row;
}

/** From where on rows are touched for an incremental run. */
export async function readMarks(reader: Reader): Promise<Marks> {
  const [{ since, eventId }] = await reader.query<[Marks]>(
    `SELECT since, event_id_before AS eventId FROM invariant_runs WHERE kind = 'incremental'`,
  );
  return { since: new Date(since.getTime() - OVERLAP_MS), eventId };
}

/** The rules that are known not to hold. */
export async function brokenRules(reader: Reader): Promise<Set<string>> {
  const rows = await reader.query<{ rule: string }[]>('SELECT rule FROM invariant_findings');
  return new Set(rows.map(({ rule }) => rule));
}

/**
 * Books a run that was completed. `inFull`: the rules it has checked on all rows; those that hold
 * are settled, unless they were found broken by another run after this one had begun.
 */
export async function bookRun(
  tx: Tx,
  kind: Kind,
  { startedAt, eventId }: Beginning,
  findings: readonly Finding[],
  inFull: readonly string[],
): Promise<void> {
  const broken = new Set(findings.map(({ rule }) => rule.id));
  const settled = inFull.filter((id) => !broken.has(id));
  if (settled.length > 0) {
    await tx.query('DELETE FROM invariant_findings WHERE rule IN (?) AND found_at <= ?', [
      settled,
      startedAt,
    ]);
  }
  for (const { rule, offenders } of findings) {
    await tx.query(
      `INSERT INTO invariant_findings (rule, offenders, found_at) VALUES (?, ?, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE offenders = ?, found_at = UTC_TIMESTAMP(3)`,
      [rule.id, offenders.length, offenders.length],
    );
  }
  await tx.query(
    `UPDATE invariant_runs SET since = ?, event_id_before = event_id, event_id = ?,
       finished_at = UTC_TIMESTAMP(3) WHERE kind = ?`,
    [startedAt, eventId, kind],
  );
}
