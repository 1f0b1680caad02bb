import { seedAreas } from '../../../src/database/seed/areas.js';
import type { TestDatabase } from '../../kit/database.js';

/**
 * A shop that has been in use for the better part of a year, written by the database itself
 * (INSERT … SELECT). It keeps every rule of test/kit/invariants.ts. Nothing in it is even: one
 * category has a fifth of all products, few products have most of the sales and comments, and one
 * buyer has a hundredth of all orders. All choices come from CRC32 of the row's number, so they are
 * the same each time.
 */
export interface Scale {
  readonly buyers: number;
  readonly skus: number;
  readonly orders: number;
}

/** What issue and documentation speak of. */
export const FULL_SCALE: Scale = { buyers: 1000, skus: 10_000, orders: 100_000 };

/** Buyer 1 has the most orders, the fullest cart and the most addresses. */
export const BIG_BUYER = 1;
/** The third-level category with a fifth of all products. */
export const BIG_CATEGORY = 61;
export const CATEGORIES = { tops: 10, seconds: 50, leaves: 200 } as const;
/** The SKU that is bought and commented on most. */
export const BIG_SKU = 1;
/** Words that product names and captions are made of. */
export const WORDS = ['手机', '笔记本', '耳机', '相机', '手表', '键盘', '音箱', '路由器'] as const;

const BIG_CART_LINES = 60;
const CART_LINES = 5;
const BIG_ADDRESSES = 20;
const ADDRESSES = 2;
const BROWSED = 5;
const LINES_MAX = 5;
const STOCK = 1_000_000;
const SELLING_DAYS = 300;

/** A random number from 0 to `below` - 1 that follows from a kind and an SQL expression. */
function draw(kind: string, of: string, below: number): string {
  return `(CRC32(CONCAT('${kind}', ${of})) MOD ${below})`;
}

/** Fills an empty database. */
export async function layReads(db: TestDatabase, scale: Scale): Promise<void> {
  await seedAreas(db.dataSource);
  for (const sql of [
    ...numbers(Math.max(scale.orders, scale.skus, scale.buyers)),
    ...catalogue(scale),
    ...people(scale),
    ...orders(scale),
    ...money(),
    ...history(),
    ...comments(),
    'DROP TABLE numbers',
    // The optimizer is to choose by what is there, not by what it guessed while the rows came in.
    `ANALYZE TABLE skus, users, addresses, cart_lines, browse_histories, orders, order_lines, order_events,
       payments, refunds, refund_lines, shipments, comments, alipay_notices`,
  ]) {
    await db.sql(sql);
  }
}

/** A table of the numbers from 0 on. */
function numbers(count: number): string[] {
  const digit = `(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
    UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)`;
  const places = String(count - 1).length;
  const names = Array.from({ length: places }, (_, i) => `t${i}`);
  const value = names.map((name, i) => `${name}.d * ${10 ** i}`).join(' + ');
  return [
    'CREATE TABLE numbers (n INT UNSIGNED NOT NULL PRIMARY KEY)',
    `INSERT INTO numbers SELECT ${value} AS n FROM ${names.map((name) => `${digit} ${name}`).join(', ')}
     HAVING n < ${count}`,
  ];
}

function catalogue({ skus }: Scale): string[] {
  const { tops, seconds, leaves } = CATEGORIES;
  const from = `FROM numbers WHERE n <`;
  const word = `ELT(1 + n MOD ${WORDS.length}, ${WORDS.map((each) => `'${each}'`).join(', ')})`;
  const leaf = `IF(n MOD 5 = 0, ${BIG_CATEGORY}, ${BIG_CATEGORY + 1} + n MOD ${leaves - 1})`;
  return [
    `INSERT INTO categories (id, name) SELECT 1 + n, CONCAT('频道', n) ${from} ${tops}`,
    `INSERT INTO categories (id, name, parent_id)
     SELECT ${tops + 1} + n, CONCAT('分组', n), 1 + n MOD ${tops} ${from} ${seconds}`,
    `INSERT INTO categories (id, name, parent_id)
     SELECT ${tops + seconds + 1} + n, CONCAT('分类', n), ${tops + 1} + n MOD ${seconds}
     ${from} ${leaves}`,
    `INSERT INTO spus (id, name, category_id)
     SELECT 1 + n, CONCAT('系列', n), ${BIG_CATEGORY} + n MOD ${leaves} ${from} ${skus / 10}`,
    `INSERT INTO skus (id, spu_id, category_id, name, caption, price_fen, stock, initial_stock,
       is_launched, default_image, created_at)
     SELECT 1 + n, 1 + n MOD ${skus / 10}, ${leaf}, CONCAT(${word}, ' 型号 ', n, ' 标准版 ',
         64 << (n MOD 4), 'GB 移动联通电信4G'),
       CONCAT('第', n, '款', ${word}, '，限时优惠，七天无理由退货'), 1000 + ${draw('p', 'n', 500_000)},
       ${STOCK}, ${STOCK}, n MOD 50 <> 49, CONCAT('/pictures/', 1 + n MOD 16, '.svg'),
       UTC_TIMESTAMP(3) - INTERVAL ${draw('c', 'n', SELLING_DAYS * 86_400)} SECOND
     ${from} ${skus}`,
  ];
}

