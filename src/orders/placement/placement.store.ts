import type { DataSource } from 'typeorm';
import { ConflictError } from '../../database/errors.js';
import type { Tx, Written } from '../../database/transaction.js';
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

/** A snapshot with the time of the database it was read at; undefined when no SKU is wanted. */
export interface TimedSnapshot extends Snapshot {
  readonly readAt: Date | undefined;
}

const SELECT_ADDRESSES = `
  SELECT a.id, a.user_id AS userId, a.receiver, p.name AS province, c.name AS city,
         d.name AS district, a.place, a.mobile, a.tel
  FROM addresses a
  JOIN areas p ON p.id = a.province_id
  JOIN areas c ON c.id = a.city_id
  JOIN areas d ON d.id = a.district_id
  WHERE a.id IN (?) AND a.deleted_at IS NULL`;

const SELECT_CARTS = `
  SELECT user_id AS userId, sku_id AS skuId, count
  FROM cart_lines FORCE INDEX (PRIMARY)
  WHERE user_id IN (?) AND selected
  ORDER BY user_id, sku_id`;

const SELECT_KEYS = `
  SELECT o.user_id AS userId, t.k, o.id AS orderId, LOWER(HEX(o.request_hash)) AS hash
  FROM JSON_TABLE(?, '$[*]' COLUMNS (
      user_id INT UNSIGNED PATH '$[0]', k VARCHAR(255) PATH '$[1]')) t
  STRAIGHT_JOIN orders o
    ON o.user_id = t.user_id AND o.idempotency_key = CAST(t.k AS BINARY)`;

const SELECT_SKUS = `
  SELECT id, name, default_image AS image, price_fen AS priceFen, stock, sales, version,
         is_launched AS launched, UTC_TIMESTAMP(3) AS readAt
  FROM skus FORCE INDEX (PRIMARY)
  WHERE id IN (?)
  ORDER BY id`;

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

/** Reads everything the decision needs, and locks it in the lock order. */
export async function readSnapshot(
  tx: Tx,
  commands: readonly PlaceOrder[],
  guard: SkuGuard,
  waiting: Waiting,
): Promise<TimedSnapshot> {
  const forUpdate = waiting === 'wait' ? 'FOR UPDATE' : 'FOR UPDATE NOWAIT';
  const addresses = await tx.query<AddressSnapshot[]>(SELECT_ADDRESSES, [
    unique(commands.map(({ addressId }) => addressId)),
  ]);
  const cartRows = await tx.query<(CartSnapshot & { userId: number })[]>(
    `${SELECT_CARTS} ${forUpdate}`,
    [unique(commands.map(({ userId }) => userId))],
  );
  // After the cart locks: a rival with the same key has committed by now, and its key is seen.
  const keys = await readKeys(tx, commands);
  const skuIds = unique(cartRows.map(({ skuId }) => skuId));
  const skus =
    skuIds.length === 0
      ? []
      : await tx.query<(Omit<SkuSnapshot, 'launched'> & { launched: number; readAt: Date })[]>(
          guard === 'pessimistic' ? `${SELECT_SKUS} ${forUpdate}` : SELECT_SKUS,
          [skuIds],
        );
  return {
    keys,
    addresses: new Map(addresses.map((address) => [address.id, address])),
    carts: groupByUser(cartRows),
    skus: new Map(skus.map((sku) => [sku.id, { ...sku, launched: sku.launched === 1 }])),
    readAt: skus[0]?.readAt,
  };
}

/** Writes the orders of one batch. `expiresMs`: how long an unpaid order lives. */
export async function writeOrders(
  tx: Tx,
  orders: readonly OrderDraft[],
  snapshot: TimedSnapshot,
  expiresMs: number,
): Promise<void> {
  const { readAt } = snapshot;
  if (orders.length === 0 || !readAt) {
    return;
  }
  const expiresAt = new Date(readAt.getTime() + expiresMs);
  // First, since a line's foreign key would share-lock its SKU row: two optimistic writers that both
  // hold such a lock and want to write the row are a deadlock.
  await takeStock(tx, orders, snapshot);
  await tx.query(INSERT_ORDERS, [orders.map((order) => orderRow(order, readAt, expiresAt))]);
  await tx.query(INSERT_LINES, [orders.flatMap(lineRows)]);
  await tx.query(INSERT_EVENTS, [
    orders.map(({ command }) => [
      command.orderId,
      'placed',
      initialStatus(command.payMethod),
      'buyer',
      readAt,
    ]),
  ]);
  await clearCarts(tx, orders);
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

async function readKeys(tx: Tx, commands: readonly PlaceOrder[]): Promise<Snapshot['keys']> {
  const keyed = commands.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  if (keyed.length === 0) {
    return new Map();
  }
  const rows = await tx.query<{ userId: number; k: string; orderId: string; hash: string }[]>(
    SELECT_KEYS,
    [JSON.stringify(keyed.map(({ userId, idempotencyKey }) => [userId, idempotencyKey]))],
  );
  return new Map(
    rows.map((row) => [keyOf(row.userId, row.k), { orderId: row.orderId, requestHash: row.hash }]),
  );
}

async function takeStock(tx: Tx, orders: readonly OrderDraft[], snapshot: Snapshot): Promise<void> {
  const taken = new Map<number, number>();
  for (const { skuId, count } of orders.flatMap(({ lines }) => lines)) {
    taken.set(skuId, (taken.get(skuId) ?? 0) + count);
  }
  const rows = [...taken]
    .sort(([a], [b]) => a - b)
    .map(([skuId, count]) => [skuId, snapshot.skus.get(skuId)?.version, count]);
  const { affectedRows } = await tx.query<Written>(UPDATE_SKUS, [JSON.stringify(rows)]);
  if (affectedRows !== rows.length) {
    throw new ConflictError(`${rows.length - affectedRows} SKU rows were changed by others`);
  }
}

async function clearCarts(tx: Tx, orders: readonly OrderDraft[]): Promise<void> {
  const rows = orders.flatMap(({ command, lines }) =>
    lines.map(({ skuId }) => [command.userId, skuId]),
  );
  const { affectedRows } = await tx.query<Written>(DELETE_CARTS, [JSON.stringify(rows)]);
  if (affectedRows !== rows.length) {
    throw new ConflictError(`${rows.length - affectedRows} cart rows were changed by others`);
  }
}

function orderRow(order: OrderDraft, createdAt: Date, expiresAt: Date): unknown[] {
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
    command.idempotencyKey === undefined ? null : Buffer.from(command.requestHash, 'hex'),
    createdAt,
    command.payMethod === PayMethod.Alipay ? expiresAt : null,
  ];
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

function groupByUser(
  rows: readonly (CartSnapshot & { userId: number })[],
): Map<number, CartSnapshot[]> {
  const carts = new Map<number, CartSnapshot[]>();
  for (const { userId, skuId, count } of rows) {
    const cart = carts.get(userId);
    if (cart) {
      cart.push({ skuId, count });
    } else {
      carts.set(userId, [{ skuId, count }]);
    }
  }
  return carts;
}

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
