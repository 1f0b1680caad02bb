/** Moving an order: its state, its history and its goods change together or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction, type Tx } from '../../../src/database/transaction.js';
import { cancelOrder, moveOrder, recordEvent } from '../../../src/orders/lifecycle.js';
import { OrderStatus } from '../../../src/orders/order-status.js';
import {
  type LockedOrder,
  lockGoods,
  lockOrder,
  lockShippedOrder,
  restoreStock,
} from '../../../src/orders/orders.locks.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { buildOrder, historyOf, statusOf, unitsOf } from '../../kit/orders.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

/** Does something to an order whose row is locked. */
const withOrder = <T>(id: string, work: (tx: Tx, order: LockedOrder) => Promise<T>) =>
  inTransaction(db.dataSource, async (tx) => work(tx, (await lockOrder(tx, id))!));

/** Whether somebody else could lock these rows now. */
const isFree = async (sql: string, id: string | number) => {
  const rival = db.dataSource.createQueryRunner();
  await rival.startTransaction();
  try {
    await rival.query(`${sql} FOR UPDATE NOWAIT`, [id]);
    return true;
  } catch {
    return false;
  } finally {
    await rival.rollbackTransaction();
    await rival.release();
  }
};

describe('an order that is moved', () => {
  it('has its new state and one line more of history, which says who did it and why', async () => {
    const { id } = await buildOrder(db);
    const event = { type: 'paid', actor: 'alipay', detail: { trade_no: 'T1' } } as const;
    await withOrder(id, (tx, order) => moveOrder(tx, order, OrderStatus.ToShip, event));
    await withOrder(id, (tx, order) =>
      moveOrder(tx, order, OrderStatus.Shipped, { type: 'shipped', actor: 'admin' }),
    );
    expect(await statusOf(db, id)).toBe(3);
    expect(await historyOf(db, id)).toEqual([
      { ...event, from: 1, to: 2 },
      { type: 'shipped', actor: 'admin', from: 2, to: 3 },
    ]);
    const [row] = await db.sql('SELECT stock_restored_at AS at FROM orders WHERE id = ?', [id]);
    expect(row).toEqual({ at: null });
  });

  it('may not go where no arrow leads: it is a fault, and nothing has changed', async () => {
    const { id } = await buildOrder(db);
    const move = withOrder(id, (tx, order) =>
      moveOrder(tx, order, OrderStatus.Shipped, { type: 'shipped', actor: 'admin' }),
    );
    await expect(move).rejects.toThrow(`order ${id} cannot go from 1 to 3`);
    expect([await statusOf(db, id), await historyOf(db, id)]).toEqual([1, []]);
  });

  it('is compared again: one that is in another state by now stays there, without a history', async () => {
    const { id } = await buildOrder(db, { status: 3 });
    const stale = withOrder(id, (tx, order) =>
      moveOrder(tx, { ...order, status: OrderStatus.Unpaid }, OrderStatus.ToShip, {
        type: 'paid',
        actor: 'alipay',
      }),
    );
    await expect(stale).rejects.toThrow(`order ${id} was not in state 1`);
    expect([await statusOf(db, id), await historyOf(db, id)]).toEqual([3, []]);
  });

  it('can have something noted that moves it nowhere', async () => {
    const { id } = await buildOrder(db, { status: 4 });
    const event = { type: 'refund_asked', actor: 'admin', detail: { n: 1 } } as const;
    await withOrder(id, (tx, order) => recordEvent(tx, order, order.status, event));
    expect(await historyOf(db, id)).toEqual([{ ...event, from: 4, to: 4 }]);
    expect(await statusOf(db, id)).toBe(4);
  });
});

