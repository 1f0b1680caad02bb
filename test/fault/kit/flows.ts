import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../../kit/build.js';
import { Client, tokenFor } from '../../kit/client.js';
import type { Bench, Order } from '../../payment/kit.js';

const STOCK = 5;

/** A process of the shop: what it is asked for, and the jobs it does by itself. */
export interface Worker {
  readonly url: string;
  sweep(): Promise<unknown>;
  runRefunds(): Promise<unknown>;
}

/** A flow on rows of its own. */
export interface Run {
  /** Does it once; may fail, when the shop dies meanwhile. */
  act(by: Worker): Promise<unknown>;
  /** What the jobs do afterwards anyway. */
  jobs?(by: Worker): Promise<unknown>;
  /** Where it has come to: the same words at the end of every run. */
  state(): Promise<string>;
}

/** Something the shop does in several statements; `act` and then `jobs`, again if need be, end it. */
export interface Flow {
  readonly name: string;
  prepare(bench: Bench): Promise<Run>;
  readonly start: string;
  /** The states between its transactions, where it has more than one that writes them. */
  readonly between?: readonly string[];
  readonly end: string;
}

/** The shop of the bench, which runs in this process. */
export function benchWorker(bench: Bench): Worker {
  return {
    url: bench.shop.url,
    sweep: () => bench.sweep(),
    runRefunds: () => bench.runRefunds(),
  };
}

/** Status and stock of an order, and what became of its money. */
async function stateOf({ shop }: Bench, { id, sku }: Order): Promise<string> {
  const [row] = await shop.db.sql(
    `SELECT o.status, s.stock, p.status AS payment, p.refunded_fen AS refunded,
            (SELECT GROUP_CONCAT(r.status) FROM refunds r WHERE r.payment_id = p.id) AS refunds,
            (SELECT COUNT(*) FROM order_events e WHERE e.order_id = o.id) AS events
     FROM orders o JOIN skus s ON s.id = ? LEFT JOIN payments p ON p.order_id = o.id
     WHERE o.id = ?`,
    [sku, id],
  );
  return Object.values(row ?? {}).join(' ');
}

function clientOf({ buyer }: Order, { url }: Worker): Client {
  return new Client(url, tokenFor(buyer.id));
}

export const FLOWS: readonly Flow[] = [
  {
    name: 'placing an order',
    start: '0 orders, 1 in the cart, stock 5',
    end: '1 orders, 0 in the cart, stock 4',
    async prepare(bench) {
      const { db } = bench.shop;
      const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
      const skuIds = await buildSkus(db, 1, { stock: STOCK });
      await fillCarts(db, [{ userId: buyer.id, skuIds }]);
      const wish = { address: buyer.addressId, pay_method: 2 };
      return {
        act: ({ url }) =>
          new Client(url, tokenFor(buyer.id)).post('/orders/', wish, { 'Idempotency-Key': 'one' }),
        state: async () => {
          const [row] = await db.sql<Record<string, number>>(
            `SELECT (SELECT COUNT(*) FROM orders WHERE user_id = ?) AS orders,
                    (SELECT COUNT(*) FROM cart_lines WHERE user_id = ?) AS cart,
                    (SELECT stock FROM skus WHERE id = ?) AS stock`,
            [buyer.id, buyer.id, skuIds[0]],
          );
          return `${row?.['orders']} orders, ${row?.['cart']} in the cart, stock ${row?.['stock']}`;
        },
      };
    },
  },
  {
    name: 'canceling',
    start: '1 4 1 0  1',
    end: '6 5 3 0  2',
    async prepare(bench) {
      const order = await bench.unpaid();
      await order.payUrl();
      return {
        act: (by) => clientOf(order, by).post(`/orders/${order.id}/cancel/`),
        state: () => stateOf(bench, order),
      };
    },
  },
  {
    name: 'a notify',
    start: '1 4 1 0  1',
    end: '2 4 2 0  2',
    async prepare(bench) {
      const order = await bench.paidAtGateway();
      return {
        act: ({ url }) => bench.resend(order.id, { url: `${url}/payment/alipay/notify/` }),
        state: () => stateOf(bench, order),
      };
    },
  },
  {
    name: 'a refund',
    start: '2 4 2 0  2',
    between: ['6 5 2 0 1 3'],
    end: '6 5 2 650900 2 4',
    async prepare(bench) {
      const order = await bench.paid();
      const key = { 'Idempotency-Key': 'back' };
      return {
        act: (by) => clientOf(order, by).post(`/orders/${order.id}/refunds/`, {}, key),
        jobs: async (by) => {
          await bench.due(order);
          await by.runRefunds();
        },
        state: () => stateOf(bench, order),
      };
    },
  },
  {
    name: 'closing what has expired',
    start: '1 4 1 0  1',
    end: '6 5 3 0  2',
    async prepare(bench) {
      const order = await bench.unpaid();
      await order.payUrl();
      await bench.expire(order, '0s');
      return {
        act: async (by) => {
          await bench.due(order);
          await by.sweep();
        },
        state: () => stateOf(bench, order),
      };
    },
  },
];
