import type { TestDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import type { Habit, Purchase, Said } from './buyer.js';

/** What became of all purchases. */
export interface Verdict {
  readonly orders: number;
  /** Buyers who got no order. */
  readonly refused: number;
  /** Units sold that were not there. */
  readonly oversold: number;
  /** Orders that were promised and do not exist. */
  readonly lost: number;
  /** Orders beyond one of each buyer. */
  readonly duplicated: number;
  /** Everything else that is wrong, one sentence each. */
  readonly wrong: readonly string[];
}

interface Left {
  readonly ordersOf: ReadonlyMap<number, readonly string[]>;
  readonly stockOf: ReadonlyMap<number, number>;
  readonly cartLinesOf: ReadonlyMap<number, number>;
}

/** Compares what the buyers were told with the rows there are. */
export async function audit(
  db: TestDatabase,
  purchases: readonly Purchase[],
  units: number,
): Promise<Verdict> {
  const left = await read(db);
  const orderIds = new Set([...left.ordersOf.values()].flat());
  const sold = await db.sql<{ n: number }>(
    'SELECT CAST(SUM(count) AS SIGNED) AS n FROM order_lines GROUP BY sku_id',
  );
  const promised = purchases.flatMap(({ said }) => said.filter(isPromise));
  const lost = promised.filter(({ orderId }) => !orderIds.has(orderId ?? ''));
  const buyersServed = purchases.filter(({ buyer }) => left.ordersOf.has(buyer.id)).length;
  return {
    orders: orderIds.size,
    refused: purchases.length - buyersServed,
    oversold: sold.reduce((sum, { n }) => sum + Math.max(0, n - units), 0),
    lost: new Set(lost.map(({ orderId }) => orderId)).size,
    duplicated: orderIds.size - left.ordersOf.size,
    wrong: [
      ...(await violations(db)),
      ...purchases.flatMap((purchase) => judge(purchase, left)),
      ...underSold(purchases, orderIds.size, units),
    ],
  };
}

async function read(db: TestDatabase): Promise<Left> {
  const ordersOf = new Map<number, string[]>();
  for (const { id, userId } of await db.sql<{ id: string; userId: number }>(
    'SELECT CAST(id AS CHAR) AS id, user_id AS userId FROM orders',
  )) {
    ordersOf.set(userId, [...(ordersOf.get(userId) ?? []), id]);
  }
  const skus = await db.sql<{ id: number; stock: number }>('SELECT id, stock FROM skus');
  const carts = await db.sql<{ userId: number; n: number }>(
    'SELECT user_id AS userId, COUNT(*) AS n FROM cart_lines GROUP BY user_id',
  );
  return {
    ordersOf,
    stockOf: new Map(skus.map(({ id, stock }) => [id, stock])),
    cartLinesOf: new Map(carts.map(({ userId, n }) => [userId, n])),
  };
}

function isPromise({ status }: Said): boolean {
  return status === 200 || status === 201;
}

/** One buyer's answers, order and cart must tell the same story. */
function judge({ buyer, skuIds, habit, said }: Purchase, left: Left): string[] {
  const [orderId] = left.ordersOf.get(buyer.id) ?? [];
  const cartLines = left.cartLinesOf.get(buyer.id) ?? 0;
  const who = `buyer ${buyer.id} (${habit})`;
  const wrong: string[] = [];
  const unexpected = said.filter((one) => !mayBeSaid(one, habit, orderId));
  if (unexpected.length > 0) {
    wrong.push(`${who} was told ${JSON.stringify(unexpected)}, the order is ${orderId}`);
  }
  if (orderId !== undefined && !said.some(isPromise)) {
    wrong.push(`${who} has order ${orderId} and was never told`);
  }
  if (cartLines !== (orderId === undefined ? skuIds.length : 0)) {
    wrong.push(`${who} has ${cartLines} lines in the cart`);
  }
  // Stock only falls here, so a rightly refused cart holds something that is gone in the end.
  if (orderId === undefined && skuIds.every((id) => (left.stockOf.get(id) ?? 0) > 0)) {
    wrong.push(`${who} was refused although everything is in stock`);
  }
  return wrong;
}

function mayBeSaid(said: Said, habit: Habit, orderId: string | undefined): boolean {
  if (orderId === undefined) {
    return said.status === 409 && said.code === 'STOCK_INSUFFICIENT';
  }
  const repeated = habit === 'double_click' && said.code === 'CART_EMPTY';
  return repeated || (isPromise(said) && said.orderId === orderId);
}

/** With one unit in every cart the number of orders is known beforehand. */
function underSold(purchases: readonly Purchase[], orders: number, units: number): string[] {
  const wanted = Math.min(units, purchases.length);
  const known = purchases.every(({ skuIds }) => skuIds.length === 1);
  return known && orders !== wanted ? [`${wanted} orders were possible, ${orders} were made`] : [];
}
