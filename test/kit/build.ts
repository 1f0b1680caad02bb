import type { TestDatabase } from './database.js';

/** Rows for tests, written set-based. Parents that are missing are made on the way. */

export interface Buyer {
  readonly id: number;
  readonly addressId: number;
}

async function ground(db: TestDatabase): Promise<void> {
  const [found] = await db.sql('SELECT id FROM areas WHERE id = 999997');
  if (!found) {
    await db.sql(`INSERT INTO areas (id, name, parent_id) VALUES
      (999997, '试验省', NULL), (999998, '试验市', 999997), (999999, '试验区', 999998)`);
    await db.sql(`INSERT INTO categories (id, name, parent_id) VALUES (9991, '试验', NULL)`);
    await db.sql(`INSERT INTO spus (id, name, category_id) VALUES (9991, '试验', 9991)`);
  }
}

/** `count` buyers with one address each. Their password hash matches no password. */
export async function buildBuyers(db: TestDatabase, count: number): Promise<Buyer[]> {
  await ground(db);
  const [max] = await db.sql<{ id: number | null }>('SELECT MAX(id) AS id FROM users');
  const first = (max?.id ?? 0) + 1;
  const ids = Array.from({ length: count }, (_, i) => first + i);
  await db.sql('INSERT INTO users (id, username, mobile, password_hash) VALUES ?', [
    ids.map((id) => [id, `buyer_${id}`, `199${String(id).padStart(8, '0')}`, '!']),
  ]);
  await db.sql(
    `INSERT INTO addresses (user_id, title, receiver, province_id, city_id, district_id, place,
       mobile) VALUES ?`,
    [ids.map((id) => [id, '家', `买家${id}`, 999997, 999998, 999999, '一号', '19900000000'])],
  );
  const rows = await db.sql<{ id: number; userId: number }>(
    'SELECT id, user_id AS userId FROM addresses WHERE user_id IN (?)',
    [ids],
  );
  const addressOf = new Map(rows.map((row) => [row.userId, row.id]));
  return ids.map((id) => ({ id, addressId: addressOf.get(id) ?? 0 }));
}

/** `count` products with the same price and stock; their ids. */
export async function buildSkus(
  db: TestDatabase,
  count: number,
  { stock = 100, priceFen = 1000 } = {},
): Promise<number[]> {
  await ground(db);
  const [max] = await db.sql<{ id: number | null }>('SELECT MAX(id) AS id FROM skus');
  const ids = Array.from({ length: count }, (_, i) => (max?.id ?? 0) + 1 + i);
  await db.sql(
    `INSERT INTO skus (id, spu_id, category_id, name, price_fen, stock, initial_stock,
       default_image) VALUES ?`,
    [
      ids.map((id) => [
        id,
        9991,
        9991,
        `商品 ${id}`,
        priceFen,
        stock,
        stock,
        `/pictures/${id}.svg`,
      ]),
    ],
  );
  return ids;
}

/** Puts one of each product into each buyer's cart, selected. */
export async function fillCarts(
  db: TestDatabase,
  carts: readonly { readonly userId: number; readonly skuIds: readonly number[] }[],
  count = 1,
): Promise<void> {
  const rows = carts.flatMap(({ userId, skuIds }) => skuIds.map((sku) => [userId, sku, count]));
  await db.sql('INSERT INTO cart_lines (user_id, sku_id, count) VALUES ?', [rows]);
}
