import type { Tx } from '../database/transaction.js';
import { User } from './user.entity.js';

/**
 * Locks the user's row until the transaction ends, so that changes to one user's addresses happen
 * one after the other. Taken before any address row. Null when there is no such user.
 */
export function lockUser(tx: Tx, id: number): Promise<User | null> {
  return tx.manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
}
