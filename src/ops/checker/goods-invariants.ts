import type { Invariant } from './tables.js';

/** Units sold up to which the lines of a SKU are counted every minute; of more, every hour. */
const FEW_UNITS = 20_000;

/**
 * Rules of stock, orders and their history. Order states: 1 unpaid, 2 to ship, 3 shipped, 4 received,
 * 5 done, 6 canceled.
 *
 * What is summed up for every SKU names its index. A shop that has SKUs and has sold nothing yet has
 * statistics by which reading a whole table costs nothing; when the sale begins during such a run, each
 * of ten thousand SKUs would read all orders, those too that the run cannot see.
 */
export const GOODS_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I01',
    title: 'stock and sales are never below zero',
    severity: 'critical',
    table: 's',
    broken: 's.stock < 0 OR s.sales < 0',
  },
  {
    id: 'I02',
    title: 'units are conserved: what came in is in stock or sold',
    severity: 'critical',
    table: 's',
    broken: 's.initial_stock + s.restocked <> s.stock + s.sales',
  },
  {
    id: 'I03',
    title: 'what was sold is what live orders hold',
    severity: 'critical',
    table: 's',
    broken: `s.sales <> COALESCE((
      SELECT SUM(l.count) - SUM(l.returned_count)
      FROM order_lines l FORCE INDEX (ix_order_lines_sku)
      STRAIGHT_JOIN orders o FORCE INDEX (PRIMARY) ON o.id = l.order_id
      WHERE l.sku_id = s.id AND o.status <> 6), 0)`,
    touchedOnlyIf: `s.sales <= ${FEW_UNITS}`,
  },
  {
    id: 'I04',
    title: 'an order has lines',
    severity: 'critical',
    table: 'o',
    broken: 'NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)',
  },
  {
    id: 'I05',
    title: 'a line belongs to an order',
    severity: 'critical',
    table: 'l',
    broken: 'NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id)',
  },
  {
    id: 'I06',
    title: 'the totals of an order are the sums of its lines',
    severity: 'critical',
    table: 'o',
    broken: `(o.total_count, o.total_fen - o.freight_fen) <> (
      SELECT SUM(l.count), SUM(CAST(l.count AS SIGNED) * l.price_fen)
      FROM order_lines l WHERE l.order_id = o.id)`,
  },
  {
    id: 'I07',
    title: 'a buyer’s idempotency key made one order',
    severity: 'critical',
    table: 'o',
    broken: `o.idempotency_key IS NOT NULL AND EXISTS (
      SELECT 1 FROM orders x WHERE x.user_id = o.user_id
        AND x.idempotency_key = o.idempotency_key AND x.id <> o.id)`,
  },
  {
    id: 'I08',
    title: 'a product is in an order once',
    severity: 'major',
    table: 'l',
    broken: `EXISTS (
      SELECT 1 FROM order_lines x
      WHERE x.order_id = l.order_id AND x.sku_id = l.sku_id AND x.id <> l.id)`,
  },
  {
    id: 'I09',
    title: 'a line has a price, 1 to 999 units and no more returned than that',
    severity: 'critical',
    table: 'l',
    broken: 'l.count NOT BETWEEN 1 AND 999 OR l.price_fen <= 0 OR l.returned_count > l.count',
  },
  {
    id: 'I19',
    title: 'canceled orders, and no others, gave their stock back',
    severity: 'critical',
    table: 'o',
    broken: '(o.status = 6) <> (o.stock_restored_at IS NOT NULL)',
  },
  {
    // Up to a quarter of an hour may pass between two questions to a gateway that does not answer.
    id: 'I20',
    title: 'no unpaid order is open half an hour after it expired',
    severity: 'major',
    table: 'o',
    broken: 'o.status = 1 AND o.expires_at < UTC_TIMESTAMP(3) - INTERVAL 30 MINUTE',
    alwaysInFull: true,
  },
  {
    // There is no ledger here whose legs could be summed: the history is what must agree.
    id: 'I23',
    title: 'an order is in the state its history ends with',
    severity: 'major',
    table: 'o',
    broken: `o.status <> (SELECT e.to_status FROM order_events e
      WHERE e.order_id = o.id ORDER BY e.id DESC LIMIT 1)`,
  },
  {
    // The ledger's other rule: of stock, there are books.
    id: 'I24',
    title: 'what came into stock later was booked in',
    severity: 'critical',
    table: 's',
    broken: `s.restocked <> COALESCE((
      SELECT SUM(a.delta) FROM stock_adjustments a FORCE INDEX (ix_stock_adjustments_sku)
      WHERE a.sku_id = s.id), 0)`,
  },
  {
    id: 'I25',
    title: 'the history of an order tells once that it was placed',
    severity: 'major',
    table: 'o',
    broken: `1 <> (SELECT COUNT(*) FROM order_events e
      WHERE e.order_id = o.id AND e.type = 'placed')`,
  },
  {
    id: 'I26',
    title: 'every step of a history begins where the one before it ended',
    severity: 'major',
    table: 'e',
    broken: `NOT (e.from_status <=> (SELECT x.to_status FROM order_events x
      WHERE x.order_id = e.order_id AND x.id < e.id ORDER BY x.id DESC LIMIT 1))`,
  },
  {
    id: 'I27',
    title: 'goods that came back came with refunds',
    severity: 'critical',
    table: 'l',
    broken: `l.returned_count <> COALESCE((
      SELECT SUM(x.count) FROM payments p
      JOIN refunds r ON r.payment_id = p.id JOIN refund_lines x ON x.refund_id = r.id
      WHERE p.order_id = l.order_id AND x.sku_id = l.sku_id), 0)`,
  },
  {
    id: 'I29',
    title: 'sent orders, and no others, have a shipment, received ones its receipt',
    severity: 'major',
    table: 'o',
    broken: `(o.status BETWEEN 3 AND 5) <> EXISTS (
        SELECT 1 FROM shipments h WHERE h.order_id = o.id)
      OR (o.status BETWEEN 4 AND 5) <> EXISTS (
        SELECT 1 FROM shipments h WHERE h.order_id = o.id AND h.received_at IS NOT NULL)`,
  },
  {
    id: 'I30',
    title: 'comments are counted',
    severity: 'major',
    table: 's',
    broken: 's.comments <> (SELECT COUNT(*) FROM comments c WHERE c.sku_id = s.id)',
    touchedOnlyIf: `s.comments <= ${FEW_UNITS}`,
  },
];
