/** From the warehouse to the comment: each step by the right person, in the right state, once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.js';
import { CommentsService } from '../../../src/orders/comments.service.js';
import { FulfilmentService } from '../../../src/orders/fulfilment.service.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';
import { type BuiltOrder, buildOrder, historyOf, statusOf } from '../../kit/orders.js';

const DAYS = 10;
const PARCEL = { carrier: '顺丰速运', tracking_number: 'SF1' };

let db: TestDatabase;
let fulfilment: FulfilmentService;
let comments: CommentsService;
beforeAll(async () => {
  db = await freshDatabase();
  fulfilment = new FulfilmentService(db.dataSource, { ORDER_RECEIPT_DAYS: DAYS } as Config);
  comments = new CommentsService(db.dataSource);
});
afterAll(() => db.close());

const shipmentOf = async ({ id }: BuiltOrder) => {
  const [row] = await db.sql(
    `SELECT carrier, tracking_number, received_at IS NOT NULL AS received
     FROM shipments WHERE order_id = ?`,
    [id],
  );
  return row;
};
/** An order that was handed to the carrier. */
const shipped = async () => {
  const order = await buildOrder(db, { status: 2 });
  await fulfilment.ship(order.id, PARCEL);
  return order;
};
const age = ({ id }: BuiltOrder, seconds: number) =>
  db.sql(
    'UPDATE shipments SET shipped_at = UTC_TIMESTAMP(3) - INTERVAL ? SECOND WHERE order_id = ?',
    [seconds, id],
  );
const SHIPPED = {
  type: 'shipped',
  actor: 'admin',
  from: 2,
  to: 3,
  detail: PARCEL,
};

