import type { Village } from './village.js';

/** Something that went wrong with the rows, and the rule that has to find it. */
export interface Corruption {
  readonly rule: string;
  readonly what: string;
  /** The statement, and the orders whose ids (or, by `skuOf`, SKU ids) fill its question marks. */
  readonly sql: string;
  readonly of: readonly (keyof Village)[];
  readonly by?: 'sku';
}

const SKU = 'UPDATE skus SET';
const PAYMENT = 'UPDATE payments SET';
const REFUND = 'UPDATE refunds r JOIN payments p ON p.id = r.payment_id SET';
const NOW = 'UTC_TIMESTAMP(3)';

const corrupt = (
  rule: string,
  what: string,
  sql: string,
  ...of: (keyof Village)[]
): Corruption => ({ rule, what, sql, of });

const stock = (rule: string, what: string, set: string, of: keyof Village): Corruption => ({
  rule,
  what,
  sql: `${SKU} ${set} WHERE id = ?`,
  of: [of],
  by: 'sku',
});

export const CORRUPTIONS: readonly Corruption[] = [
  stock('I01', 'stock fell below zero', 'stock = -1', 'paid'),
  stock('I01', 'sales fell below zero', 'sales = -1', 'paid'),
  stock('I02', 'units appeared from nowhere', 'stock = stock + 1', 'paid'),
  stock('I02', 'units were never there', 'initial_stock = initial_stock - 1', 'paid'),
  stock('I03', 'units were taken without an order', 'sales = sales + 1, stock = stock - 1', 'paid'),
  stock('I03', 'stock came back twice', 'sales = sales - 1, stock = stock + 1', 'canceled'),
  corrupt(
    'I03',
    'a line grew',
    'UPDATE order_lines SET count = count + 1 WHERE order_id = ?',
    'paid',
  ),
  corrupt('I04', 'lines were lost', 'DELETE FROM order_lines WHERE order_id = ?', 'unpaid'),
  corrupt('I05', 'the order of a line was lost', 'DELETE FROM orders WHERE id = ?', 'unpaid'),
  corrupt(
    'I06',
    'a total is too high',
    'UPDATE orders SET total_fen = total_fen + 1 WHERE id = ?',
    'unpaid',
  ),
  corrupt(
    'I06',
    'a count is too high',
    'UPDATE orders SET total_count = total_count + 1 WHERE id = ?',
    'unpaid',
  ),
  corrupt(
    'I06',
    'the freight was added later',
    'UPDATE orders SET freight_fen = freight_fen + 1 WHERE id = ?',
    'paid',
  ),
  corrupt(
    'I06',
    'a price changed in the order',
    'UPDATE order_lines SET price_fen = price_fen - 1 WHERE order_id = ?',
    'done',
  ),
  corrupt(
    'I07',
    'a key made two orders',
    "UPDATE orders SET user_id = 1, idempotency_key = 'k' WHERE id IN (?, ?)",
    'unpaid',
    'paid',
  ),
  corrupt(
    'I08',
    'a line was written twice',
    `INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen)
    SELECT order_id, sku_id, name, image, count, price_fen FROM order_lines WHERE order_id = ?`,
    'paid',
  ),
  corrupt(
    'I09',
    'a line of nothing',
    'UPDATE order_lines SET count = 0 WHERE order_id = ?',
    'unpaid',
  ),
  corrupt(
    'I09',
    'a line of too many',
    'UPDATE order_lines SET count = 1000 WHERE order_id = ?',
    'unpaid',
  ),
  corrupt(
    'I09',
    'a line for nothing',
    'UPDATE order_lines SET price_fen = 0 WHERE order_id = ?',
    'unpaid',
  ),
  corrupt(
    'I09',
    'a line below nothing',
    'UPDATE order_lines SET price_fen = -5 WHERE order_id = ?',
    'unpaid',
  ),
  corrupt(
    'I09',
    'more came back than was sold',
    'UPDATE order_lines SET returned_count = 9 WHERE order_id = ?',
    'partly',
  ),
  corrupt(
    'I10',
    'the payment of a paid order was lost',
    'DELETE FROM payments WHERE order_id = ?',
    'paid',
  ),
  corrupt(
    'I10',
    'an order became paid by itself',
    'UPDATE orders SET status = 2 WHERE id = ?',
    'unpaid',
  ),
  corrupt(
    'I10',
    'a sent order’s payment is pending',
    `${PAYMENT} status = 1 WHERE order_id = ?`,
    'shipped',
  ),
  corrupt(
    'I11',
    'an order has two payments',
    `INSERT INTO payments (order_id, status, amount_fen, expires_at)
    SELECT order_id, 1, amount_fen, expires_at FROM payments WHERE order_id = ?`,
    'opened',
  ),
  corrupt(
    'I12',
    'less was paid than was asked',
    `${PAYMENT} amount_fen = amount_fen - 1 WHERE order_id = ?`,
    'paid',
  ),
  corrupt(
    'I12',
    'a payment is of no order',
    `${PAYMENT} order_id = 1 WHERE order_id = ?`,
    'opened',
  ),
  corrupt(
    'I13',
    'a paid order is unpaid again',
    'UPDATE orders SET status = 1 WHERE id = ?',
    'paid',
  ),
  corrupt(
    'I13',
    'a canceled order can still be paid',
    `UPDATE orders SET status = 6, stock_restored_at = ${NOW} WHERE id = ?`,
    'opened',
  ),
  corrupt(
    'I13',
    'an order that can be paid is closed',
    `${PAYMENT} status = 3 WHERE order_id = ?`,
    'opened',
  ),
  corrupt(
    'I14',
    'the refund of a canceled order was lost',
    `DELETE r FROM refunds r JOIN payments p ON p.id = r.payment_id
    WHERE p.order_id = ?`,
    'returned',
  ),
  corrupt(
    'I14',
    'the refund of a canceled order failed, and nobody asked again',
    `${REFUND} r.status = 3 WHERE p.order_id = ?`,
    'returned',
  ),
  corrupt(
    'I14',
    'a canceled order gave back too little',
    `${REFUND} r.amount_fen = r.amount_fen - 1 WHERE p.order_id = ?`,
    'returned',
  ),
  corrupt(
    'I15',
    'one trade paid two orders',
    `${PAYMENT} trade_no = '2026' WHERE order_id IN (?, ?)`,
    'paid',
    'shipped',
  ),
  corrupt(
    'I16',
    'more was booked as given back than was',
    `${PAYMENT} refunded_fen = refunded_fen + 1 WHERE order_id = ?`,
    'partly',
  ),
  corrupt(
    'I16',
    'a refund was done and not booked',
    `${PAYMENT} refunded_fen = 0 WHERE order_id = ?`,
    'returned',
  ),
  corrupt(
    'I16',
    'a booked refund is still asked for',
    `${REFUND} r.status = 1, r.finished_at = NULL WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt(
    'I17',
    'a refund’s number was used twice',
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status)
    SELECT r.payment_id, r.out_request_no, 1, 1 FROM refunds r JOIN payments p ON p.id = r.payment_id
    WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt(
    'I18',
    'money that never came is given back',
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status)
    SELECT id, 'x', 1, 1 FROM payments WHERE order_id = ?`,
    'opened',
  ),
  corrupt(
    'I18',
    'a refund of nothing',
    `${REFUND} r.amount_fen = 0 WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt(
    'I18',
    'a refund that is over has no end',
    `${REFUND} r.finished_at = NULL WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt(
    'I19',
    'a canceled order kept its stock',
    'UPDATE orders SET stock_restored_at = NULL WHERE id = ?',
    'canceled',
  ),
  corrupt(
    'I19',
    'a live order gave its stock back',
    `UPDATE orders SET stock_restored_at = ${NOW} WHERE id = ?`,
    'paid',
  ),
  corrupt(
    'I20',
    'nobody closed an order',
    `UPDATE orders SET expires_at = ${NOW} - INTERVAL 31 MINUTE WHERE id = ?`,
    'unpaid',
  ),
  corrupt(
    'I21',
    'money was booked on the browser’s word',
    `${PAYMENT} source = 'return' WHERE order_id = ?`,
    'paid',
  ),
  corrupt(
    'I21',
    'the notify that paid was not kept',
    'DELETE FROM alipay_notices WHERE out_trade_no = ?',
    'paid',
  ),
  corrupt(
    'I21',
    'money was booked without a trade',
    `${PAYMENT} trade_no = NULL WHERE order_id = ?`,
    'paid',
  ),
  corrupt(
    'I22',
    'the payment is not in the history',
    "DELETE FROM order_events WHERE type = 'paid' AND order_id = ?",
    'paid',
  ),
  corrupt(
    'I22',
    'the payment was booked twice',
    `INSERT INTO order_events (order_id, type, from_status, to_status, actor, created_at)
    SELECT order_id, type, 2, 2, actor, created_at FROM order_events WHERE type = 'paid' AND order_id = ?`,
    'paid',
  ),
  corrupt(
    'I23',
    'a state changed without history',
    'UPDATE orders SET status = 5 WHERE id = ?',
    'received',
  ),
  corrupt(
    'I23',
    'a cancellation was half undone',
    'UPDATE orders SET status = 1, stock_restored_at = NULL WHERE id = ?',
    'canceled',
  ),
  stock(
    'I24',
    'stock was raised past the books',
    'stock = stock + 5, restocked = restocked + 5',
    'paid',
  ),
  {
    rule: 'I24',
    what: 'a restock was lost',
    sql: 'DELETE FROM stock_adjustments WHERE sku_id = ?',
    of: ['restocked'],
    by: 'sku',
  },
  corrupt(
    'I25',
    'nobody placed the order',
    "DELETE FROM order_events WHERE type = 'placed' AND order_id = ?",
    'paid',
  ),
  corrupt(
    'I25',
    'the order was placed twice',
    `INSERT INTO order_events (order_id, type, from_status, to_status, actor, created_at)
    SELECT order_id, type, 1, 1, actor, created_at FROM order_events WHERE type = 'placed' AND order_id = ?`,
    'unpaid',
  ),
  corrupt(
    'I26',
    'a step is missing',
    "DELETE FROM order_events WHERE type = 'shipped' AND order_id = ?",
    'received',
  ),
  corrupt(
    'I26',
    'a step begins elsewhere',
    "UPDATE order_events SET from_status = 1 WHERE type = 'received' AND order_id = ?",
    'done',
  ),
  corrupt(
    'I27',
    'goods came back without a refund',
    'UPDATE order_lines SET returned_count = 1 WHERE order_id = ?',
    'paid',
  ),
  corrupt(
    'I27',
    'the goods of a refund were lost',
    `DELETE x FROM refund_lines x JOIN refunds r ON r.id = x.refund_id
    JOIN payments p ON p.id = r.payment_id WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt(
    'I28',
    'more is asked back than was paid',
    `${REFUND} r.amount_fen = p.amount_fen + 1 WHERE p.order_id = ?`,
    'partly',
  ),
  corrupt('I29', 'a shipment was lost', 'DELETE FROM shipments WHERE order_id = ?', 'shipped'),
  corrupt(
    'I29',
    'a receipt was lost',
    'UPDATE shipments SET received_at = NULL WHERE order_id = ?',
    'done',
  ),
  corrupt(
    'I29',
    'goods are on their way that nobody sent',
    `INSERT INTO shipments (order_id, carrier, tracking_number, shipped_at)
    SELECT id, 'x', 'x', created_at FROM orders WHERE id = ?`,
    'paid',
  ),
  stock('I30', 'a comment was not counted', 'comments = 0', 'done'),
  {
    rule: 'I30',
    what: 'a comment was lost',
    sql: 'DELETE FROM comments WHERE sku_id = ?',
    of: ['done'],
    by: 'sku',
  },
  corrupt(
    'I31',
    'money of a paid order goes back as if it did not fit',
    `INSERT INTO odd_refunds
      (order_id, trade_no, out_request_no, amount_fen, paid_at, status, asked_by, note)
    VALUES (?, 'x', 'x', 1, ${NOW}, 1, 1, '')`,
    'paid',
  ),
  corrupt(
    'I31',
    'money that fits goes back as if it did not',
    `INSERT INTO odd_refunds
      (order_id, trade_no, out_request_no, amount_fen, paid_at, status, asked_by, note)
    SELECT order_id, 'x', 'x', amount_fen, ${NOW}, 1, 1, '' FROM payments WHERE order_id = ?`,
    'closed',
  ),
];
