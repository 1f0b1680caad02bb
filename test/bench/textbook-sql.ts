import mysql, { type Connection, type Pool, type RowDataPacket } from 'mysql2/promise';
import { initialStatus } from '../../src/orders/order-status.js';
import type { PlaceOrder } from '../../src/orders/placement/place-order.js';
import { outcomeOf, type Place, refused, type Terms } from './yardstick.js';

interface CartRow extends RowDataPacket {
  skuId: number;
  count: number;
}
interface SkuRow extends RowDataPacket {
  id: number;
  name: string;
  image: string;
  priceFen: number;
  stock: number;
}
interface Line {
  readonly sku: SkuRow;
  readonly count: number;
}

/**
 * The yardstick in hand-written SQL, straight on the driver: a transaction for every order, SELECT
 * … FOR UPDATE and UPDATE for every line, then the order, its lines and its history, and the cart
 * is cleared. It leaves the same rows as the shop.
 */
export function textbookSql(terms: Terms): Place {
  const pool = mysql.createPool({
    uri: terms.databaseUrl,
    connectionLimit: terms.poolSize,
    timezone: 'Z',
  });
  return (command) =>
    outcomeOf(command, () =>
      inTransaction(pool, (connection) => placeOrder(connection, command, terms)),
    );
}

async function inTransaction(
  pool: Pool,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    await work(connection);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  } finally {
    connection.release();
  }
}

async function placeOrder(
  connection: Connection,
  command: PlaceOrder,
  terms: Terms,
): Promise<void> {
  const { orderId, userId } = command;
  const address = await addressOf(connection, command);
  const lines = await takeStock(connection, userId);
  const totalCount = lines.reduce((sum, { count }) => sum + count, 0);
  const goodsFen = lines.reduce((sum, { sku, count }) => sum + sku.priceFen * count, 0);
  const status = initialStatus(command.payMethod);
  await connection.query(
    `INSERT INTO orders SET ?, created_at = UTC_TIMESTAMP(3),
       expires_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND`,
    [
      {
        id: orderId,
        user_id: userId,
        status,
        pay_method: command.payMethod,
        total_count: totalCount,
        total_fen: goodsFen + terms.freightFen,
        freight_fen: terms.freightFen,
        ...address,
      },
      terms.expiresMs / 1000,
    ],
  );
  for (const { sku, count } of lines) {
    await connection.query(
      `INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [orderId, sku.id, sku.name, sku.image, count, sku.priceFen],
    );
  }
  await connection.query(
    `INSERT INTO order_events (order_id, type, to_status, actor, created_at)
     VALUES (?, 'placed', ?, 'buyer', UTC_TIMESTAMP(3))`,
    [orderId, status],
  );
  await connection.query('DELETE FROM cart_lines WHERE user_id = ? AND selected', [userId]);
}

async function addressOf(
  connection: Connection,
  { addressId, userId }: PlaceOrder,
): Promise<Record<string, unknown>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT a.id AS address_id, a.receiver, p.name AS province, c.name AS city,
            d.name AS district, a.place, a.mobile, a.tel
     FROM addresses a
     JOIN areas p ON p.id = a.province_id
     JOIN areas c ON c.id = a.city_id
     JOIN areas d ON d.id = a.district_id
     WHERE a.id = ? AND a.user_id = ? AND a.deleted_at IS NULL`,
    [addressId, userId],
  );
  const [address] = rows;
  if (!address) {
    throw refused('ADDRESS_NOT_FOUND');
  }
  return { ...address };
}

async function takeStock(connection: Connection, userId: number): Promise<Line[]> {
  const [cart] = await connection.query<CartRow[]>(
    `SELECT sku_id AS skuId, count FROM cart_lines WHERE user_id = ? AND selected ORDER BY sku_id`,
    [userId],
  );
  if (cart.length === 0) {
    throw refused('CART_EMPTY');
  }
  const lines: Line[] = [];
  for (const { skuId, count } of cart) {
    const [[sku]] = await connection.query<SkuRow[]>(
      `SELECT id, name, default_image AS image, price_fen AS priceFen, stock
       FROM skus WHERE id = ? AND is_launched FOR UPDATE`,
      [skuId],
    );
    if (!sku || sku.stock < count) {
      throw refused('STOCK_INSUFFICIENT');
    }
    await connection.query(
      'UPDATE skus SET stock = stock - ?, sales = sales + ?, version = version + 1 WHERE id = ?',
      [count, count, skuId],
    );
    lines.push({ sku, count });
  }
  return lines;
}
