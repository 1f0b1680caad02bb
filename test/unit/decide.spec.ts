/**
 * The rules of placing orders, by properties over random batches: carts, stocks, keys and commands
 * are generated, and every decision is compared with what the rules say, counted independently.
 */
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/orders/placement/decide.js';
import {
  type Decision,
  keyOf,
  type PlaceOrder,
  type Snapshot,
} from '../../src/orders/placement/place-order.js';

const TERMS = { freightFen: 1000 };

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    stocks: fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }),
    launched: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }),
    carts: fc.array(fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), {
      minLength: 5,
      maxLength: 5,
    }),
  })
  .map(({ stocks, launched, carts }) => ({
    keys: new Map([[keyOf(1, 'old'), { orderId: '1', requestHash: 'a' }]]),
    addresses: new Map(
      [1, 2, 3, 4, 5].map((userId) => [
        userId * 10,
        {
          id: userId * 10,
          userId,
          receiver: '',
          province: '',
          city: '',
          district: '',
          place: '',
          mobile: '',
          tel: '',
        },
      ]),
    ),
    carts: new Map(
      carts.map((counts, user) => [
        user + 1,
        counts.flatMap((count, sku) => (count > 0 ? [{ skuId: sku + 1, count }] : [])),
      ]),
    ),
    skus: new Map(
      stocks.map((stock, sku) => [
        sku + 1,
        {
          id: sku + 1,
          name: `商品 ${sku}`,
          image: '',
          priceFen: 100 * (sku + 1),
          stock,
          sales: 0,
          version: 0,
          launched: launched[sku] !== 0,
        },
      ]),
    ),
  }));

const batches: fc.Arbitrary<PlaceOrder[]> = fc
  .array(
    fc.record({
      userId: fc.integer({ min: 1, max: 5 }),
      address: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 6 })),
      key: fc.option(fc.constantFrom('old', 'k1', 'k2'), { nil: undefined }),
      hash: fc.constantFrom('a', 'b'),
      expectedFen: fc.option(fc.integer({ min: 1000, max: 3000 }), { nil: undefined, freq: 9 }),
    }),
    { maxLength: 40 },
  )
  .map((wishes) =>
    wishes.map(({ userId, address, key, hash, expectedFen }, i) => ({
      orderId: String(100 + i),
      userId,
      addressId: (address || userId) * 10,
      payMethod: 2,
      requestHash: hash,
      ...(key === undefined ? {} : { idempotencyKey: key }),
      ...(expectedFen === undefined ? {} : { expectedFen }),
    })),
  );

const placedOf = (decisions: readonly Decision[]) =>
  decisions.flatMap((d) => (d.kind === 'placed' ? [d.order] : []));

describe('decide', () => {
  const property = (check: (batch: PlaceOrder[], snapshot: Snapshot) => void) =>
    fc.assert(fc.property(batches, snapshots, check), { numRuns: 500 });

  it('never takes more of a product than there is', () => {
    property((batch, snapshot) => {
      const lines = placedOf(decide(batch, snapshot, TERMS)).flatMap((order) => order.lines);
      for (const [id, sku] of snapshot.skus) {
        const taken = lines.filter((l) => l.skuId === id).reduce((sum, l) => sum + l.count, 0);
        expect(taken).toBeLessThanOrEqual(sku.stock);
      }
    });
  });

  it('refuses for stock only what the orders before have not left', () => {
    property((batch, snapshot) => {
      const decisions = decide(batch, snapshot, TERMS);
      const left = new Map([...snapshot.skus].map(([id, sku]) => [id, sku.stock]));
      decisions.forEach((decision, i) => {
        const cart = snapshot.carts.get(batch[i]?.userId ?? 0) ?? [];
        const enough = cart.every(({ skuId, count }) => count <= (left.get(skuId) ?? 0));
        if (decision.kind === 'placed') {
          expect(enough).toBe(true);
          cart.forEach(({ skuId, count }) => left.set(skuId, (left.get(skuId) ?? 0) - count));
        } else if (decision.kind === 'refused' && decision.code === 'STOCK_INSUFFICIENT') {
          expect(enough).toBe(false);
        }
      });
    });
  });

  it('charges the sum of the lines plus freight', () => {
    property((batch, snapshot) => {
      for (const order of placedOf(decide(batch, snapshot, TERMS))) {
        const cart = snapshot.carts.get(order.command.userId) ?? [];
        const sum = cart.reduce((fen, { skuId, count }) => fen + skuId * 100 * count, 0);
        expect(order.totalFen).toBe(sum + TERMS.freightFen);
        expect(order.totalCount).toBe(cart.reduce((n, { count }) => n + count, 0));
        expect(order.lines.length).toBe(cart.length);
      }
    });
  });

  it('buys each cart once: a second order of the same buyer finds it empty', () => {
    property((batch, snapshot) => {
      const buyers = placedOf(decide(batch, snapshot, TERMS)).map((o) => o.command.userId);
      expect(new Set(buyers).size).toBe(buyers.length);
    });
  });

  it('makes one order per key, replays it, and refuses the key for another request', () => {
    property((batch, snapshot) => {
      const decisions = decide(batch, snapshot, TERMS);
      const made = new Map(snapshot.keys);
      decisions.forEach((decision, i) => {
        const command = batch[i] as PlaceOrder;
        if (command.idempotencyKey === undefined) {
          expect(decision.kind).not.toBe('replayed');
          return;
        }
        const key = keyOf(command.userId, command.idempotencyKey);
        const before = made.get(key);
        if (before) {
          expect(decision).toEqual(
            before.requestHash === command.requestHash
              ? { kind: 'replayed', orderId: before.orderId }
              : { kind: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' },
          );
        } else if (decision.kind === 'placed') {
          made.set(key, command);
        }
      });
    });
  });

  it('delivers to the buyer’s own address only', () => {
    property((batch, snapshot) => {
      for (const { command, address } of placedOf(decide(batch, snapshot, TERMS))) {
        expect(address.userId).toBe(command.userId);
      }
    });
  });

  it('charges what the buyer expected, where the buyer said so', () => {
    property((batch, snapshot) => {
      for (const { command, totalFen } of placedOf(decide(batch, snapshot, TERMS))) {
        expect(command.expectedFen ?? totalFen).toBe(totalFen);
      }
    });
  });

  it('leaves no trace of a refused order: the others are decided as if it had not been there', () => {
    property((batch, snapshot) => {
      const decisions = decide(batch, snapshot, TERMS);
      const others = batch.filter((_, i) => decisions[i]?.kind !== 'refused');
      expect(decide(others, snapshot, TERMS)).toEqual(
        decisions.filter(({ kind }) => kind !== 'refused'),
      );
    });
  });

  it('decides the orders of a batch as it would decide them in two batches', () => {
    property((batch, snapshot) => {
      const whole = decide(batch, snapshot, TERMS);
      const first = decide(batch.slice(0, batch.length >> 1), snapshot, TERMS);
      expect(whole.slice(0, first.length)).toEqual(first);
    });
  });
});
