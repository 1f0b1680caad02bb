import { buildBuyers, buildSkus } from '../kit/build.js';
import type { TestDatabase } from '../kit/database.js';

const CHUNK = 2000;
const FREIGHT_FEN = 1000;
const PRICE_FEN = 1999;
const AT = new Date('2026-01-01T04:00:00Z');
const FIRST_ID = 2_601_011_200_000_000_000n;
const SKUS = 1000;

/** Where an order is in its life; every tenth order is of the same kind. */
type Kind = 'unpaid' | 'canceled' | 'returned' | 'paid' | 'shipped' | 'done';
const KINDS: readonly Kind[] = [
  'unpaid',
  'canceled',
  'returned',
  'paid',
  'paid',
  'shipped',
  'done',
  'done',
  'done',
  'done',
];
const EVENTS: Readonly<Record<Kind, readonly [type: string, from: number | null, to: number][]>> = {
  unpaid: [],
  canceled: [['canceled', 1, 6]],
  returned: [
    ['paid', 1, 2],
    ['canceled', 2, 6],
    ['refunded', 6, 6],
  ],
  paid: [['paid', 1, 2]],
  shipped: [
    ['paid', 1, 2],
    ['shipped', 2, 3],
  ],
  done: [
    ['paid', 1, 2],
    ['shipped', 2, 3],
    ['received', 3, 4],
    ['completed', 4, 5],
  ],
};

interface Past {
  readonly id: string;
  readonly userId: number;
  readonly kind: Kind;
  readonly totalFen: number;
  readonly skus: readonly number[];
}

/**
 * A shop with a past, written set-based: `count` orders of two or three lines, four of five paid,
 * one SKU in every fifth order. Everything in it is right.
 */
export async function buildHistory(db: TestDatabase, count: number): Promise<void> {
  const buyers = await buildBuyers(db, 100);
  const skus = await buildSkus(db, SKUS, { stock: 1_000_000, priceFen: PRICE_FEN });
  for (let from = 0; from < count; from += CHUNK) {
    const orders = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) =>
      past(from + i, buyers[(from + i) % buyers.length]?.id ?? 0, skus),
    );
    await writeOrders(db, orders);
    await writeMoney(db, orders);
    await writeGoods(db, orders);
  }
  await db.sql(`INSERT INTO comments (order_line_id, sku_id, user_id, comment, score, is_anonymous,
      created_at)
    SELECT l.id, l.sku_id, o.user_id, '好', 5, 0, o.created_at
    FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.status = 5`);
  await db.sql(`UPDATE skus s JOIN (
      SELECT l.sku_id, SUM(l.count) AS n, SUM(o.status = 5) AS commented
      FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.status <> 6 GROUP BY l.sku_id
    ) x ON x.sku_id = s.id
    SET s.sales = x.n, s.stock = s.stock - x.n, s.comments = x.commented`);
  await db.sql('ANALYZE TABLE orders, order_lines, order_events, payments, refunds, comments');
}

function past(n: number, userId: number, skus: readonly number[]): Past {
  const lines = 2 + (n % 2);
  const chosen = Array.from({ length: lines }, (_, i) => skus[1 + ((n * 7 + i * 131) % 999)] ?? 0);
  const ids = n % 5 === 0 ? [skus[0] ?? 0, ...chosen.slice(1)] : chosen;
  return {
    id: String(FIRST_ID + BigInt(n)),
    userId,
    kind: KINDS[n % KINDS.length] ?? 'unpaid',
    totalFen: lines * PRICE_FEN + FREIGHT_FEN,
    skus: ids,
  };
}

async function writeOrders(db: TestDatabase, orders: readonly Past[]): Promise<void> {
  await db.sql(
    `INSERT INTO orders (id, user_id, status, pay_method, total_count, total_fen, freight_fen,
       address_id, receiver, province, city, district, place, mobile, idempotency_key, created_at,
       expires_at, stock_restored_at) VALUES ?`,
    [
      orders.map(({ id, userId, kind, totalFen, skus }) => {
        const status = EVENTS[kind].at(-1)?.[2] ?? 1;
        const expires = new Date(Date.now() + 86_400_000);
        const where = [1, '买家', '省', '市', '区', '一号', '19900000000', id];
        const row = [id, userId, status, 2, skus.length, totalFen, FREIGHT_FEN, ...where];
        return [...row, AT, expires, status === 6 ? AT : null];
      }),
    ],
  );
  await db.sql(
    'INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen) VALUES ?',
    [orders.flatMap(({ id, skus }) => skus.map((sku) => [id, sku, '商品', '', 1, PRICE_FEN]))],
  );
  await db.sql(
    `INSERT INTO order_events (order_id, type, from_status, to_status, actor, created_at) VALUES ?`,
    [
      orders.flatMap(({ id, kind }) =>
        [['placed', null, 1] as const, ...EVENTS[kind]].map((event) => [id, ...event, 'x', AT]),
      ),
    ],
  );
}

async function writeMoney(db: TestDatabase, orders: readonly Past[]): Promise<void> {
  const paid = orders.filter(({ kind }) => kind !== 'unpaid' && kind !== 'canceled');
  await db.sql(
    `INSERT INTO payments (order_id, status, amount_fen, refunded_fen, trade_no, source, expires_at,
       paid_at) VALUES ?`,
    [
      paid.map(({ id, totalFen, kind }) => {
        const refunded = kind === 'returned' ? totalFen : 0;
        return [id, 2, totalFen, refunded, id, 'notify', AT, AT];
      }),
    ],
  );
  await db.sql('INSERT INTO alipay_notices (notify_id, out_trade_no, verdict, params) VALUES ?', [
    paid.map(({ id }) => [id, id, 'applied', '{}']),
  ]);
  await db.sql(
    `INSERT INTO refunds (payment_id, out_request_no, amount_fen, status, finished_at)
     SELECT id, CONCAT(order_id, '-1'), refunded_fen, 2, paid_at FROM payments
     WHERE refunded_fen > 0 AND order_id IN (?)`,
    [paid.map(({ id }) => id)],
  );
}

async function writeGoods(db: TestDatabase, orders: readonly Past[]): Promise<void> {
  const sent = orders.filter(({ kind }) => kind === 'shipped' || kind === 'done');
  await db.sql(
    'INSERT INTO shipments (order_id, carrier, tracking_number, shipped_at, received_at) VALUES ?',
    [sent.map(({ id, kind }) => [id, '顺丰', id, AT, kind === 'done' ? AT : null])],
  );
}
