/** The states of an order and the numbers it goes by. */
import { describe, expect, it } from 'vitest';
import { OrderIds } from '../../../src/orders/order-id.js';
import {
  canBecome,
  initialStatus,
  OrderStatus,
  PayMethod,
} from '../../../src/orders/order-status.js';

describe('the state of an order', () => {
  it('changes along six arrows and no other: nothing leads back, and nothing out of the end', () => {
    const states = Object.values(OrderStatus);
    const arrows = states.flatMap((from) =>
      states.filter((to) => canBecome(from, to)).map((to) => `${from}→${to}`),
    );
    expect(arrows).toEqual(['1→2', '1→6', '2→3', '2→6', '3→4', '4→5']);
  });

  it('begins with the payment, and with the shipment where the money is paid at the door', () => {
    expect(initialStatus(PayMethod.Alipay)).toBe(OrderStatus.Unpaid);
    expect(initialStatus(PayMethod.Cash)).toBe(OrderStatus.ToShip);
  });
});

describe('order ids', () => {
  /** Half past two in the night of the 1st of February in Beijing, still January elsewhere. */
  const NIGHT_MS = Date.UTC(2026, 0, 31, 18, 30, 5, 999);
  const take = (ids: OrderIds, count: number) => Array.from({ length: count }, () => ids.next());
  const secondsOf = (ids: readonly string[]) => [...new Set(ids.map((id) => id.slice(0, 12)))];

  it('are 19 digits that begin with the second in Beijing and end with a count', () => {
    const ids = take(new OrderIds(() => NIGHT_MS), 1000);
    expect(ids.filter((id) => !/^260201023005\d{7}$/.test(id))).toEqual([]);
    expect(new Set(ids.map((id) => id.slice(12, 15))).size).toBe(1);
    const counts = ids.map((id) => Number(id.slice(15)));
    const steps = counts.slice(1).map((n, i) => (n - (counts[i] ?? 0) + 10_000) % 10_000);
    expect(new Set(steps)).toEqual(new Set([1]));
  });

  it('borrow a second from the next one as often as 10,000 are used up, and never repeat', () => {
    const ids = take(new OrderIds(() => NIGHT_MS), 25_000);
    expect(new Set(ids).size).toBe(25_000);
    expect(secondsOf(ids.slice(0, 10_000))).toEqual(['260201023005']);
    expect(secondsOf(ids.slice(10_000, 20_000))).toEqual(['260201023006']);
    expect(secondsOf(ids.slice(20_000))).toEqual(['260201023007']);
  });

  it('have all 10,000 again in a new second', () => {
    let now = NIGHT_MS;
    const ids = new OrderIds(() => now);
    take(ids, 9000);
    now += 1000;
    expect(secondsOf(take(ids, 10_000))).toEqual(['260201023006']);
    expect(secondsOf(take(ids, 1))).toEqual(['260201023007']);
  });

  it('do not repeat when the clock is set back', () => {
    let now = NIGHT_MS;
    const ids = new OrderIds(() => now);
    const before = take(ids, 9000);
    now -= 3_600_000;
    const after = take(ids, 9000);
    expect(new Set([...before, ...after]).size).toBe(18_000);
    expect(secondsOf(after)).toEqual(['260201023005', '260201023006']);
  });

  it('come from another worker of three digits after every redraw', () => {
    const ids = new OrderIds(() => NIGHT_MS);
    let worker = ids.next().slice(12, 15);
    const seen = new Set([worker]);
    for (let i = 0; i < 8000; i += 1) {
      ids.redraw();
      const id = ids.next();
      expect(id).toMatch(/^26020102300[56]\d{7}$/);
      const next = id.slice(12, 15);
      expect(next).not.toBe(worker);
      seen.add(next);
      worker = next;
    }
    expect(seen.size).toBeGreaterThan(900);
  });
});
