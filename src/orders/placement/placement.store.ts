import type { DataSource } from 'typeorm';
import { ConflictError } from '../../database/errors.js';
import type { Statement, Tx, Written } from '../../database/transaction.js';
import { initialStatus, PayMethod } from '../order-status.js';
import {
  type AddressSnapshot,
  type CartSnapshot,
  keyOf,
  type OrderDraft,
  type PlaceOrder,
  type SkuSnapshot,
  type Snapshot,
} from './place-order.js';

/**
 * The only SQL of placing orders: set-based, the same few statements for one order or 256.
 * Lock order: cart rows by (user, sku), then SKU rows by id.
 */

/** A snapshot and when the database was asked for it. */
export interface TimedSnapshot extends Snapshot {
  /** Before any wait for its locks; undefined when every cart is empty. */
  readonly readAt: Date | undefined;
}

type SkuColumns = Omit<SkuSnapshot, 'id' | 'launched'> & { readonly launched: number };
/** A selected cart line and its SKU, whose columns are null where there is none. */
type GoodsRow = CartSnapshot & { readonly userId: number; readonly readAt: Date } & (
    SkuColumns | { readonly [K in keyof SkuColumns]: null }
  );
interface KeyRow {
  readonly userId: number;
  readonly k: string;
  readonly orderId: string;
  readonly hash: string;
}

const SELECT_ADDRESSES = `
  SELECT a.id, a.user_id AS userId, a.receiver, p.name AS province, c.name AS city,
         d.name AS district, a.place, a.mobile, a.tel
  FROM addresses a FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN areas p ON p.id = a.province_id
  STRAIGHT_JOIN areas c ON c.id = a.city_id
  STRAIGHT_JOIN areas d ON d.id = a.district_id
  WHERE a.id IN (?) AND a.deleted_at IS NULL`;

const SELECT_KEYS = `
  SELECT o.user_id AS userId, t.k, o.id AS orderId, LOWER(HEX(o.request_hash)) AS hash
  FROM JSON_TABLE(?, '$[*]' COLUMNS (
      user_id INT UNSIGNED PATH '$[0]', k VARCHAR(255) PATH '$[1]')) t
  STRAIGHT_JOIN orders o
    ON o.user_id = t.user_id AND o.idempotency_key = CAST(t.k AS BINARY)`;

/**
 * The selected cart lines with their SKUs. The inner query is there for the lock order: it locks the
 * lines as their primary key has them, and hands them on by SKU. Without its LIMIT the server may drop
 * its ORDER BY, and would meet the SKUs cart by cart. LEFT, since a line whose SKU is missing has to be seen.
 */
const selectGoods = (cartLock: string, skuLock: string): string => `
  SELECT t.user_id AS userId, t.sku_id AS skuId, t.count, s.name, s.default_image AS image,
         s.price_fen AS priceFen, s.stock, s.sales, s.version, s.is_launched AS launched,
         UTC_TIMESTAMP(3) AS readAt
  FROM (SELECT user_id, sku_id, count
        FROM cart_lines FORCE INDEX (PRIMARY)
        WHERE user_id IN (?) AND selected
        ORDER BY sku_id LIMIT 1000000 ${cartLock}) t
  LEFT JOIN skus s FORCE INDEX (PRIMARY) ON s.id = t.sku_id ${skuLock}`;

const INSERT_ORDERS = `
  INSERT INTO orders (id, user_id, status, pay_method, total_count, total_fen, freight_fen,
    address_id, receiver, province, city, district, place, mobile, tel,
    idempotency_key, request_hash, created_at, expires_at)
  VALUES ?`;

const INSERT_LINES = `
  INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen) VALUES ?`;

const INSERT_EVENTS = `
  INSERT INTO order_events (order_id, type, to_status, actor, created_at) VALUES ?`;

/**
 * Writes only where nobody else has written since the snapshot; the caller counts the rows. Under
 * the pessimistic guard a missing row cannot be, so there it is an assertion.
 */
const UPDATE_SKUS = `
  UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
      id INT UNSIGNED PATH '$[0]', version INT UNSIGNED PATH '$[1]', taken INT PATH '$[2]')) t
  STRAIGHT_JOIN skus s ON s.id = t.id AND s.version = t.version
  SET s.stock = s.stock - t.taken, s.sales = s.sales + t.taken, s.version = s.version + 1`;

