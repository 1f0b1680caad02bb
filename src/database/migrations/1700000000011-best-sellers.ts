import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAME = 'ix_skus_category_sales';

/** Every line of every order had to write this index; best sellers are sorted when they are read. */
export class BestSellers1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE skus DROP KEY ${NAME}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE skus ADD KEY ${NAME} (category_id, is_launched, sales)`);
  }
}
