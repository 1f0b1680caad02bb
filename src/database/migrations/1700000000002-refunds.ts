import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * What giving money back, closing and reconciling need: when to try again (by the database's
 * clock, so that every instance agrees), who asked for a refund under which key, which goods came
 * back, who looked at a quarantined notify, and what the daily bill said.
 */
const UP = [
  `ALTER TABLE order_lines
    ADD COLUMN returned_count SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_order_lines_returned CHECK (returned_count <= count)`,

  `ALTER TABLE payments
    ADD COLUMN checks INT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN next_check_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    ADD COLUMN refund_free_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    ADD KEY ix_payments_check (status, next_check_at),
    ADD KEY ix_payments_paid (paid_at)`,

  `ALTER TABLE refunds
    ADD COLUMN attempts INT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN next_try_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    ADD COLUMN last_answer VARCHAR(100) NULL,
    ADD COLUMN requested_by INT UNSIGNED NULL,
    ADD COLUMN idempotency_key VARBINARY(255) NULL,
    ADD COLUMN request_hash BINARY(32) NULL,
    ADD UNIQUE KEY uq_refunds_key (requested_by, idempotency_key),
    ADD KEY ix_refunds_due (status, next_try_at),
    ADD KEY ix_refunds_finished (finished_at),
    ADD CONSTRAINT fk_refunds_requested_by FOREIGN KEY (requested_by) REFERENCES users (id),
    ADD CONSTRAINT ck_refunds_finished CHECK ((status = 1) = (finished_at IS NULL))`,

  `CREATE TABLE refund_lines (
    refund_id BIGINT UNSIGNED NOT NULL,
    sku_id INT UNSIGNED NOT NULL,
    count SMALLINT UNSIGNED NOT NULL,
    PRIMARY KEY (refund_id, sku_id),
    CONSTRAINT fk_refund_lines_refund FOREIGN KEY (refund_id) REFERENCES refunds (id),
    CONSTRAINT fk_refund_lines_sku FOREIGN KEY (sku_id) REFERENCES skus (id),
    CONSTRAINT ck_refund_lines_count CHECK (count > 0)
  ) ${TABLE}`,

  `ALTER TABLE alipay_notices
    ADD COLUMN source VARCHAR(16) NOT NULL DEFAULT 'notify',
    ADD COLUMN resolved_at DATETIME(3) NULL,
    ADD COLUMN resolved_by INT UNSIGNED NULL,
    ADD COLUMN note VARCHAR(500) NULL,
    ADD CONSTRAINT fk_alipay_notices_resolved_by FOREIGN KEY (resolved_by) REFERENCES users (id),
    ADD CONSTRAINT ck_alipay_notices_resolved
      CHECK ((resolved_at IS NULL) = (resolved_by IS NULL) AND (quarantined OR resolved_at IS NULL))`,

  `CREATE TABLE bills (
    bill_date DATE NOT NULL PRIMARY KEY,
    payments INT UNSIGNED NOT NULL,
    refunds INT UNSIGNED NOT NULL,
    differences INT UNSIGNED NOT NULL,
    checked_at DATETIME(3) NOT NULL
  ) ${TABLE}`,

  `CREATE TABLE bill_differences (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    bill_date DATE NOT NULL,
    kind VARCHAR(16) NOT NULL,
    out_trade_no VARCHAR(64) NOT NULL,
    out_request_no VARCHAR(64) NOT NULL DEFAULT '',
    ours_fen BIGINT NULL,
    theirs_fen BIGINT NULL,
    UNIQUE KEY uq_bill_differences (bill_date, out_trade_no, out_request_no),
    CONSTRAINT fk_bill_differences_date FOREIGN KEY (bill_date) REFERENCES bills (bill_date)
  ) ${TABLE}`,
];

const DOWN = [
  'DROP TABLE bill_differences',
  'DROP TABLE bills',
  `ALTER TABLE alipay_notices
    DROP CONSTRAINT ck_alipay_notices_resolved,
    DROP FOREIGN KEY fk_alipay_notices_resolved_by,
    DROP COLUMN source, DROP COLUMN resolved_at, DROP COLUMN resolved_by, DROP COLUMN note`,
  'DROP TABLE refund_lines',
  `ALTER TABLE refunds
    DROP CONSTRAINT ck_refunds_finished,
    DROP FOREIGN KEY fk_refunds_requested_by,
    DROP KEY uq_refunds_key, DROP KEY ix_refunds_due, DROP KEY ix_refunds_finished,
    DROP COLUMN attempts, DROP COLUMN next_try_at, DROP COLUMN last_answer,
    DROP COLUMN requested_by, DROP COLUMN idempotency_key, DROP COLUMN request_hash`,
  `ALTER TABLE payments
    DROP KEY ix_payments_check, DROP KEY ix_payments_paid,
    DROP COLUMN checks, DROP COLUMN next_check_at, DROP COLUMN refund_free_at`,
  `ALTER TABLE order_lines
    DROP CONSTRAINT ck_order_lines_returned, DROP COLUMN returned_count`,
];

export class Refunds1700000000002 implements MigrationInterface {
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
