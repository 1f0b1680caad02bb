import { type Buyer, buildBuyers, buildSkus } from './build.js';
import type { TestDatabase } from './database.js';

/** An order as rows, for tests of what happens to it afterwards. */
export interface BuiltOrder {
  readonly id: string;
  readonly buyer: Buyer;
  readonly skus: readonly number[];
  readonly totalFen: number;
  /** Of a paid one. */
  readonly paymentId: number;
}

const FREIGHT_FEN = 1000;
const PRICE_FEN = 2500;
export const STOCK_BEFORE = 10;

let made = 0;

/**
 * An order of a new buyer, `count` of each of `kinds` new products of which there were ten, in any
 * state; with `tradeNo` its payment is booked.
 */
export async function buildOrder(
  db: TestDatabase,
  {
    status = 1,
    payMethod = 2,
    count = 2,
    kinds = 1,
    tradeNo,
  }: { status?: number; payMethod?: number; count?: number; kinds?: number; tradeNo?: string } = {},
): Promise<BuiltOrder> {
  made += 1;
  const id = `26${String(made).padStart(17, '0')}`;
  const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
  const skus = await buildSkus(db, kinds, { stock: STOCK_BEFORE, priceFen: PRICE_FEN });
  const totalFen = FREIGHT_FEN + kinds * count * PRICE_FEN;
  await db.sql(
    `INSERT INTO orders (id, user_id, status, pay_method, total_count, total_fen, freight_fen,
       address_id, receiver, province, city, district, place, mobile, created_at, expires_at,
       stock_restored_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, '买家', '试验省', '试验市', '试验区', '一号', '19900000000',
       UTC_TIMESTAMP(3), IF(? = 2, UTC_TIMESTAMP(3) + INTERVAL 30 MINUTE, NULL),
       IF(? = 6, UTC_TIMESTAMP(3), NULL))`,
    [
      id,
      buyer.id,
      status,
      payMethod,
      kinds * count,
      totalFen,
      FREIGHT_FEN,
      buyer.addressId,
      payMethod,
      status,
    ],
  );
  await db.sql(
    'INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen) VALUES ?',
    [skus.map((sku) => [id, sku, `商品 ${sku}`, '', count, PRICE_FEN])],
  );
  if (status !== 6) {
    await db.sql('UPDATE skus SET stock = stock - ?, sales = sales + ? WHERE id IN (?)', [
      count,
      count,
      skus,
    ]);
  }
  return { id, buyer, skus, totalFen, paymentId: await pay(db, { id, totalFen }, tradeNo) };
}

async function pay(
  db: TestDatabase,
  { id, totalFen }: { id: string; totalFen: number },
  tradeNo: string | undefined,
): Promise<number> {
  if (tradeNo === undefined) {
    return 0;
  }
  await db.sql(
    `INSERT INTO payments (order_id, status, amount_fen, trade_no, source, expires_at, paid_at)
     VALUES (?, 2, ?, ?, 'notify', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
    [id, totalFen, tradeNo],
  );
  const [payment] = await db.sql<{ id: number }>('SELECT id FROM payments WHERE order_id = ?', [
    id,
  ]);
  return payment?.id ?? 0;
}

/** Stock and sales of a product. */
export async function unitsOf(
  db: TestDatabase,
  sku: number | undefined,
): Promise<readonly [stock: number, sales: number]> {
  const [row] = await db.sql<{ stock: number; sales: number }>(
    'SELECT stock, sales FROM skus WHERE id = ?',
    [sku],
  );
  return [row?.stock ?? Number.NaN, row?.sales ?? Number.NaN];
}

/** The history of an order, oldest first. */
export async function historyOf(db: TestDatabase, orderId: string): Promise<unknown[]> {
  const rows = await db.sql<{ detail: string | null }>(
    `SELECT type, from_status AS \`from\`, to_status AS \`to\`, actor, CAST(detail AS CHAR) AS detail
     FROM order_events WHERE order_id = ? ORDER BY id`,
    [orderId],
  );
  return rows.map(({ detail, ...event }) => ({
    ...event,
    ...(detail === null ? {} : { detail: JSON.parse(detail) as unknown }),
  }));
}

export async function statusOf(db: TestDatabase, orderId: string): Promise<number | undefined> {
  const [row] = await db.sql<{ status: number }>('SELECT status FROM orders WHERE id = ?', [
    orderId,
  ]);
  return row?.status;
}
