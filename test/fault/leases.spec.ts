/**
 * Whoever takes work takes it for a while: nobody else gets it at once, and when its taker has died
 * it is due again by itself, soon enough.
 */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/lib/ports.mjs';
import { inTransaction } from '../../src/database/transaction.js';
import { claimPayment } from '../../src/payment/closing/closing.store.js';
import { claimRefund } from '../../src/payment/refunds/refunds.store.js';
import { WebhooksService } from '../../src/webhooks/webhooks.service.js';
import { Bench } from '../payment/kit.js';

/** Whoever is only slow needs some seconds; nobody's money or goods should wait longer than this. */
const LEASE_S = { min: 1, max: 300 };
const PORT = await freePort();

describe('what was taken is due again in a while:', () => {
  const bench = new Bench({
    WEBHOOK_URLS: `http://127.0.0.1:${PORT}/`,
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 'k').toString('base64')}`,
  });
  let onDelivery = async (): Promise<void> => {};
  const receiver = createServer((_, response) => {
    void onDelivery().finally(() => response.writeHead(204).end());
  });
  beforeAll(() => new Promise<void>((resolve) => receiver.listen(PORT, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => receiver.close(resolve)));

  /** Seconds until each of the times of some rows. */
  async function secondsTo(column: string, rows: string, values: unknown[] = []) {
    const found = await bench.shop.db.sql<{ s: string }>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), ${column}) / 1e6 AS s FROM ${rows}`,
      values,
    );
    return found.map(({ s }) => Number(s));
  }

  function expectLease(seconds: readonly number[]): void {
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toBeGreaterThan(LEASE_S.min);
    expect(seconds[0]).toBeLessThan(LEASE_S.max);
  }

  it('a payment the sweeper asks about', async () => {
    const order = await bench.unpaid();
    await order.payUrl();
    await bench.due(order);
    const claim = () => inTransaction(bench.shop.db.dataSource, claimPayment);
    expect(await claim()).toMatchObject({ orderId: order.id });
    expect(await claim()).toBeUndefined();
    expectLease(await secondsTo('next_check_at', 'payments WHERE order_id = ?', [order.id]));
  });

  it('a refund, and its payment for other refunds', async () => {
    const order = await bench.paid();
    await bench.fault('trade.refund', 'unknown');
    const admin = await bench.admin();
    const part = { amount: '10.00', reason: '破损' };
    await admin.post(`/admin/orders/${order.id}/refunds/`, part);
    await bench.due(order);
    const claim = () => inTransaction(bench.shop.db.dataSource, (tx) => claimRefund(tx));
    expect(await claim()).toMatchObject({ orderId: order.id });
    expect(await claim()).toBeUndefined();
    const rows = 'payments p JOIN refunds r ON r.payment_id = p.id WHERE p.order_id = ?';
    expectLease(await secondsTo('r.next_try_at', rows, [order.id]));
    expectLease(await secondsTo('p.refund_free_at', rows, [order.id]));
    await bench.due(order);
    expect(await bench.runRefunds()).toBe(1);
  });

  it('an event on its way to a receiver', async () => {
    const webhooks = bench.shop.app.get(WebhooksService);
    const [endpoint] = await webhooks.register();
    const relay = async () => {
      while ((await webhooks.relay()) > 0);
    };
    await relay();
    while ((await webhooks.deliver(endpoint!)) > 0);
    const order = await bench.unpaid();
    await relay();
    const rows = `webhook_deliveries d JOIN order_events e ON e.id = d.event_id
      WHERE e.order_id = ?`;
    let seconds: number[] = [];
    let others: number | undefined;
    onDelivery = async () => {
      onDelivery = async () => {};
      seconds = await secondsTo('d.due_at', rows, [order.id]);
      others = await webhooks.deliver(endpoint!);
    };
    expect(await webhooks.deliver(endpoint!)).toBe(1);
    expectLease(seconds);
    expect(others).toBe(0);
  });
});
