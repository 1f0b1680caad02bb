import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which days' bills an instance has taken to compare, so that not all of them fetch each one. */
const UP = `CREATE TABLE bill_claims (
    bill_date DATE NOT NULL PRIMARY KEY,
    due_at DATETIME(3) NOT NULL
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`;

export class BillClaims1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bill_claims');
  }
}
