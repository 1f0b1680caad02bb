import type { DataSource } from 'typeorm';
import type { Role } from '../auth/principal.js';
import { inTransaction, type Tx, type Written } from '../database/transaction.js';
import { hashPassword } from './passwords.js';

const PASSWORD = 'demo-pass-2026';

/** Beijing, its only city, and Haidian. */
const AREA = { province: 110_000, city: 110_100, district: 110_108 } as const;

/**
 * The buyer demo_buyer with one default address, and the administrator demo_admin. Never for
 * production: the password is in the documentation. Needs the areas. Running it again brings the
 * first address back, which the documentation's examples need, and changes nothing else.
 */
export async function createDemoUsers(dataSource: DataSource): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  await inTransaction(dataSource, async (tx) => {
    const buyer = await insertUser(tx, 'demo_buyer', '13800138000', 'buyer', passwordHash);
    if (buyer !== undefined) {
      await insertDefaultAddress(tx, buyer, '13800138000');
    }
    await restoreFirstAddress(tx, 'demo_buyer');
    await insertUser(tx, 'demo_admin', '13900139000', 'admin', passwordHash);
  });
}

/** The new user's id; undefined when there is one of that name. */
async function insertUser(
  tx: Tx,
  username: string,
  mobile: string,
  role: Role,
  passwordHash: string,
): Promise<number | undefined> {
  const existing = await tx.query<unknown[]>('SELECT id FROM users WHERE username = ?', [username]);
  if (existing.length > 0) {
    return undefined;
  }
  const { insertId } = await tx.query<Written>(
    'INSERT INTO users (username, mobile, role, password_hash) VALUES (?, ?, ?, ?)',
    [username, mobile, role, passwordHash],
  );
  return insertId;
}

async function restoreFirstAddress(tx: Tx, username: string): Promise<void> {
  const [first] = await tx.query<{ id: number; userId: number }[]>(
    `SELECT a.id, a.user_id AS userId FROM addresses a JOIN users u ON u.id = a.user_id
     WHERE u.username = ? ORDER BY a.id LIMIT 1`,
    [username],
  );
  if (first) {
    await tx.query('UPDATE addresses SET deleted_at = NULL WHERE id = ?', [first.id]);
    await tx.query(
      'UPDATE users SET default_address_id = COALESCE(default_address_id, ?) WHERE id = ?',
      [first.id, first.userId],
    );
  }
}

async function insertDefaultAddress(tx: Tx, userId: number, mobile: string): Promise<void> {
  const { insertId } = await tx.query<Written>(
    `INSERT INTO addresses
       (user_id, title, receiver, province_id, city_id, district_id, place, mobile)
     VALUES (?, '家', '美多', ?, ?, ?, '中关村大街 1 号', ?)`,
    [userId, AREA.province, AREA.city, AREA.district, mobile],
  );
  await tx.query('UPDATE users SET default_address_id = ? WHERE id = ?', [insertId, userId]);
}
