/** What an account takes over from an anonymous cart. */
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import { LINES_MAX } from '../../src/cart/cart-limits.js';
import { takenOver } from '../../src/cart/merge-rules.js';

const ids = fc.integer({ min: 1, max: 160 });
const lines = fc
  .uniqueArray(fc.tuple(ids, fc.integer({ min: 1, max: 999 }), fc.boolean()), {
    maxLength: LINES_MAX,
    selector: ([id]) => id,
    size: 'max',
  })
  .map((all) => new Map(all.map(([id, count, selected]) => [id, { count, selected }])));
const skus = fc
  .array(fc.tuple(ids, fc.integer({ min: 0, max: 1200 }), fc.boolean()), {
    maxLength: 160,
    size: 'max',
  })
  .map((all) => new Map(all.map(([id, stock, launched]) => [id, { stock, launched }])));
const held = fc.uniqueArray(ids, { maxLength: LINES_MAX, size: 'max' }).map((all) => new Set(all));

describe('an anonymous cart that is taken over', () => {
  it('never makes the account’s cart invalid, whatever both held and the shop has left', () => {
    fc.assert(
      fc.property(lines, skus, held, (cart, shop, account) => {
        const taken = takenOver(cart, shop, account);
        const takenIds = taken.map(({ skuId }) => skuId);
        expect(new Set([...account, ...takenIds]).size).toBeLessThanOrEqual(LINES_MAX);
        expect(takenIds).toEqual([...new Set(takenIds)].toSorted((a, b) => a - b));
        for (const { skuId, count, selected } of taken) {
          const { stock, launched } = shop.get(skuId) ?? { stock: -1, launched: false };
          expect(count).toBe(Math.max(1, Math.min(stock, cart.get(skuId)?.count ?? 0)));
          expect(selected).toBe(cart.get(skuId)?.selected === true && launched && stock > 0);
        }
      }),
    );
  });

  it('leaves out nothing but what is gone from the shop or has no room', () => {
    fc.assert(
      fc.property(lines, skus, held, (cart, shop, account) => {
        const taken = takenOver(cart, shop, account);
        const full = new Set([...account, ...taken.map(({ skuId }) => skuId)]).size === LINES_MAX;
        const missed = [...cart.keys()].filter((id) => !taken.some(({ skuId }) => skuId === id));
        for (const id of missed) {
          expect(!shop.has(id) || (full && !account.has(id))).toBe(true);
        }
      }),
    );
  });

  it('comes in as far as there is room, the first lines first, and is sorted by product', () => {
    const account = new Set(Array.from({ length: LINES_MAX - 2 }, (_, i) => i + 1));
    const cart = [901, 5, 900, 902].map((id) => [id, { count: 1, selected: true }] as const);
    const shop = new Map([5, 900, 901, 902].map((id) => [id, { stock: 9, launched: true }]));
    const taken = (order: typeof cart) =>
      takenOver(new Map(order), shop, account).map(({ skuId }) => skuId);
    expect(taken(cart)).toEqual([5, 900, 901]);
    expect(taken(cart.toReversed())).toEqual([5, 900, 902]);
  });

  it('keeps what is sold out as a reminder without a tick, and ticks the last one', () => {
    const cart = new Map([[1, { count: 3, selected: true }]]);
    const taken = (stock: number) =>
      takenOver(cart, new Map([[1, { stock, launched: true }]]), new Set());
    expect(taken(0)).toEqual([{ skuId: 1, count: 1, selected: false }]);
    expect(taken(1)).toEqual([{ skuId: 1, count: 1, selected: true }]);
  });
});
