import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts of what callers have done lately, for all instances. The key is a hash, so that no name,
 * number or address lies here. A row that has run out means nothing and is removed some time.
 */
export class RateLimits1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE rate_limits (
        limit_key BINARY(32) NOT NULL PRIMARY KEY,
        points INT UNSIGNED NOT NULL,
        resets_at DATETIME(3) NOT NULL,
        KEY ix_rate_limits_resets (resets_at)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rate_limits');
  }
}
