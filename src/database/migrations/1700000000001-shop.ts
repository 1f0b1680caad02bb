import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';
const CREATED = 'created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)';

/**
 * The whole shop. Names end in their unit; every amount is integer fen. What the schema can refuse
 * it refuses: CHECK for ranges and conservation of stock, UNIQUE for "once", foreign keys without
 * any cascade. Only SQL that MariaDB 10.6+ and MySQL 8.0.16+ both know.
 */
const UP = [
  `CREATE TABLE areas (
    id INT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(50) NOT NULL,
    parent_id INT UNSIGNED NULL,
    KEY ix_areas_parent (parent_id),
    CONSTRAINT fk_areas_parent FOREIGN KEY (parent_id) REFERENCES areas (id)
  ) ${TABLE}`,

  `CREATE TABLE users (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(20) NOT NULL,
    mobile CHAR(11) NOT NULL,
    email VARCHAR(254) NULL,
    email_active BOOLEAN NOT NULL DEFAULT FALSE,
    password_hash VARCHAR(255) NOT NULL,
    role VARCHAR(16) NOT NULL DEFAULT 'buyer',
    default_address_id INT UNSIGNED NULL,
    token_version INT UNSIGNED NOT NULL DEFAULT 0,
    tokens_revoked_at DATETIME(3) NULL,
    ${CREATED},
    UNIQUE KEY uq_users_username (username),
    UNIQUE KEY uq_users_mobile (mobile),
    KEY ix_users_tokens_revoked_at (tokens_revoked_at),
    CONSTRAINT ck_users_role CHECK (role IN ('buyer', 'admin'))
  ) ${TABLE}`,

  `CREATE TABLE sms_codes (
    mobile CHAR(11) NOT NULL PRIMARY KEY,
    code_hash BINARY(32) NOT NULL,
    tries_left TINYINT UNSIGNED NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL
  ) ${TABLE}`,

  `CREATE TABLE addresses (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    title VARCHAR(20) NOT NULL,
    receiver VARCHAR(20) NOT NULL,
    province_id INT UNSIGNED NOT NULL,
    city_id INT UNSIGNED NOT NULL,
    district_id INT UNSIGNED NOT NULL,
    place VARCHAR(50) NOT NULL,
    mobile CHAR(11) NOT NULL,
    tel VARCHAR(20) NOT NULL DEFAULT '',
    email VARCHAR(254) NOT NULL DEFAULT '',
    deleted_at DATETIME(3) NULL,
    ${CREATED},
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY ix_addresses_user (user_id, deleted_at, updated_at),
    CONSTRAINT fk_addresses_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_addresses_province FOREIGN KEY (province_id) REFERENCES areas (id),
    CONSTRAINT fk_addresses_city FOREIGN KEY (city_id) REFERENCES areas (id),
    CONSTRAINT fk_addresses_district FOREIGN KEY (district_id) REFERENCES areas (id)
  ) ${TABLE}`,

  `CREATE TABLE categories (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(50) NOT NULL,
    parent_id INT UNSIGNED NULL,
    KEY ix_categories_parent (parent_id),
    CONSTRAINT fk_categories_parent FOREIGN KEY (parent_id) REFERENCES categories (id)
  ) ${TABLE}`,

  `CREATE TABLE spus (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    category_id INT UNSIGNED NOT NULL,
    ${CREATED},
    CONSTRAINT fk_spus_category FOREIGN KEY (category_id) REFERENCES categories (id)
  ) ${TABLE}`,

  // Sales are what live orders hold, so initial + restocked = stock + sales on every row.
  `CREATE TABLE skus (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    spu_id INT UNSIGNED NOT NULL,
    category_id INT UNSIGNED NOT NULL,
    name VARCHAR(100) NOT NULL,
    caption VARCHAR(200) NOT NULL DEFAULT '',
    price_fen BIGINT NOT NULL,
    stock INT NOT NULL,
    sales INT NOT NULL DEFAULT 0,
    initial_stock INT NOT NULL,
    restocked INT NOT NULL DEFAULT 0,
    comments INT UNSIGNED NOT NULL DEFAULT 0,
    is_launched BOOLEAN NOT NULL DEFAULT TRUE,
    default_image VARCHAR(200) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 0,
    ${CREATED},
    KEY ix_skus_category_created (category_id, is_launched, created_at),
    KEY ix_skus_category_price (category_id, is_launched, price_fen),
    KEY ix_skus_category_sales (category_id, is_launched, sales),
    CONSTRAINT fk_skus_spu FOREIGN KEY (spu_id) REFERENCES spus (id),
    CONSTRAINT fk_skus_category FOREIGN KEY (category_id) REFERENCES categories (id),
    CONSTRAINT ck_skus_price CHECK (price_fen > 0),
    CONSTRAINT ck_skus_stock CHECK (stock >= 0),
    CONSTRAINT ck_skus_sales CHECK (sales >= 0),
    CONSTRAINT ck_skus_conserved CHECK (initial_stock + restocked = stock + sales)
  ) ${TABLE}`,

  `CREATE TABLE stock_adjustments (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    sku_id INT UNSIGNED NOT NULL,
    user_id INT UNSIGNED NOT NULL,
    delta INT NOT NULL,
    reason VARCHAR(200) NOT NULL DEFAULT '',
    idempotency_key VARBINARY(255) NULL,
    request_hash BINARY(32) NULL,
    ${CREATED},
    UNIQUE KEY uq_stock_adjustments_key (user_id, idempotency_key),
    KEY ix_stock_adjustments_sku (sku_id),
    CONSTRAINT fk_stock_adjustments_sku FOREIGN KEY (sku_id) REFERENCES skus (id),
    CONSTRAINT fk_stock_adjustments_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_stock_adjustments_delta CHECK (delta <> 0)
  ) ${TABLE}`,

  // No foreign key to skus: inserting a cart line would have to lock the SKU row that every buyer
  // of a hot product queues for. SKUs are never deleted, and the service checks that they exist.
  `CREATE TABLE cart_lines (
    user_id INT UNSIGNED NOT NULL,
    sku_id INT UNSIGNED NOT NULL,
    count SMALLINT UNSIGNED NOT NULL,
    selected BOOLEAN NOT NULL DEFAULT TRUE,
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (user_id, sku_id),
    CONSTRAINT fk_cart_lines_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_cart_lines_count CHECK (count BETWEEN 1 AND 999)
  ) ${TABLE}`,

  // The idempotency key is binary: under a text collation k1, K1 and "k1 " would be one key.
  `CREATE TABLE orders (
    id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    status TINYINT UNSIGNED NOT NULL,
    pay_method TINYINT UNSIGNED NOT NULL,
    total_count INT UNSIGNED NOT NULL,
    total_fen BIGINT NOT NULL,
    freight_fen BIGINT NOT NULL,
    address_id INT UNSIGNED NOT NULL,
    receiver VARCHAR(20) NOT NULL,
    province VARCHAR(50) NOT NULL,
    city VARCHAR(50) NOT NULL,
    district VARCHAR(50) NOT NULL,
    place VARCHAR(50) NOT NULL,
    mobile CHAR(11) NOT NULL,
    tel VARCHAR(20) NOT NULL DEFAULT '',
    idempotency_key VARBINARY(255) NULL,
    request_hash BINARY(32) NULL,
    created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NULL,
    stock_restored_at DATETIME(3) NULL,
    UNIQUE KEY uq_orders_key (user_id, idempotency_key),
    KEY ix_orders_user (user_id, id),
    KEY ix_orders_due (status, expires_at),
    CONSTRAINT fk_orders_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_orders_status CHECK (status BETWEEN 1 AND 6),
    CONSTRAINT ck_orders_pay_method CHECK (pay_method IN (1, 2)),
    CONSTRAINT ck_orders_total CHECK (total_count > 0 AND freight_fen >= 0 AND total_fen >= freight_fen),
    CONSTRAINT ck_orders_restored CHECK ((status = 6) = (stock_restored_at IS NOT NULL))
  ) ${TABLE}`,

  `CREATE TABLE order_lines (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT UNSIGNED NOT NULL,
    sku_id INT UNSIGNED NOT NULL,
    name VARCHAR(100) NOT NULL,
    image VARCHAR(200) NOT NULL,
    count SMALLINT UNSIGNED NOT NULL,
    price_fen BIGINT NOT NULL,
    UNIQUE KEY uq_order_lines_sku (order_id, sku_id),
    KEY ix_order_lines_sku (sku_id),
    CONSTRAINT fk_order_lines_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT fk_order_lines_sku FOREIGN KEY (sku_id) REFERENCES skus (id),
    CONSTRAINT ck_order_lines_count CHECK (count BETWEEN 1 AND 999),
    CONSTRAINT ck_order_lines_price CHECK (price_fen > 0)
  ) ${TABLE}`,

  `CREATE TABLE order_events (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT UNSIGNED NOT NULL,
    type VARCHAR(32) NOT NULL,
    from_status TINYINT UNSIGNED NULL,
    to_status TINYINT UNSIGNED NOT NULL,
    actor VARCHAR(16) NOT NULL,
    detail JSON NULL,
    created_at DATETIME(3) NOT NULL,
    KEY ix_order_events_order (order_id),
    CONSTRAINT fk_order_events_order FOREIGN KEY (order_id) REFERENCES orders (id)
  ) ${TABLE}`,

  `CREATE TABLE payments (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT UNSIGNED NOT NULL,
    status TINYINT UNSIGNED NOT NULL,
    amount_fen BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL DEFAULT 0,
    trade_no VARCHAR(64) NULL,
    source VARCHAR(16) NULL,
    expires_at DATETIME(3) NOT NULL,
    paid_at DATETIME(3) NULL,
    ${CREATED},
    UNIQUE KEY uq_payments_order (order_id),
    UNIQUE KEY uq_payments_trade_no (trade_no),
    KEY ix_payments_status (status, created_at),
    CONSTRAINT fk_payments_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT ck_payments_status CHECK (status BETWEEN 1 AND 3),
    CONSTRAINT ck_payments_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_payments_refunded CHECK (refunded_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT ck_payments_paid CHECK ((status = 2) = (trade_no IS NOT NULL AND paid_at IS NOT NULL))
  ) ${TABLE}`,

  `CREATE TABLE refunds (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    payment_id BIGINT UNSIGNED NOT NULL,
    out_request_no VARCHAR(64) NOT NULL,
    amount_fen BIGINT NOT NULL,
    status TINYINT UNSIGNED NOT NULL,
    reason VARCHAR(200) NOT NULL DEFAULT '',
    ${CREATED},
    finished_at DATETIME(3) NULL,
    UNIQUE KEY uq_refunds_request (payment_id, out_request_no),
    KEY ix_refunds_status (status, created_at),
    CONSTRAINT fk_refunds_payment FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT ck_refunds_status CHECK (status BETWEEN 1 AND 3),
    CONSTRAINT ck_refunds_amount CHECK (amount_fen > 0)
  ) ${TABLE}`,

  `CREATE TABLE alipay_notices (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    notify_id VARCHAR(128) NULL,
    out_trade_no VARCHAR(64) NULL,
    verdict VARCHAR(32) NOT NULL,
    quarantined BOOLEAN NOT NULL DEFAULT FALSE,
    params JSON NOT NULL,
    received_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY ix_alipay_notices_order (out_trade_no),
    KEY ix_alipay_notices_quarantined (quarantined, received_at)
  ) ${TABLE}`,
];

const TABLES = [
  'alipay_notices',
  'refunds',
  'payments',
  'order_events',
  'order_lines',
  'orders',
  'cart_lines',
  'stock_adjustments',
  'skus',
  'spus',
  'categories',
  'addresses',
  'sms_codes',
  'users',
  'areas',
];

export class Shop1700000000001 implements MigrationInterface {
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
