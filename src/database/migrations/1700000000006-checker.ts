import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';
const TOUCHED = `touched_at DATETIME(3) NOT NULL
  DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)`;

/**
 * What the checker of the invariants needs: when a row was last written, by whomever; when it is to
 * run next, so that one instance of many does; and what it found, so that all of them can tell.
 * Orders get no such column: their history and their ids tell, and placing one has no index more to
 * write. The SKUs are few enough to be looked through.
 */
const UP = [
  `ALTER TABLE skus ADD COLUMN ${TOUCHED}`,
  `ALTER TABLE payments ADD COLUMN ${TOUCHED}, ADD KEY ix_payments_touched (touched_at)`,
  `ALTER TABLE refunds ADD COLUMN ${TOUCHED}, ADD KEY ix_refunds_touched (touched_at)`,

  // since: when the last good run began. Ids of events do not become visible in their order, so the
  // next run begins with those the run before that one had not seen.
  `CREATE TABLE invariant_runs (
    kind VARCHAR(16) NOT NULL PRIMARY KEY,
    due_at DATETIME(3) NOT NULL,
    since DATETIME(3) NOT NULL,
    event_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
    event_id_before BIGINT UNSIGNED NOT NULL DEFAULT 0,
    finished_at DATETIME(3) NULL
  ) ${TABLE}`,
  `INSERT INTO invariant_runs (kind, due_at, since, event_id, event_id_before)
   SELECT k.kind, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), m.id, m.id
   FROM (SELECT 'full' AS kind UNION SELECT 'incremental') k
   JOIN (SELECT COALESCE(MAX(id), 0) AS id FROM order_events) m`,

  `CREATE TABLE invariant_findings (
    rule VARCHAR(8) NOT NULL PRIMARY KEY,
    offenders INT UNSIGNED NOT NULL,
    found_at DATETIME(3) NOT NULL
  ) ${TABLE}`,
];

const DOWN = [
  'DROP TABLE invariant_findings',
  'DROP TABLE invariant_runs',
  'ALTER TABLE refunds DROP KEY ix_refunds_touched, DROP COLUMN touched_at',
  'ALTER TABLE payments DROP KEY ix_payments_touched, DROP COLUMN touched_at',
  'ALTER TABLE skus DROP COLUMN touched_at',
];

export class Checker1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of UP) {
      await runner.query(sql);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const sql of DOWN) {
      await runner.query(sql);
    }
  }
}
