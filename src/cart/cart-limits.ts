import type { ErrorCode } from '../common/errors.js';

/** How many of one product a cart holds at most; the CHECK of cart_lines says the same. */
export const LINE_COUNT_MAX = 999;

/** How many products a cart holds at most. */
export const LINES_MAX = 100;

/** A cart as it would be: how many of which SKU, by SKU id. */
export type CartCounts = ReadonlyMap<number, number>;

/** Why so many of one product are refused: there are not as many, or no cart holds as many. */
export function tooMany(stock: number): ErrorCode {
  return stock > LINE_COUNT_MAX ? 'CART_COUNT_LIMIT' : 'CART_STOCK_INSUFFICIENT';
}

/** Why the cart may not become like this after a change of `skuId`; undefined when it may. */
export function excess(counts: CartCounts, skuId: number, stock: number): ErrorCode | undefined {
  if ((counts.get(skuId) ?? 0) > Math.min(stock, LINE_COUNT_MAX)) {
    return tooMany(stock);
  }
  return counts.size > LINES_MAX ? 'CART_LIMIT' : undefined;
}
