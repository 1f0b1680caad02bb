import { driverError } from '../database/errors.js';
import type { Tx } from '../database/transaction.js';
import type { CartCounts } from './cart-limits.js';
import type { SkuState, TakenLine } from './merge-rules.js';

const LOCK = `
  SELECT sku_id FROM cart_lines FORCE INDEX (PRIMARY)
  WHERE user_id = ? ORDER BY sku_id FOR UPDATE`;

const LOCK_OWNER = 'SELECT id FROM users WHERE id = ? FOR UPDATE';

const ADD = `
  INSERT INTO cart_lines (user_id, sku_id, count, selected) VALUES (?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE count = count + ?, selected = ?, updated_at = CURRENT_TIMESTAMP(3)`;

const SET = `
  INSERT INTO cart_lines (user_id, sku_id, count, selected) VALUES (?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE count = ?, selected = ?, updated_at = CURRENT_TIMESTAMP(3)`;

const MERGE = `
  INSERT INTO cart_lines (user_id, sku_id, count, selected) VALUES ?
  ON DUPLICATE KEY UPDATE count = VALUES(count), selected = VALUES(selected),
    updated_at = CURRENT_TIMESTAMP(3)`;

const SKUS = 'SELECT id, stock, is_launched AS launched FROM skus WHERE id IN (?)';

const COUNTS = 'SELECT sku_id AS skuId, count FROM cart_lines WHERE user_id = ?';

const TICK = `
  UPDATE cart_lines SET selected = ?, updated_at = CURRENT_TIMESTAMP(3)
  WHERE user_id = ? AND sku_id IN (?)`;

/**
 * Makes writers of one cart wait for each other. It locks the lines that are there, in the order
 * in which placing an order locks them. Writers that find an empty cart do not meet here; they
 * meet at the line they write, and are too few to fill the cart at once.
 */
export async function lockCart(tx: Tx, userId: number): Promise<void> {
  await tx.query(LOCK, [userId]);
}

/**
 * Makes a writer of many lines wait for everybody who writes a new one, also into an empty cart:
 * the foreign key has them all share the owner's row. Taken after the cart, as they do.
 */
export async function lockOwner(tx: Tx, userId: number): Promise<void> {
  await tx.query(LOCK_OWNER, [userId]);
}

/** Puts `count` more of the SKU into the cart. */
export async function addLine(
  tx: Tx,
  userId: number,
  skuId: number,
  count: number,
  selected: boolean,
): Promise<void> {
  await tx.query(ADD, [userId, skuId, count, selected, count, selected]);
}

/** True when the schema refused a line for its count: CHECK on MySQL, on MariaDB. */
export function countRefused(error: unknown): boolean {
  const { errno } = driverError(error);
  return errno === 3819 || errno === 4025;
}

/** Makes it exactly `count` of the SKU. */
export async function setLine(
  tx: Tx,
  userId: number,
  skuId: number,
  count: number,
  selected: boolean,
): Promise<void> {
  await tx.query(SET, [userId, skuId, count, selected, count, selected]);
}

/** What the cart holds now; the line this transaction has written is exact. */
export async function readCounts(tx: Tx, userId: number): Promise<CartCounts> {
  const rows = await tx.query<{ skuId: number; count: number }[]>(COUNTS, [userId]);
  return new Map(rows.map(({ skuId, count }) => [skuId, count]));
}

/** Ticks or unticks these lines of the cart. */
export async function tickLines(
  tx: Tx,
  userId: number,
  skuIds: readonly number[],
  selected: boolean,
): Promise<void> {
  await tx.query(TICK, [selected, userId, skuIds]);
}

/** Takes the SKU out of the cart, if it is there. */
export async function removeLine(tx: Tx, userId: number, skuId: number): Promise<void> {
  await tx.query('DELETE FROM cart_lines WHERE user_id = ? AND sku_id = ?', [userId, skuId]);
}

/** Puts these lines into the cart as they are, over what is there of the same SKUs. */
export async function mergeLines(
  tx: Tx,
  userId: number,
  lines: readonly TakenLine[],
): Promise<void> {
  if (lines.length > 0) {
    const rows = lines.map(({ skuId, count, selected }) => [userId, skuId, count, selected]);
    await tx.query(MERGE, [rows]);
  }
}

/** Those of these SKUs that exist, by id. */
export async function readSkus(
  tx: Tx,
  skuIds: readonly number[],
): Promise<ReadonlyMap<number, SkuState>> {
  const rows = await tx.query<{ id: number; stock: number; launched: number }[]>(SKUS, [skuIds]);
  return new Map(
    rows.map(({ id, stock, launched }) => [id, { stock, launched: Boolean(launched) }]),
  );
}
