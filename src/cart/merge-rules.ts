import type { Lines } from './cart.js';
import { LINES_MAX } from './cart-limits.js';

/** What the merge has to know of a SKU. */
export interface SkuState {
  readonly stock: number;
  readonly launched: boolean;
}

/** A line as it is written into the account's cart. */
export interface TakenLine {
  readonly skuId: number;
  readonly count: number;
  readonly selected: boolean;
}

/**
 * What an account's cart takes over from an anonymous one: its counts and its ticks, as far as
 * they still make sense. A SKU that is gone is left out. Of one that sells out there are no more
 * than there are; sold out or off sale, it stays as a reminder without a tick, so that it cannot
 * hold up an order. SKUs the account does not hold yet come in while there is room, the first ones
 * first. Sorted by SKU, the order in which carts are locked.
 */
export function takenOver(
  lines: Lines,
  skus: ReadonlyMap<number, SkuState>,
  held: ReadonlySet<number>,
): TakenLine[] {
  let room = LINES_MAX - held.size;
  const taken: TakenLine[] = [];
  for (const [skuId, { count, selected }] of lines) {
    const sku = skus.get(skuId);
    const fits = held.has(skuId) || room > 0;
    if (sku && fits) {
      room -= held.has(skuId) ? 0 : 1;
      taken.push({
        skuId,
        count: Math.max(1, Math.min(count, sku.stock)),
        selected: selected && sku.launched && sku.stock > 0,
      });
    }
  }
  return taken.toSorted((a, b) => a.skuId - b.skuId);
}
