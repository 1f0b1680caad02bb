import { imageUrl } from '../catalog/image-url.js';
import { yuan } from '../common/money.js';
import type { Config } from '../config/config.js';
import type { CartLineDto, CartLineRequestDto, CartLineSavedDto } from './cart.dto.js';
import type { SkuOnSale } from './cart-skus.js';

/** How many of one SKU, and whether they are part of the next order. */
export interface Line {
  readonly count: number;
  readonly selected: boolean;
}

/** The lines of a cart by SKU id, in the order in which they came. */
export type Lines = ReadonlyMap<number, Line>;

/**
 * One cart, wherever it is kept. Stock is looked at without a lock: a cart promises nothing, and
 * the order looks again.
 */
export interface Cart {
  /** The lines that are on sale, by SKU id. */
  list(): Promise<CartLineDto[]>;

  /**
   * Puts `count` more of a SKU into the cart and echoes the request. Throws SKU_NOT_FOUND, and
   * CART_STOCK_INSUFFICIENT, CART_COUNT_LIMIT or CART_LIMIT for what the cart would then hold.
   */
  add(request: CartLineRequestDto): Promise<CartLineSavedDto>;

  /** Makes it exactly `count` of a SKU, in the cart already or not. Throws the same as `add`. */
  set(request: CartLineRequestDto): Promise<CartLineSavedDto>;

  /** Takes a SKU out of the cart; one that is not in it is out of it already. */
  remove(skuId: number): Promise<void>;

  /** Ticks or unticks every line that is on sale. */
  select(selected: boolean): Promise<void>;
}

/** The request as it is saved and echoed: a line is part of the next order unless it says not. */
export function saved({ sku_id, count, selected }: CartLineRequestDto): CartLineSavedDto {
  return { sku_id, count, selected: selected ?? true };
}

/** A line as it is shown. */
export function shown(
  { id, name, image, priceFen }: SkuOnSale,
  { count, selected }: Line,
  config: Config,
): CartLineDto {
  return {
    id,
    count,
    name,
    default_image_url: imageUrl(image, config),
    price: yuan(priceFen),
    selected,
  };
}
