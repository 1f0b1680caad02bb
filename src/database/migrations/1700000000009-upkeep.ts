import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * Money at the gateway that does not fit its order and is to go back: it is no payment of the order,
 * so it is booked beside the payments. One trade of an order, given back in full, is one row. And
 * text codes and quotas are found by their end, to be deleted.
 */
const UP = [
  `CREATE TABLE odd_refunds (
    order_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    trade_no VARCHAR(64) NOT NULL,
    out_request_no VARCHAR(64) NOT NULL,
    amount_fen BIGINT NOT NULL,
    paid_at DATETIME(3) NOT NULL,
    status TINYINT UNSIGNED NOT NULL,
    asked_by INT UNSIGNED NOT NULL,
    note VARCHAR(500) NOT NULL,
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    next_try_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    last_answer VARCHAR(100) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    finished_at DATETIME(3) NULL,
    UNIQUE KEY uq_odd_refunds_request (out_request_no),
    KEY ix_odd_refunds_due (status, next_try_at),
    KEY ix_odd_refunds_paid (paid_at),
    KEY ix_odd_refunds_finished (finished_at),
    CONSTRAINT fk_odd_refunds_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT fk_odd_refunds_asked_by FOREIGN KEY (asked_by) REFERENCES users (id),
    CONSTRAINT ck_odd_refunds_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_odd_refunds_finished CHECK ((status = 1) = (finished_at IS NULL))
  ) ${TABLE}`,
  'ALTER TABLE quotas ADD KEY ix_quotas_end (resets_at)',
  'ALTER TABLE sms_codes ADD KEY ix_sms_codes_end (expires_at)',
];

const DOWN = [
  'ALTER TABLE sms_codes DROP KEY ix_sms_codes_end',
  'ALTER TABLE quotas DROP KEY ix_quotas_end',
  'DROP TABLE odd_refunds',
];

export class Upkeep1700000000009 implements MigrationInterface {
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
