import type { Invariant } from './tables.js';

/**
 * Rules of payments and refunds. Payments: 1 pending, 2 success, 3 closed. Refunds: 1 asked, 2 done,
 * 3 failed. Order states: 1 unpaid, 2 to ship … 5 done, 6 canceled. Payment method 2 is Alipay.
 */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I10',
    title: 'an Alipay order that is paid, sent or done has its money',
    severity: 'critical',
    table: 'o',
    broken: `o.status BETWEEN 2 AND 5 AND o.pay_method = 2 AND NOT EXISTS (
      SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 2)`,
  },
  {
    id: 'I11',
    title: 'an order has one payment',
    severity: 'critical',
    table: 'p',
    broken: 'EXISTS (SELECT 1 FROM payments x WHERE x.order_id = p.order_id AND x.id <> p.id)',
  },
  {
    id: 'I12',
    title: 'a payment is of an order, and has its amount',
    severity: 'critical',
    table: 'p',
    broken: `NOT EXISTS (
      SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.total_fen = p.amount_fen)`,
  },
  {
    // Wider than "paid, but the order is unpaid": a page that can still be paid is as wrong.
    id: 'I13',
    title: 'pending is the payment of an unpaid order, closed that of a canceled one',
    severity: 'critical',
    table: 'p',
    broken: `EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND (
      (p.status = 1 AND o.status <> 1) OR (p.status = 2 AND o.status = 1) OR
      (p.status = 3 AND o.status <> 6)))`,
  },
  {
    // The wish is written with the cancellation; when the money moves is up to the gateway. One it
    // refused for good asks for nothing any more: an administrator has to ask again.
    id: 'I14',
    title: 'of a paid and canceled order all the money was asked back',
    severity: 'critical',
    table: 'p',
    broken: `p.status = 2
      AND EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.status = 6)
      AND p.amount_fen > COALESCE((
        SELECT SUM(r.amount_fen) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 3), 0)`,
  },
  {
    id: 'I15',
    title: 'a trade of Alipay paid one order',
    severity: 'critical',
    table: 'p',
    broken: 'EXISTS (SELECT 1 FROM payments x WHERE x.trade_no = p.trade_no AND x.id <> p.id)',
  },
  {
    id: 'I16',
    title: 'the money booked as given back is that of the refunds done, and was paid',
    severity: 'critical',
    table: 'p',
    broken: `p.refunded_fen NOT BETWEEN 0 AND p.amount_fen OR p.refunded_fen <> COALESCE((
      SELECT SUM(r.amount_fen) FROM refunds r WHERE r.payment_id = p.id AND r.status = 2), 0)`,
  },
  {
    id: 'I17',
    title: 'a refund’s number is used once for a payment',
    severity: 'critical',
    table: 'r',
    broken: `EXISTS (SELECT 1 FROM refunds x WHERE x.payment_id = r.payment_id
      AND x.out_request_no = r.out_request_no AND x.id <> r.id)`,
  },
  {
    id: 'I18',
    title: 'a refund has an amount, an end when it is over, and a payment that was made',
    severity: 'critical',
    table: 'r',
    broken: `r.amount_fen <= 0 OR (r.status = 1) <> (r.finished_at IS NULL) OR NOT EXISTS (
      SELECT 1 FROM payments p WHERE p.id = r.payment_id AND p.status = 2)`,
  },
  {
    id: 'I21',
    title: 'money was booked on a verified notify that was kept, or on a query',
    severity: 'critical',
    table: 'p',
    // Notifies are kept for 30 days at least (NOTICE_KEEP_DAYS).
    broken: `(p.status = 2) <> (p.trade_no IS NOT NULL AND p.paid_at IS NOT NULL)
      OR p.status = 2 AND COALESCE(p.source, '') <> 'query' AND (
        COALESCE(p.source, '') <> 'notify'
        OR p.paid_at > UTC_TIMESTAMP(3) - INTERVAL 29 DAY AND NOT EXISTS (
          SELECT 1 FROM alipay_notices n WHERE n.out_trade_no = CAST(p.order_id AS CHAR)
            AND n.verdict IN ('applied', 'late')))`,
  },
  {
    id: 'I22',
    title: 'money that was booked is in the history, once',
    severity: 'critical',
    table: 'p',
    broken: `IF(p.status = 2, 1, 0) <> (SELECT COUNT(*) FROM order_events e
      WHERE e.order_id = p.order_id AND e.type IN ('paid', 'paid_late'))`,
  },
  {
    id: 'I28',
    title: 'no more is asked back than was paid',
    severity: 'critical',
    table: 'p',
    broken: `p.amount_fen < COALESCE((
      SELECT SUM(r.amount_fen) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 3), 0)`,
  },
  {
    // It was never booked, so the order it was sent for is canceled (I13) and has no other money.
    id: 'I31',
    title: 'money goes back as not fitting only beside a closed payment of another amount',
    severity: 'critical',
    table: 'p',
    broken: `EXISTS (SELECT 1 FROM odd_refunds f WHERE f.order_id = p.order_id
      AND (p.status <> 3 OR f.amount_fen = p.amount_fen))`,
  },
];
