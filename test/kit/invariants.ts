import type { TestDatabase } from './database.js';

/** Statements that name offenders; no row means that the rule holds. Each is one snapshot. */
const RULES: Readonly<Record<string, string>> = {
  'stock is never below zero': 'SELECT id FROM skus WHERE stock < 0',
  'stock is conserved': `
    SELECT s.id FROM skus s LEFT JOIN (
      SELECT l.sku_id, SUM(l.count - l.returned_count) n FROM order_lines l JOIN orders o ON o.id = l.order_id
      WHERE o.status <> 6 GROUP BY l.sku_id) x ON x.sku_id = s.id
    WHERE s.initial_stock + s.restocked <> s.stock + COALESCE(x.n, 0)
       OR s.sales <> COALESCE(x.n, 0)`,
  'every order has lines': `
    SELECT o.id FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id WHERE l.id IS NULL`,
  'totals are the sums of the lines': `
    SELECT o.id FROM orders o JOIN (
      SELECT order_id, SUM(count) c, SUM(count * price_fen) a FROM order_lines GROUP BY order_id) x
      ON x.order_id = o.id
    WHERE o.total_count <> x.c OR o.total_fen <> x.a + o.freight_fen`,
  'every order has its history': `
    SELECT o.id FROM orders o LEFT JOIN order_events e ON e.order_id = o.id AND e.type = 'placed'
    GROUP BY o.id HAVING COUNT(e.id) <> 1`,
  'the last event is the state': `
    SELECT o.id FROM orders o JOIN order_events e ON e.order_id = o.id
    WHERE e.id = (SELECT MAX(id) FROM order_events x WHERE x.order_id = o.id)
      AND e.to_status <> o.status`,
  'a paid Alipay order has a payment': `
    SELECT o.id FROM orders o LEFT JOIN payments p ON p.order_id = o.id AND p.status = 2
    WHERE o.status BETWEEN 2 AND 5 AND o.pay_method = 2 AND p.id IS NULL`,
  'a payment has the amount of its order': `
    SELECT p.id FROM payments p JOIN orders o ON o.id = p.order_id
    WHERE p.amount_fen <> o.total_fen`,
  'a paid order is not unpaid': `
    SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id AND p.status = 2
    WHERE o.status = 1`,
  'a paid and canceled order has its whole refund': `
    SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id AND p.status = 2
    LEFT JOIN (SELECT payment_id, SUM(amount_fen) a FROM refunds GROUP BY payment_id) r
      ON r.payment_id = p.id
    WHERE o.status = 6 AND COALESCE(r.a, 0) < p.amount_fen`,
  'no more is asked back than was paid': `
    SELECT p.id FROM payments p JOIN refunds r ON r.payment_id = p.id AND r.status <> 3
    GROUP BY p.id, p.amount_fen HAVING SUM(r.amount_fen) > p.amount_fen`,
  'only a payment that was made is refunded': `
    SELECT r.id FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.status <> 2`,
  'refunds booked are the refunds done': `
    SELECT p.id FROM payments p LEFT JOIN (
      SELECT payment_id, SUM(amount_fen) a FROM refunds WHERE status = 2 GROUP BY payment_id) r
      ON r.payment_id = p.id
    WHERE COALESCE(r.a, 0) <> p.refunded_fen`,
  'goods that came back are the goods of refunds': `
    SELECT l.id FROM order_lines l LEFT JOIN (
      SELECT p.order_id, x.sku_id, SUM(x.count) n FROM refund_lines x
      JOIN refunds r ON r.id = x.refund_id JOIN payments p ON p.id = r.payment_id
      GROUP BY p.order_id, x.sku_id) b ON b.order_id = l.order_id AND b.sku_id = l.sku_id
    WHERE l.returned_count <> COALESCE(b.n, 0)`,
  'a payment is booked once, by one event': `
    SELECT p.id FROM payments p JOIN order_events e
      ON e.order_id = p.order_id AND e.type IN ('paid', 'paid_late')
    GROUP BY p.id HAVING COUNT(*) <> 1`,
  'a canceled order gave its stock back':
    'SELECT id FROM orders WHERE (status = 6) <> (stock_restored_at IS NOT NULL)',
};

/** Names the rules that do not hold, with the offending ids. Empty is good. */
export async function violations(db: TestDatabase): Promise<string[]> {
  const found: string[] = [];
  for (const [rule, sql] of Object.entries(RULES)) {
    const rows = await db.sql<{ id: unknown }>(sql);
    if (rows.length > 0) {
      found.push(`${rule}: ${rows.map(({ id }) => String(id)).join(', ')}`);
    }
  }
  return found;
}
