import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { imageUrl } from '../catalog/image-url.js';
import { ShopError } from '../common/errors.js';
import { yuan } from '../common/money.js';
import { Config } from '../config/config.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { excess, LINE_COUNT_MAX } from './cart-limits.js';
import type { CartLineDto, CartLineRequestDto, CartLineSavedDto } from './cart.dto.js';
import {
  addLine,
  countRefused,
  lockCart,
  readCounts,
  removeLine,
  setLine,
  tickLines,
} from './cart.store.js';

interface LineRow {
  id: number;
  count: number;
  name: string;
  image: string;
  priceFen: number;
  selected: number;
  launched: number;
}

/**
 * The carts of logged-in buyers. Stock is looked at without a lock: a cart promises nothing, and
 * the order looks again. A line whose SKU was taken off sale is shown no more and loses its tick,
 * so that it cannot hold up an order; it comes back, unticked, when the SKU is on sale again.
 */
@Injectable()
export class CartService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** The lines that are on sale, by SKU id. */
  async list(userId: number): Promise<CartLineDto[]> {
    const rows = await this.rows(userId);
    const gone = rows.filter(({ launched, selected }) => !launched && selected);
    await this.tick(userId, gone, false);
    return rows
      .filter(({ launched }) => launched)
      .map(({ id, count, name, image, priceFen, selected }) => ({
        id,
        count,
        name,
        default_image_url: imageUrl(image, this.config),
        price: yuan(priceFen),
        selected: Boolean(selected),
      }));
  }

  /**
   * Puts `count` more of a SKU into the cart and echoes the request. Throws SKU_NOT_FOUND, and
   * CART_STOCK_INSUFFICIENT, CART_COUNT_LIMIT or CART_LIMIT for what the cart would then hold.
   */
  async add(userId: number, request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const { sku_id, count, selected } = saved(request);
    await this.write(userId, sku_id, (tx) => addLine(tx, userId, sku_id, count, selected));
    return { sku_id, count, selected };
  }

  /** Makes it exactly `count` of a SKU, in the cart already or not. Throws the same as `add`. */
  async set(userId: number, request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const { sku_id, count, selected } = saved(request);
    await this.write(userId, sku_id, (tx) => setLine(tx, userId, sku_id, count, selected));
    return { sku_id, count, selected };
  }

  /** Takes a SKU out of the cart; one that is not in it is out of it already. */
  async remove(userId: number, skuId: number): Promise<void> {
    await inTransaction(this.dataSource, (tx) => removeLine(tx, userId, skuId));
  }

  /** Ticks or unticks every line that is on sale. */
  async select(userId: number, selected: boolean): Promise<void> {
    const rows = await this.rows(userId);
    await this.tick(
      userId,
      rows.filter(({ launched }) => launched),
      selected,
    );
  }

  private async write(
    userId: number,
    skuId: number,
    put: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    const stock = await this.stockOnSale(skuId);
    try {
      await inTransaction(this.dataSource, async (tx) => {
        await lockCart(tx, userId);
        await put(tx);
        const refusal = excess(await readCounts(tx, userId), skuId, stock);
        if (refusal) {
          throw new ShopError(refusal);
        }
      });
    } catch (error) {
      if (countRefused(error)) {
        const enough = stock > LINE_COUNT_MAX;
        throw new ShopError(enough ? 'CART_COUNT_LIMIT' : 'CART_STOCK_INSUFFICIENT');
      }
      throw error;
    }
  }

  private async stockOnSale(skuId: number): Promise<number> {
    const [sku] = await this.dataSource.query<{ stock: number }[]>(
      'SELECT stock FROM skus WHERE id = ? AND is_launched = TRUE',
      [skuId],
    );
    if (!sku) {
      throw new ShopError('SKU_NOT_FOUND');
    }
    return sku.stock;
  }

  private rows(userId: number): Promise<LineRow[]> {
    return this.dataSource.query<LineRow[]>(
      `SELECT s.id, c.count, s.name, s.default_image AS image, s.price_fen AS priceFen,
              c.selected, s.is_launched AS launched
       FROM cart_lines c JOIN skus s ON s.id = c.sku_id
       WHERE c.user_id = ? ORDER BY s.id`,
      [userId],
    );
  }

  private async tick(userId: number, rows: readonly LineRow[], selected: boolean): Promise<void> {
    if (rows.length > 0) {
      const skuIds = rows.map(({ id }) => id);
      await inTransaction(this.dataSource, (tx) => tickLines(tx, userId, skuIds, selected));
    }
  }
}

/** The request as it is saved and echoed: a line is part of the next order unless it says not. */
function saved({ sku_id, count, selected }: CartLineRequestDto): CartLineSavedDto {
  return { sku_id, count, selected: selected ?? true };
}