describe('a shipment', () => {
  it('sends an order that is to be sent, and says with whom', async () => {
    const order = await buildOrder(db, { status: 2 });
    expect(await fulfilment.ship(order.id, PARCEL)).toEqual({
      order_id: order.id,
      status: 3,
      ...PARCEL,
    });
    expect(await statusOf(db, order.id)).toBe(3);
    expect(await shipmentOf(order)).toEqual({ ...PARCEL, received: 0 });
    expect(await historyOf(db, order.id)).toEqual([SHIPPED]);
  });

  it('told again changes nothing; told otherwise it is refused, and stays as it was', async () => {
    const order = await shipped();
    expect(await fulfilment.ship(order.id, PARCEL)).toMatchObject({ status: 3 });
    for (const other of [{ carrier: '圆通' }, { tracking_number: 'SF2' }]) {
      const again = fulfilment.ship(order.id, { ...PARCEL, ...other });
      await expect(again).rejects.toMatchObject({ code: 'ORDER_NOT_SHIPPABLE' });
    }
    expect(await shipmentOf(order)).toEqual({ ...PARCEL, received: 0 });
    expect(await historyOf(db, order.id)).toEqual([SHIPPED]);
  });

  it('told again after the receipt is refused: the order is not on its way any more', async () => {
    const order = await shipped();
    await fulfilment.receive(order.buyer.id, order.id);
    await expect(fulfilment.ship(order.id, PARCEL)).rejects.toMatchObject({
      code: 'ORDER_NOT_SHIPPABLE',
    });
    expect(await statusOf(db, order.id)).toBe(4);
  });

  it.each([1, 3, 4, 5, 6])(
    'is refused in state %i without one, and none is noted',
    async (status) => {
      const order = await buildOrder(db, { status });
      await expect(fulfilment.ship(order.id, PARCEL)).rejects.toMatchObject({
        code: 'ORDER_NOT_SHIPPABLE',
      });
      expect([await statusOf(db, order.id), await shipmentOf(order)]).toEqual([status, undefined]);
      expect(await historyOf(db, order.id)).toEqual([]);
    },
  );

  it('is of an order that exists', async () => {
    await expect(fulfilment.ship('1', PARCEL)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a receipt', () => {
  it('by the buyer ends the shipment, and changes nothing when it is said again', async () => {
    const order = await shipped();
    const receive = () => fulfilment.receive(order.buyer.id, order.id);
    for (let time = 0; time < 2; time += 1) {
      expect(await receive()).toEqual({ order_id: order.id, status: 4 });
    }
    expect(await shipmentOf(order)).toEqual({ ...PARCEL, received: 1 });
    expect(await historyOf(db, order.id)).toEqual([
      SHIPPED,
      { type: 'received', actor: 'buyer', from: 3, to: 4 },
    ]);
  });

  it('of an order that is done is answered as done', async () => {
    const order = await buildOrder(db, { status: 5 });
    expect(await fulfilment.receive(order.buyer.id, order.id)).toEqual({
      order_id: order.id,
      status: 5,
    });
  });

  it('is the buyer’s own, of an order that was sent', async () => {
    const [order, other] = [await shipped(), await buildOrder(db)];
    await expect(fulfilment.receive(other.buyer.id, order.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(fulfilment.receive(other.buyer.id, '1')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    for (const status of [1, 2, 6]) {
      const early = await buildOrder(db, { status });
      await expect(fulfilment.receive(early.buyer.id, early.id)).rejects.toMatchObject({
        code: 'ORDER_NOT_SHIPPED',
      });
      expect(await statusOf(db, early.id)).toBe(status);
    }
    expect(await statusOf(db, order.id)).toBe(3);
  });

  it('of an order without a shipment is a fault, and it stays where it is', async () => {
    const order = await buildOrder(db, { status: 3 });
    await expect(fulfilment.receive(order.buyer.id, order.id)).rejects.toThrow(
      `order ${order.id} has no shipment that could be received`,
    );
    expect(await statusOf(db, order.id)).toBe(3);
  });

  it('happens by itself so many days after the shipment, and not a minute before', async () => {
    const [due, early, mine] = [await shipped(), await shipped(), await shipped()];
    await age(due, DAYS * 86_400);
    await age(early, DAYS * 86_400 - 60);
    await age(mine, DAYS * 86_400 + 60);
    await fulfilment.receive(mine.buyer.id, mine.id);
    expect(await fulfilment.receiveDue()).toBe(1);
    expect(await fulfilment.receiveDue()).toBe(0);
    const states = [due, early, mine].map(({ id }) => statusOf(db, id));
    expect(await Promise.all(states)).toEqual([4, 3, 4]);
    expect((await historyOf(db, due.id))[1]).toEqual({
      type: 'received',
      actor: 'system',
      from: 3,
      to: 4,
    });
    expect(await shipmentOf(due)).toMatchObject({ received: 1 });
  });

  it('leaves an order that somebody holds to them', async () => {
    const order = await shipped();
    await age(order, DAYS * 86_400 + 60);
    const rival = db.dataSource.createQueryRunner();
    await rival.startTransaction();
    await rival.query('SELECT id FROM orders WHERE id = ? FOR UPDATE', [order.id]);
    expect(await fulfilment.receiveDue()).toBe(0);
    await rival.rollbackTransaction();
    await rival.release();
    expect(await fulfilment.receiveDue()).toBe(1);
  });
});

describe('a comment', () => {
  const WISH = { comment: '很好', score: 5 };
  const received = (kinds = 1) => buildOrder(db, { status: 4, kinds });
  const comment = ({ id, buyer }: BuiltOrder, sku: number | undefined, more: object = {}) =>
    comments.create(buyer.id, id, { ...WISH, sku: sku ?? 0, ...more });
  const commentsOf = ({ id }: BuiltOrder) =>
    db.sql(
      `SELECT c.sku_id AS sku, c.user_id AS buyer, c.comment, c.score, c.is_anonymous AS hidden
       FROM comments c JOIN order_lines l ON l.id = c.order_line_id WHERE l.order_id = ?
       ORDER BY c.sku_id`,
      [id],
    );

  it('is kept as it was said; the last one of an order completes it', async () => {
    const order = await received(2);
    const [first, second] = order.skus;
    expect(await comment(order, first)).toEqual({ sku: first, ...WISH, is_anonymous: false });
    expect([await statusOf(db, order.id), await historyOf(db, order.id)]).toEqual([4, []]);
    expect(await comment(order, second, { is_anonymous: true, order: order.id })).toEqual({
      sku: second,
      ...WISH,
      is_anonymous: true,
    });
    expect(await statusOf(db, order.id)).toBe(5);
    expect(await historyOf(db, order.id)).toEqual([
      { type: 'completed', actor: 'buyer', from: 4, to: 5 },
    ]);
    const { id: buyer } = order.buyer;
    expect(await commentsOf(order)).toEqual([
      { sku: first, buyer, ...WISH, hidden: 0 },
      { sku: second, buyer, ...WISH, hidden: 1 },
    ]);
    const counts = await db.sql('SELECT comments FROM skus WHERE id IN (?)', [order.skus]);
    expect(counts).toEqual([{ comments: 1 }, { comments: 1 }]);
  });

  it.each<[string, (order: BuiltOrder) => Promise<unknown>]>([
    [
      'NOT_FOUND',
      ({ id, buyer, skus }) => comments.create(buyer.id + 1000, id, { ...WISH, sku: skus[0]! }),
    ],
    ['NOT_FOUND', ({ buyer, skus }) => comments.create(buyer.id, '1', { ...WISH, sku: skus[0]! })],
    ['ORDER_LINE_NOT_FOUND', (order) => comment(order, 999_999)],
    ['VALIDATION_FAILED', (order) => comment(order, order.skus[0], { order: '1' })],
  ])('is refused with %s where it is not the buyer’s to make', async (code, create) => {
    const order = await received();
    await expect(create(order)).rejects.toMatchObject({ code });
    expect([await statusOf(db, order.id), await commentsOf(order)]).toEqual([4, []]);
  });

  it('of another order than the path’s is told so, by field and in two languages', async () => {
    const order = await received();
    await expect(comment(order, order.skus[0], { order: '1' })).rejects.toMatchObject({
      extras: {
        fields: [{ field: 'order', message: expect.stringMatching(/不一致.*Not the order/s) }],
      },
    });
  });

  it('is made once for each product, and only of what was received', async () => {
    const order = await received(2);
    await comment(order, order.skus[0]);
    await expect(comment(order, order.skus[0])).rejects.toMatchObject({
      code: 'ALREADY_COMMENTED',
    });
    expect(await commentsOf(order)).toHaveLength(1);
    for (const status of [1, 2, 3, 5, 6]) {
      const early = await buildOrder(db, { status });
      await expect(comment(early, early.skus[0])).rejects.toMatchObject({
        code: 'ORDER_NOT_RECEIVED',
      });
      expect([await statusOf(db, early.id), await commentsOf(early)]).toEqual([status, []]);
    }
  });
});
