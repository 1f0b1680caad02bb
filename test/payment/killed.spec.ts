/**
 * Sweeper and refunds under kill -9: two processes work on the same rows by themselves, one of them
 * is killed in the middle, and every order is canceled once and every refund made once [C1, F2].
 */
import { describe, expect, it, vi } from 'vitest';
import { spawnShop } from '../kit/process.js';
import { Bench, type Order } from './kit.js';

const ORDERS = 30;

describe('jobs of two processes', () => {
  const bench = new Bench();

  it('finish each other’s work after a kill', async () => {
    const { db, settings } = bench.shop;
    const unpaid: Order[] = [];
    const late: Order[] = [];
    for (let i = 0; i < ORDERS; i += 1) {
      const order = await bench.unpaid();
      await bench.control('trades/login', { page_url: await order.payUrl() });
      unpaid.push(order);
      const other = await bench.unpaid();
      const url = await other.payUrl();
      await other.client.post(`/orders/${other.id}/cancel/`);
      await bench.shop.pay(url);
      late.push(other);
    }
    await bench.shop.flush();
    for (const order of unpaid) {
      await bench.expire(order, '0s');
    }
    const jobs = { ...settings, JOBS: 'on' };
    const [victim, survivor] = await Promise.all([
      spawnShop(db.url, jobs),
      spawnShop(db.url, jobs),
    ]);
    await vi.waitFor(async () => expect(await open()).toBeLessThan(2 * ORDERS), {
      timeout: 30_000,
      interval: 5,
    });
    victim.child.kill('SIGKILL');
    await vi.waitFor(
      async () => {
        // Instead of waiting for the leases of the killed process to end.
        for (const order of [...unpaid, ...late]) {
          await bench.due(order);
        }
        expect(await open()).toBe(0);
      },
      { timeout: 60_000, interval: 500 },
    );
    await survivor.stop();
    for (const order of unpaid) {
      expect([await order.status(), await order.stock()]).toEqual([6, 5]);
    }
    for (const order of late) {
      expect(await order.detail()).toMatchObject({
        status: 6,
        payment: { refunded: '6509.00' },
        refunds: [{ status: 'done' }],
      });
    }
    expect(await bench.sellerBalance()).toBe('0.00');
  });

  /** Orders still unpaid and refunds still asked for. */
  async function open(): Promise<number> {
    const [row] = await bench.shop.db.sql<{ n: number }>(
      `SELECT (SELECT COUNT(*) FROM orders WHERE status = 1)
            + (SELECT COUNT(*) FROM refunds WHERE status = 1) AS n`,
    );
    return Number(row?.n);
  }
});