/** Buyers are 1 to `buyers`; the administrator comes after them. */
function people({ buyers, skus }: Scale): string[] {
  const cart = `IF(u.id = ${BIG_BUYER}, ${BIG_CART_LINES}, ${CART_LINES})`;
  const addresses = `IF(u.id = ${BIG_BUYER}, ${BIG_ADDRESSES}, ${ADDRESSES})`;
  return [
    `INSERT INTO users (id, username, mobile, password_hash, role)
     SELECT 1 + n, CONCAT('buyer_', 1 + n), CONCAT('1380', LPAD(n, 7, '0')), '!',
       IF(n = ${buyers}, 'admin', 'buyer') FROM numbers WHERE n <= ${buyers}`,
    `INSERT INTO addresses (user_id, title, receiver, province_id, city_id, district_id, place, mobile)
     SELECT u.id, '家', CONCAT('买家', u.id), 110000, 110100, 110101, CONCAT(n, ' 号院'), u.mobile
     FROM users u JOIN numbers ON n < ${addresses} WHERE u.id <= ${buyers}`,
    `UPDATE users u SET default_address_id = (SELECT MIN(a.id) FROM addresses a WHERE a.user_id = u.id)`,
    `INSERT INTO cart_lines (user_id, sku_id, count, selected)
     SELECT u.id, 1 + (${draw('k', 'u.id', skus)} + n * 7) MOD ${skus}, 1 + n MOD 3, n MOD 4 <> 3
     FROM users u JOIN numbers ON n < ${cart} WHERE u.id <= ${buyers}`,
    `INSERT INTO browse_histories (user_id, sku_id, viewed_at)
     SELECT u.id, 1 + (${draw('b', 'u.id', skus)} + n * 11) MOD ${skus},
       UTC_TIMESTAMP(6) - INTERVAL n HOUR
     FROM users u JOIN numbers ON n < ${BROWSED} WHERE u.id <= ${buyers}`,
  ];
}

/** Lines are more than once as often about a product with a small id as about one with a large. */
function orders({ buyers, skus, orders: count }: Scale): string[] {
  const apart = Math.floor((SELLING_DAYS * 86_400) / count);
  const createdAt = `UTC_TIMESTAMP(3) - INTERVAL (${count} - n) * ${apart} SECOND`;
  const status = `ELT(1 + ${draw('s', 'n', 20)}, 1, 2, 3, 4, 4, 6, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)`;
  const skewed = `FLOOR(${skus} * POW(CRC32(CONCAT('l', o.id)) / 4294967296, 3))`;
  return [
    `INSERT INTO orders (id, user_id, status, pay_method, total_count, total_fen, freight_fen,
       address_id, receiver, province, city, district, place, mobile, created_at, expires_at,
       stock_restored_at)
     SELECT CONCAT(DATE_FORMAT(d.at + INTERVAL 8 HOUR, '%y%m%d%H%i%s'), LPAD(n, 7, '0')), d.buyer,
       d.status, IF(d.status > 1 AND n MOD 10 = 9, 1, 2), 1, 1000, 1000,
       u.default_address_id, CONCAT('买家', u.id), '北京市', '北京市', '东城区', '1 号院', u.mobile,
       d.at, UTC_TIMESTAMP(3) + INTERVAL 2 DAY, IF(d.status = 6, d.at, NULL)
     FROM (SELECT n, ${createdAt} AS at, ${status} AS status,
             IF(n MOD 100 = 0, ${BIG_BUYER}, 2 + ${draw('u', 'n', buyers - 1)}) AS buyer
           FROM numbers WHERE n < ${count}) d
     JOIN users u ON u.id = d.buyer`,
    `INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen)
     SELECT o.id, s.id, s.name, s.default_image, 1 + n MOD 2, s.price_fen
     FROM orders o JOIN numbers ON n < ${LINES_MAX} AND n <= ${draw('n', 'o.id', LINES_MAX)}
     JOIN skus s ON s.id = 1 + (${skewed} + n * 7) MOD ${skus}`,
    `UPDATE orders o JOIN (SELECT order_id, SUM(count) AS n, SUM(count * price_fen) AS fen
       FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
     SET o.total_count = l.n, o.total_fen = l.fen + o.freight_fen`,
    `UPDATE skus s JOIN (SELECT l.sku_id, SUM(l.count) AS n
       FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.status <> 6
       GROUP BY l.sku_id) l ON l.sku_id = s.id
     SET s.sales = l.n, s.stock = s.stock - l.n`,
  ];
}

