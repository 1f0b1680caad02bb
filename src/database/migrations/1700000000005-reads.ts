import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAME = 'ix_alipay_notices_quarantined';

/**
 * What reads need beyond the indexes that the rules need: the quarantine asks for what is resolved or
 * open, never for when it came.
 */
export class Reads1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE alipay_notices DROP KEY ${NAME}, ADD KEY ${NAME} (quarantined, resolved_at)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE alipay_notices DROP KEY ${NAME}, ADD KEY ${NAME} (quarantined, received_at)`,
    );
  }
}