const DELETE_CARTS = `
  DELETE c FROM JSON_TABLE(?, '$[*]' COLUMNS (
      user_id INT UNSIGNED PATH '$[0]', sku_id INT UNSIGNED PATH '$[1]')) t
  STRAIGHT_JOIN cart_lines c ON c.user_id = t.user_id AND c.sku_id = t.sku_id`;

/**
 * How the SKU rows are guarded. `pessimistic`: locked when they are read. `optimistic`: read freely,
 * and written only where their version is still the one that was read.
 */
export type SkuGuard = 'pessimistic' | 'optimistic';

/** Whether a row that somebody else holds is waited for, or fails at once. */
export type Waiting = 'wait' | 'nowait';

/** Reads everything the decision needs, and locks it in the lock order: one packet. */
export async function readSnapshot(
  tx: Tx,
  commands: readonly PlaceOrder[],
  guard: SkuGuard,
  waiting: Waiting,
): Promise<TimedSnapshot> {
  const forUpdate = waiting === 'wait' ? 'FOR UPDATE' : 'FOR UPDATE NOWAIT';
  const skuLock = guard === 'pessimistic' ? forUpdate : '';
  const users = [unique(commands.map(({ userId }) => userId))];
  const keyed = commands.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  const [addresses, goods, keys = []] = (await tx.together([
    { sql: SELECT_ADDRESSES, parameters: [unique(commands.map(({ addressId }) => addressId))] },
    { sql: selectGoods(forUpdate, skuLock), parameters: users },
    // After the cart locks: a rival with the same key has committed by now, and its key is seen.
    ...(keyed.length === 0 ? [] : [selectKeys(keyed)]),
  ])) as [AddressSnapshot[], GoodsRow[], KeyRow[]?];
  return {
    keys: new Map(
      keys.map(({ userId, k, orderId, hash }) => [
        keyOf(userId, k),
        { orderId, requestHash: hash },
      ]),
    ),
    addresses: new Map(addresses.map((address) => [address.id, address])),
    carts: cartsOf(goods),
    skus: skusOf(goods),
    readAt: goods[0]?.readAt,
  };
}

/** Writes the orders of one batch. `expiresMs`: how long an unpaid order lives. */
export async function writeOrders(
  tx: Tx,
  orders: readonly OrderDraft[],
  snapshot: TimedSnapshot,
  { guard, expiresMs }: { readonly guard: SkuGuard; readonly expiresMs: number },
): Promise<void> {
  const { readAt } = snapshot;
  if (orders.length === 0 || !readAt) {
    return;
  }
  const now = datetime(readAt);
  const expiresAt = datetime(new Date(readAt.getTime() + expiresMs));
  const stock = takeStock(orders, snapshot);
  const carts = clearCarts(orders);
  const inserts: Statement[] = [
    {
      sql: INSERT_ORDERS,
      parameters: [orders.map((order) => orderRow(order, now, expiresAt))],
    },
    { sql: INSERT_LINES, parameters: [orders.flatMap(lineRows)] },
    { sql: INSERT_EVENTS, parameters: [orders.map((order) => eventRow(order, now))] },
  ];
  // The stock first, since a line's foreign key would share-lock its SKU row: two optimistic writers
  // that both hold such a lock and want to write the row are a deadlock. An optimistic writer also
  // has to know that it has won before it writes more.
  if (guard === 'optimistic') {
    insistOn(stock.rows, await tx.query<Written>(stock.sql, stock.parameters), 'SKU');
    const results = (await tx.together([...inserts, carts])) as Written[];
    insistOn(carts.rows, results.at(-1), 'cart');
  } else {
    const results = (await tx.together([stock, ...inserts, carts])) as Written[];
    insistOn(stock.rows, results[0], 'SKU');
    insistOn(carts.rows, results.at(-1), 'cart');
  }
}