/** Payments, some with a small refund, and every notify, a few of them odd. */
function money(): string[] {
  const params = `JSON_OBJECT('app_id', '9021000000000001', 'out_trade_no', CAST(o.id AS CHAR),
    'trade_no', p.trade_no, 'total_amount', CAST(o.total_fen / 100 AS CHAR), 'trade_status',
    'TRADE_SUCCESS', 'subject', CONCAT('美多商城', o.id), 'sign', SHA2(o.id, 512))`;
  return [
    `INSERT INTO payments (order_id, status, amount_fen, refunded_fen, trade_no, source, expires_at,
       paid_at, next_check_at, created_at)
     SELECT id, IF(status = 1, 1, 2), total_fen, IF(status > 1 AND ${draw('r', 'id', 50)} = 0, 100, 0),
       IF(status = 1, NULL, CONCAT('2026', id)), IF(status = 1, NULL, 'notify'), expires_at,
       IF(status = 1, NULL, created_at), UTC_TIMESTAMP(3) + INTERVAL 2 DAY, created_at
     FROM orders WHERE pay_method = 2 AND status <> 6`,
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status, reason, finished_at)
     SELECT id, CONCAT('R', order_id), refunded_fen, 2, '差价', paid_at
     FROM payments WHERE refunded_fen > 0`,
    ...['applied', 'second_trade'].map(
      (verdict) => `
        INSERT INTO alipay_notices (notify_id, out_trade_no, verdict, quarantined, params, received_at)
        SELECT SHA2(CONCAT('${verdict}', o.id), 224), o.id, '${verdict}', ${verdict !== 'applied'},
          ${params}, p.paid_at
        FROM payments p JOIN orders o ON o.id = p.order_id
        WHERE p.status = 2 AND ('${verdict}' = 'applied' OR ${draw('q', 'o.id', 100)} = 0)`,
    ),
    `UPDATE alipay_notices SET resolved_at = received_at, note = '已人工核对',
       resolved_by = (SELECT MAX(id) FROM users) WHERE quarantined AND id MOD 2 = 0`,
  ];
}

/** What has happened to each order, in the order in which it happened. */
function history(): string[] {
  const event = (
    type: string,
    from: string,
    to: string | number,
    actor: string,
    which: string,
  ): string => `
    INSERT INTO order_events (order_id, type, from_status, to_status, actor, created_at, relayed)
    SELECT id, '${type}', ${from}, ${to}, '${actor}', created_at, TRUE FROM orders WHERE ${which}`;
  return [
    event('placed', 'NULL', 'IF(pay_method = 1, 2, 1)', 'buyer', 'TRUE'),
    event('paid', '1', 2, 'alipay', 'pay_method = 2 AND status BETWEEN 2 AND 5'),
    event('shipped', '2', 3, 'admin', 'status BETWEEN 3 AND 5'),
    event('received', '3', 4, 'buyer', 'status IN (4, 5)'),
    event('completed', '4', 5, 'buyer', 'status = 5'),
    event('canceled', 'IF(pay_method = 1, 2, 1)', 6, 'buyer', 'status = 6'),
    `INSERT INTO shipments (order_id, carrier, tracking_number, shipped_at, received_at)
     SELECT id, '顺丰速运', CONCAT('SF', id), UTC_TIMESTAMP(3) - INTERVAL 1 DAY,
       IF(status = 3, NULL, UTC_TIMESTAMP(3)) FROM orders WHERE status BETWEEN 3 AND 5`,
  ];
}

/** Every line of a completed order, and the first lines of some that were only received. */
function comments(): string[] {
  return [
    `INSERT INTO comments (order_line_id, sku_id, user_id, comment, score, is_anonymous, created_at)
     SELECT l.id, l.sku_id, o.user_id, CONCAT('用了', ${draw('d', 'l.id', 60)}, '天，质量不错，物流也快'),
       1 + ${draw('g', 'l.id', 5)}, l.id MOD 4 = 0, o.created_at
     FROM order_lines l JOIN orders o ON o.id = l.order_id
     WHERE o.status = 5 OR o.status = 4 AND ${draw('h', 'o.id', 2)} = 0
       AND l.id = (SELECT MIN(f.id) FROM order_lines f WHERE f.order_id = o.id
                   HAVING COUNT(*) > 1)`,
    `UPDATE skus s JOIN (SELECT sku_id, COUNT(*) AS n FROM comments GROUP BY sku_id) c
       ON c.sku_id = s.id SET s.comments = c.n`,
  ];
}