describe('an order that is canceled', () => {
  it('gives all goods back that have not come back before, and says when', async () => {
    const { id, skus } = await buildOrder(db, { kinds: 2, count: 3 });
    const [kept, returned] = skus;
    // One unit of the second product has come back already.
    await db.sql('UPDATE order_lines SET returned_count = 1 WHERE order_id = ? AND sku_id = ?', [
      id,
      returned,
    ]);
    await db.sql('UPDATE skus SET stock = stock + 1, sales = sales - 1 WHERE id = ?', [returned]);
    const versions = () =>
      db.sql<{ version: number }>('SELECT version FROM skus WHERE id IN (?)', [skus]);
    expect(await versions()).toEqual([{ version: 0 }, { version: 0 }]);
    await withOrder(id, (tx, order) =>
      cancelOrder(tx, order, { type: 'canceled', actor: 'buyer' }),
    );
    expect(await unitsOf(db, kept)).toEqual([10, 0]);
    expect(await unitsOf(db, returned)).toEqual([10, 0]);
    expect(await versions()).toEqual([{ version: 1 }, { version: 1 }]);
    expect(await historyOf(db, id)).toEqual([{ type: 'canceled', actor: 'buyer', from: 1, to: 6 }]);
    const [row] = await db.sql(
      'SELECT status, stock_restored_at IS NOT NULL AS restored FROM orders WHERE id = ?',
      [id],
    );
    expect(row).toEqual({ status: 6, restored: 1 });
  });

  it('cannot be canceled again: its goods come back once', async () => {
    const { id, skus } = await buildOrder(db, { status: 2 });
    const cancel = () =>
      withOrder(id, (tx, order) => cancelOrder(tx, order, { type: 'canceled', actor: 'system' }));
    await cancel();
    // Sold to others meanwhile, so that nothing but the state forbids it.
    await db.sql('UPDATE skus SET stock = stock - 5, sales = sales + 5 WHERE id = ?', [skus[0]]);
    await expect(cancel()).rejects.toThrow('cannot go from 6 to 6');
    expect(await unitsOf(db, skus[0])).toEqual([5, 5]);
  });

  it('leaves the goods of others alone', async () => {
    const [one, other] = [await buildOrder(db), await buildOrder(db)];
    await withOrder(one.id, (tx) => restoreStock(tx, one.id));
    expect(await unitsOf(db, one.skus[0])).toEqual([10, 0]);
    expect(await unitsOf(db, other.skus[0])).toEqual([8, 2]);
  });
});

describe('the locks', () => {
  it('of an order hold its row until the end, and show it as it is', async () => {
    const { id, buyer, totalFen } = await buildOrder(db, { payMethod: 2 });
    await withOrder(id, async (_, order) => {
      expect(order).toEqual({
        id,
        userId: buyer.id,
        status: 1,
        payMethod: 2,
        totalFen,
        expiresAt: expect.any(Date),
        now: expect.any(Date),
      });
      const minutes = (order.expiresAt!.getTime() - order.now.getTime()) / 60_000;
      expect(Math.round(minutes)).toBe(30);
      expect(await isFree('SELECT id FROM orders WHERE id = ?', id)).toBe(false);
    });
    expect(await isFree('SELECT id FROM orders WHERE id = ?', id)).toBe(true);
  });

  it('of an order that does not exist are none', async () => {
    const none = await inTransaction(db.dataSource, (tx) => lockOrder(tx, '1'));
    expect(none).toBeUndefined();
  });

  it('of goods hold the products of the order, count them, and hold no others', async () => {
    const [one, other] = [await buildOrder(db, { kinds: 2 }), await buildOrder(db)];
    await inTransaction(db.dataSource, async (tx) => {
      expect(await lockGoods(tx, one.id)).toBe(2);
      const free = [...one.skus, ...other.skus].map((sku) =>
        isFree('SELECT id FROM skus WHERE id = ?', sku),
      );
      expect(await Promise.all(free)).toEqual([false, false, true]);
    });
  });

  it('of a shipped order is had where it is on its way and nobody holds it', async () => {
    const [shipped, paid, held] = [
      await buildOrder(db, { status: 3 }),
      await buildOrder(db, { status: 2 }),
      await buildOrder(db, { status: 3 }),
    ];
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM orders WHERE id = ? FOR UPDATE', [held.id]);
    const locked = await inTransaction(db.dataSource, async (tx) => [
      await lockShippedOrder(tx, shipped.id),
      await lockShippedOrder(tx, paid.id),
      await lockShippedOrder(tx, held.id),
    ]);
    await rival.rollbackTransaction();
    await rival.release();
    expect(locked.map((order) => order && [order.id, order.status])).toEqual([
      [shipped.id, 3],
      undefined,
      undefined,
    ]);
  });
});