/** The selected lines of one buyer as they are now, without a lock. */
export function readCart(dataSource: DataSource, userId: number): Promise<CartSnapshot[]> {
  return dataSource.query<CartSnapshot[]>(
    `SELECT sku_id AS skuId, count FROM cart_lines WHERE user_id = ? AND selected ORDER BY sku_id`,
    [userId],
  );
}

/** The orders among `ids` that exist; waits for a transaction that is still writing them. */
export async function existingOrders(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }[]>(
    'SELECT id FROM orders WHERE id IN (?) ORDER BY id FOR UPDATE',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

function selectKeys(keyed: readonly PlaceOrder[]): Statement {
  const pairs = keyed.map(({ userId, idempotencyKey }) => [userId, idempotencyKey]);
  return { sql: SELECT_KEYS, parameters: [JSON.stringify(pairs)] };
}

/** A statement that must change exactly so many rows. */
interface Counted extends Statement {
  readonly rows: number;
}

function insistOn(rows: number, written: Written | undefined, what: string): void {
  if (written?.affectedRows !== rows) {
    throw new ConflictError(
      `of ${rows} ${what} rows, ${written?.affectedRows} were as they were read`,
    );
  }
}

function takeStock(orders: readonly OrderDraft[], snapshot: Snapshot): Counted {
  const taken = new Map<number, number>();
  for (const { lines } of orders) {
    for (const { skuId, count } of lines) {
      taken.set(skuId, (taken.get(skuId) ?? 0) + count);
    }
  }
  const rows = [...taken]
    .sort(([a], [b]) => a - b)
    .map(([skuId, count]) => [skuId, snapshot.skus.get(skuId)?.version, count]);
  return { sql: UPDATE_SKUS, parameters: [JSON.stringify(rows)], rows: rows.length };
}

function clearCarts(orders: readonly OrderDraft[]): Counted {
  const rows = orders.flatMap(({ command, lines }) =>
    lines.map(({ skuId }) => [command.userId, skuId]),
  );
  return { sql: DELETE_CARTS, parameters: [JSON.stringify(rows)], rows: rows.length };
}

function eventRow({ command }: OrderDraft, at: string): unknown[] {
  return [command.orderId, 'placed', initialStatus(command.payMethod), 'buyer', at];
}

function orderRow(order: OrderDraft, createdAt: string, expiresAt: string): unknown[] {
  const { command, address } = order;
  return [
    command.orderId,
    command.userId,
    initialStatus(command.payMethod),
    command.payMethod,
    order.totalCount,
    order.totalFen,
    order.freightFen,
    address.id,
    address.receiver,
    address.province,
    address.city,
    address.district,
    address.place,
    address.mobile,
    address.tel,
    command.idempotencyKey ?? null,
    command.requestHash === undefined ? null : Buffer.from(command.requestHash, 'hex'),
    createdAt,
    command.payMethod === PayMethod.Alipay ? expiresAt : null,
  ];
}

/** A time as the database writes it. Made once for a batch; the driver would do it for every row. */
function datetime(at: Date): string {
  return at.toISOString().slice(0, -1).replace('T', ' ');
}

function lineRows({ command, lines }: OrderDraft): unknown[][] {
  return lines.map(({ skuId, name, image, count, priceFen }) => [
    command.orderId,
    skuId,
    name,
    image,
    count,
    priceFen,
  ]);
}

/** The server promises no order of the rows it answers, and a cart is compared line by line. */
function cartsOf(goods: readonly GoodsRow[]): Map<number, CartSnapshot[]> {
  const carts = new Map<number, CartSnapshot[]>();
  for (const { userId, skuId, count } of goods.toSorted((a, b) => a.skuId - b.skuId)) {
    const cart = carts.get(userId);
    if (cart) {
      cart.push({ skuId, count });
    } else {
      carts.set(userId, [{ skuId, count }]);
    }
  }
  return carts;
}

function skusOf(goods: readonly GoodsRow[]): Map<number, SkuSnapshot> {
  const skus = new Map<number, SkuSnapshot>();
  for (const row of goods) {
    if (row.version !== null && !skus.has(row.skuId)) {
      const { skuId: id, name, image, priceFen, stock, sales, version, launched } = row;
      skus.set(id, { id, name, image, priceFen, stock, sales, version, launched: launched === 1 });
    }
  }
  return skus;
}

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
