import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A payment that is known to be over is not asked about any more: no next check. One that was closed
 * while its page could still be paid is asked about once more, after the page's deadline. And notices
 * are found by their age, to be deleted.
 */
const UP = [
  `ALTER TABLE payments MODIFY next_check_at DATETIME(3) NULL DEFAULT CURRENT_TIMESTAMP(3)`,
  `UPDATE payments SET next_check_at = NULL
   WHERE status = 2 OR (status = 3 AND expires_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY)`,
  `ALTER TABLE alipay_notices ADD KEY ix_alipay_notices_verdict (verdict, received_at)`,
];

const DOWN = [
  `ALTER TABLE alipay_notices DROP KEY ix_alipay_notices_verdict`,
  `UPDATE payments SET next_check_at = created_at WHERE next_check_at IS NULL`,
  `ALTER TABLE payments MODIFY next_check_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)`,
];

export class PaymentUpkeep1700000000008 implements MigrationInterface {
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
