import type { Client } from '../kit/client.js';
import type { TestDatabase } from '../kit/database.js';
import type { Bench, Order } from '../payment/kit.js';

const PARCEL = { carrier: '顺丰速运', tracking_number: 'SF1234567890' };

/** One order of every kind there is, made by the shop itself. */
export interface Village {
  readonly unpaid: Order;
  /** Its payment page was opened. */
  readonly opened: Order;
  readonly canceled: Order;
  /** Canceled after its payment page had been opened. */
  readonly closed: Order;
  readonly paid: Order;
  readonly shipped: Order;
  readonly received: Order;
  readonly done: Order;
  /** Paid, canceled, and the money given back. */
  readonly returned: Order;
  /** Two units, of which one came back with a refund. */
  readonly partly: Order;
  /** Its SKU was restocked. */
  readonly restocked: Order;
}

/** Builds the village over HTTP. */
export async function buildVillage(bench: Bench): Promise<Village> {
  const admin = await bench.admin();
  const opened = await bench.unpaid();
  await opened.payUrl();
  const canceled = await bench.unpaid();
  await send(canceled.client, `/orders/${canceled.id}/cancel/`);
  const closed = await bench.unpaid();
  await closed.payUrl();
  await send(closed.client, `/orders/${closed.id}/cancel/`);
  const returned = await bench.paid();
  await send(returned.client, `/orders/${returned.id}/refunds/`, {});
  const partly = await bench.paid({ count: 2 });
  await send(admin, `/admin/orders/${partly.id}/refunds/`, {
    amount: '10.00',
    reason: '外包装破损',
    returns: [{ sku_id: partly.sku, count: 1 }],
  });
  const restocked = await bench.unpaid();
  await send(admin, `/admin/skus/${restocked.sku}/restock/`, { delta: 5, reason: '到货' });
  return {
    unpaid: await bench.unpaid(),
    opened,
    canceled,
    closed,
    paid: await bench.paid(),
    shipped: await sent(bench, admin),
    received: await receivedBy(await sent(bench, admin)),
    done: await commented(await receivedBy(await sent(bench, admin))),
    returned,
    partly,
    restocked,
  };
}

async function sent(bench: Bench, admin: Client): Promise<Order> {
  const order = await bench.paid();
  await send(admin, `/admin/orders/${order.id}/shipment/`, PARCEL);
  return order;
}

async function receivedBy(order: Order): Promise<Order> {
  await send(order.client, `/orders/${order.id}/receipt/`);
  return order;
}

async function commented(order: Order): Promise<Order> {
  const comment = { order: order.id, sku: order.sku, comment: '很好', score: 5 };
  await send(order.client, `/orders/${order.id}/comments/`, comment);
  return order;
}

async function send(client: Client, path: string, body?: unknown): Promise<void> {
  const { status, body: said } = await client.post(path, body);
  if (status >= 300) {
    throw new Error(`${path}: ${status} ${JSON.stringify(said)}`);
  }
}

/** Takes away whatever in the schema would refuse wrong rows: checks, foreign keys, unique keys. */
export async function loosen(db: TestDatabase): Promise<void> {
  const found = await db.sql<{ t: string; c: string; kind: string }>(
    `SELECT table_name AS t, constraint_name AS c, constraint_type AS kind
     FROM information_schema.table_constraints
     WHERE constraint_schema = DATABASE() AND constraint_name REGEXP '^(fk|ck|uq)_'`,
  );
  const how = { 'FOREIGN KEY': 'FOREIGN KEY', CHECK: 'CONSTRAINT', UNIQUE: 'KEY' };
  for (const [kind, word] of Object.entries(how)) {
    for (const { t, c } of found.filter((one) => one.kind === kind)) {
      await db.sql(`ALTER TABLE ${t} DROP ${word} ${c}`);
    }
  }
}
