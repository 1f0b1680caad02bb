/** One thing that is always true of the shop's rows. */
export interface Invariant {
  readonly id: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /** `critical`: goods or money are wrong. `major`: the books do not tell what happened. */
  readonly severity: 'critical' | 'major';
  readonly table: Table;
  /** True of a row that breaks the rule. */
  readonly broken: string;
  /** Which of the touched rows are checked every minute, where all of them would cost too much. */
  readonly touchedOnlyIf?: string;
  /** Cheap on the whole table and a matter of time, so no touched row tells when to look. */
  readonly alwaysInFull?: true;
}

/** The tables whose rows are looked at, by their alias in the predicates. */
type Table = keyof typeof TABLES;

/**
 * Orders something has happened to: their history went on, they are new (an id begins with its
 * time), or their money moved. Nothing of this costs the placing of an order a statement or an
 * index; a change of an order that leaves no trace at all is left to the full run.
 */
const TOUCHED_ORDERS = `(
    SELECT order_id AS id FROM order_events WHERE id > :event
    UNION SELECT id FROM orders WHERE id >= CAST(:order AS UNSIGNED)
    UNION SELECT order_id FROM payments WHERE touched_at >= :since
    UNION SELECT q.order_id FROM refunds f JOIN payments q ON q.id = f.payment_id
          WHERE f.touched_at >= :since
  ) t STRAIGHT_JOIN`;

/** Where the rows are read: all of them, or those touched since the marks `:since`, `:event`, `:order`. */
export const TABLES = {
  o: { name: 'order', all: 'orders o', touched: `${TOUCHED_ORDERS} orders o ON o.id = t.id` },
  l: {
    name: 'order line',
    all: 'order_lines l',
    touched: `${TOUCHED_ORDERS} order_lines l ON l.order_id = t.id`,
  },
  p: {
    name: 'payment',
    all: 'payments p',
    touched: `${TOUCHED_ORDERS} payments p ON p.order_id = t.id`,
  },
  r: {
    name: 'refund',
    all: 'refunds r',
    touched: `(SELECT id FROM refunds WHERE touched_at >= :since) t
      STRAIGHT_JOIN refunds r ON r.id = t.id`,
  },
  e: {
    name: 'order event',
    all: 'order_events e',
    touched: `(SELECT id FROM order_events WHERE id > :event) t
      STRAIGHT_JOIN order_events e ON e.id = t.id`,
  },
  s: {
    name: 'SKU',
    all: 'skus s',
    touched: `(SELECT id FROM skus WHERE touched_at >= :since) t STRAIGHT_JOIN skus s ON s.id = t.id`,
  },
} as const;
