/**
 * Sweeper and refunds under kill -9: processes work on the same rows by themselves, all but one of
 * them are killed in the middle, and every order is canceled once and every refund made once.
 */
import { describe, expect, it, vi } from 'vitest';
import { figure, FULL } from '../kit/figure.js';
import { spawnShop } from '../kit/process.js';
import { Bench, type Order } from './kit.js';

const [ORDERS, PROCESSES] = FULL ? [150, 4] : [30, 2];

describe('jobs of several processes', () => {
  const bench = new Bench();

  it('G16: finish each other’s work after a kill [C1, F2]', async () => {
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
    const shops = await Promise.all(
      Array.from({ length: PROCESSES }, () => spawnShop(db.url, jobs)),
    );
    const [survivor, ...victims] = shops;
    for (const [i, victim] of victims.entries()) {
      const left = 2 * ORDERS * (1 - (i + 0.5) / PROCESSES);
      await vi.waitFor(async () => expect(await open()).toBeLessThan(left), {
        timeout: 120_000,
        interval: 5,
      });
      victim.child.kill('SIGKILL');
    }
    await vi.waitFor(
      async () => {
        // Instead of waiting for the leases of the killed process to end.
        for (const order of [...unpaid, ...late]) {
          await bench.due(order);
        }
        expect(await open()).toBe(0);
      },
      { timeout: 120_000, interval: 500 },
    );
    await survivor?.stop();
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
    figure(
      'G16',
      'orders closed and refunds made while all but one of the processes are killed',
      'each once, none left',
      `${ORDERS} + ${ORDERS}, ${PROCESSES - 1} of ${PROCESSES} killed: each once, none left`,
    );
  }, 300_000);

  /** Orders still unpaid and refunds still asked for. */
  async function open(): Promise<number> {
    const [row] = await bench.shop.db.sql<{ n: number }>(
      `SELECT (SELECT COUNT(*) FROM orders WHERE status = 1)
            + (SELECT COUNT(*) FROM refunds WHERE status = 1) AS n`,
    );
    return Number(row?.n);
  }
});
