import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * What accounts need beside the account: image codes, how often something was done, and what a
 * buyer has looked at. `seq` counts image codes in the order they were drawn, so that the oldest
 * can be dropped without looking for them.
 */
const UP = [
  `CREATE TABLE image_codes (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code_hash BINARY(32) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_image_codes_id (id)
  ) ${TABLE}`,

  `CREATE TABLE quotas (
    name VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    used INT UNSIGNED NOT NULL,
    resets_at DATETIME(3) NOT NULL,
    PRIMARY KEY (name, subject)
  ) ${TABLE}`,

  // No foreign key to skus, for the reason cart_lines has none.
  `CREATE TABLE browse_histories (
    user_id INT UNSIGNED NOT NULL,
    sku_id INT UNSIGNED NOT NULL,
    viewed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, sku_id),
    CONSTRAINT fk_browse_histories_user FOREIGN KEY (user_id) REFERENCES users (id)
  ) ${TABLE}`,
];

const TABLES = ['browse_histories', 'quotas', 'image_codes'];

export class Accounts1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of UP) {
      await runner.query(sql);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
