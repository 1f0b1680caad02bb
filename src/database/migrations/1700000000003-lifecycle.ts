import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * What happens to an order after it was paid, and who is told of it. Shipments are a table of their
 * own, so that placing an order has no index more to write.
 */
const UP = [
  `CREATE TABLE shipments (
    order_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    carrier VARCHAR(40) NOT NULL,
    tracking_number VARCHAR(64) NOT NULL,
    shipped_at DATETIME(3) NOT NULL,
    received_at DATETIME(3) NULL,
    KEY ix_shipments_due (received_at, shipped_at),
    CONSTRAINT fk_shipments_order FOREIGN KEY (order_id) REFERENCES orders (id)
  ) ${TABLE}`,

  `CREATE TABLE comments (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_line_id BIGINT UNSIGNED NOT NULL,
    sku_id INT UNSIGNED NOT NULL,
    user_id INT UNSIGNED NOT NULL,
    comment VARCHAR(500) NOT NULL,
    score TINYINT UNSIGNED NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_comments_line (order_line_id),
    KEY ix_comments_sku (sku_id, id),
    CONSTRAINT fk_comments_line FOREIGN KEY (order_line_id) REFERENCES order_lines (id),
    CONSTRAINT fk_comments_sku FOREIGN KEY (sku_id) REFERENCES skus (id),
    CONSTRAINT fk_comments_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_comments_score CHECK (score BETWEEN 0 AND 5)
  ) ${TABLE}`,

  // The stock a restock left, so that its key can be answered the same again.
  `ALTER TABLE stock_adjustments ADD COLUMN stock_after INT NOT NULL`,

  // Ids do not become visible in their order, so what was not relayed yet is marked on the row.
  `ALTER TABLE order_events
    ADD COLUMN relayed BOOLEAN NOT NULL DEFAULT FALSE,
    ADD KEY ix_order_events_relayed (relayed)`,

  `CREATE TABLE webhook_endpoints (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    url VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    since DATETIME(3) NOT NULL,
    retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE KEY uq_webhook_endpoints_url (url)
  ) ${TABLE}`,

  `CREATE TABLE webhook_deliveries (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    endpoint_id INT UNSIGNED NOT NULL,
    event_id BIGINT UNSIGNED NOT NULL,
    order_id BIGINT UNSIGNED NOT NULL,
    state TINYINT UNSIGNED NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    due_at DATETIME(3) NOT NULL,
    delivered_at DATETIME(3) NULL,
    last_error VARCHAR(200) NULL,
    UNIQUE KEY uq_webhook_deliveries_event (endpoint_id, event_id),
    KEY ix_webhook_deliveries_due (endpoint_id, state, due_at),
    KEY ix_webhook_deliveries_order (endpoint_id, order_id, state, event_id),
    CONSTRAINT fk_webhook_deliveries_endpoint
      FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id),
    CONSTRAINT fk_webhook_deliveries_event FOREIGN KEY (event_id) REFERENCES order_events (id),
    CONSTRAINT ck_webhook_deliveries_state CHECK (state BETWEEN 1 AND 3)
  ) ${TABLE}`,
];

const DOWN = [
  'DROP TABLE webhook_deliveries',
  'DROP TABLE webhook_endpoints',
  'ALTER TABLE order_events DROP KEY ix_order_events_relayed, DROP COLUMN relayed',
  'ALTER TABLE stock_adjustments DROP COLUMN stock_after',
  'DROP TABLE comments',
  'DROP TABLE shipments',
];

export class Lifecycle1700000000003 implements MigrationInterface {
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
