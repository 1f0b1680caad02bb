/**
 * Refunds at random: amounts, pairs at the same moment, and every fault of the gateway before, during
 * and after the work. The seed is in the failure message.
 */
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import type { Client } from '../kit/client.js';
import { figure, FULL } from '../kit/figure.js';
import { Bench, type Order } from './kit.js';

const ROUNDS = FULL ? 500 : 15;
const PAID_FEN = 650_900;
const HOUR_MS = 3_600_000;

const FAULTS = `unknown system_error http_500 garbage fund_change_n reset
  unknown_after system_error_after http_500_after garbage_after fund_change_n_after reset_after
  bad_sign no_sign foreign_sign tamper bad_sign_before foreign_sign_before tamper_before
  replay`.split(/\s+/);

interface Step {
  /** Asked for at the same moment. */
  readonly amounts: number[];
  readonly fault: { readonly method: string; readonly kind: string } | null;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    amounts: fc.array(fc.integer({ min: 1, max: PAID_FEN }), { minLength: 1, maxLength: 2 }),
    fault: fc.option(
      fc.record({
        method: fc.constantFrom('trade.refund', 'trade.fastpay.refund.query'),
        kind: fc.constantFrom(...FAULTS),
      }),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('refunds at random', () => {
  const bench = new Bench();

  it(
    'G10: give back what was asked for, once each, and never more than was paid [F1, F2, F3]',
    async () => {
      const admin = await bench.admin();
      let made = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (chosen) => {
          // The waits of the orders before this one must not have used up its time to be paid.
          await bench.shop.sandbox.put('/sandbox/clock', { offset_ms: 0 });
          const order = await bench.paid();
          for (const step of chosen) {
            await ask(order, step, admin);
          }
          await bench.shop.sandbox.send('DELETE', '/sandbox/faults');
          for (let turn = 0; turn < 20 && (await numbers(order)).open > 0; turn += 1) {
            await tryAll(order);
          }
          const ours = await numbers(order);
          expect(ours.open).toBe(0);
          expect(ours.failed).toBe(0);
          const there = await bench.look<{ refunded_amount: string; refunds: object[] }>(
            `trades/${order.id}`,
          );
          expect(Number(there.refunded_amount) * 100).toBeCloseTo(ours.fen, 0);
          expect(there.refunds).toHaveLength(ours.done);
          expect(ours.fen).toBeLessThanOrEqual(PAID_FEN);
          made += ours.done;
        }),
        { numRuns: ROUNDS, endOnFailure: true },
      );
      figure(
        'G10',
        'refunds at random, with pairs and faults',
        `${ROUNDS} orders, sums equal on both sides`,
        `${ROUNDS} orders, ${made} refunds, all equal`,
      );
    },
    HOUR_MS,
  );

  async function ask(order: Order, { amounts, fault }: Step, admin: Client): Promise<void> {
    if (fault) {
      // The SDK's HTTP client sends a request that was reset once more by itself.
      await bench.fault(fault.method, fault.kind, fault.kind.startsWith('reset') ? 2 : 1);
    }
    const path = `/admin/orders/${order.id}/refunds/`;
    const before = (await numbers(order)).asked;
    const answers = await Promise.all(
      amounts.map((fen) =>
        admin.post(path, { amount: (fen / 100).toFixed(2), reason: '部分退款' }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 201).length;
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await numbers(order)).asked - before).toBe(taken);
    await tryAll(order);
  }

  /** Three seconds and more later, what is due is tried. */
  async function tryAll(order: Order): Promise<void> {
    await bench.control('clock/advance', { by: '4s' });
    await bench.due(order);
    await bench.runRefunds();
  }

  async function numbers({ id }: Order) {
    const [row] = await bench.shop.db.sql<Record<string, string>>(
      `SELECT COUNT(r.id) AS asked, COALESCE(SUM(r.status = 1), 0) AS open,
              COALESCE(SUM(r.status = 2), 0) AS done, COALESCE(SUM(r.status = 3), 0) AS failed,
              COALESCE(SUM(IF(r.status = 2, r.amount_fen, 0)), 0) AS fen
       FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id WHERE p.order_id = ?`,
      [id],
    );
    const number = (name: string) => Number(row?.[name]);
    return {
      asked: number('asked'),
      open: number('open'),
      done: number('done'),
      failed: number('failed'),
      fen: number('fen'),
    };
  }
});
