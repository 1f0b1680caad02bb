import type { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import type { Config } from '../config/config.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { type Cart, saved, shown } from './cart.js';
import { excess, tooMany } from './cart-limits.js';
import type { CartLineDto, CartLineRequestDto, CartLineSavedDto } from './cart.dto.js';
import { type SkuOnSale, stockOnSale } from './cart-skus.js';
import {
  addLine,
  countRefused,
  lockCart,
  readCounts,
  removeLine,
  setLine,
  tickLines,
} from './cart.store.js';

interface LineRow extends SkuOnSale {
  readonly count: number;
  readonly selected: number;
  readonly launched: number;
}

/**
 * The cart of a logged-in buyer, in MySQL. A line whose SKU was taken off sale is shown no more and
 * loses its tick, so that it cannot hold up an order; it comes back, unticked, when the SKU is on
 * sale again.
 */
export class AccountCart implements Cart {
  constructor(
    private readonly userId: number,
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async list(): Promise<CartLineDto[]> {
    const rows = await this.rows();
    await this.tick(
      rows.filter(({ launched, selected }) => !launched && selected),
      false,
    );
    return rows
      .filter(({ launched }) => launched)
      .map((row) => shown(row, { count: row.count, selected: Boolean(row.selected) }, this.config));
  }

  async add(request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const { sku_id, count, selected } = saved(request);
    await this.write(sku_id, (tx) => addLine(tx, this.userId, sku_id, count, selected));
    return { sku_id, count, selected };
  }

  async set(request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const { sku_id, count, selected } = saved(request);
    await this.write(sku_id, (tx) => setLine(tx, this.userId, sku_id, count, selected));
    return { sku_id, count, selected };
  }

  async remove(skuId: number): Promise<void> {
    await inTransaction(this.dataSource, (tx) => removeLine(tx, this.userId, skuId));
  }

  async select(selected: boolean): Promise<void> {
    const rows = await this.rows();
    await this.tick(
      rows.filter(({ launched }) => launched),
      selected,
    );
  }

  private async write(skuId: number, put: (tx: Tx) => Promise<void>): Promise<void> {
    const stock = await stockOnSale(this.dataSource, skuId);
    try {
      await inTransaction(this.dataSource, async (tx) => {
        await lockCart(tx, this.userId);
        await put(tx);
        const refusal = excess(await readCounts(tx, this.userId), skuId, stock);
        if (refusal) {
          throw new ShopError(refusal);
        }
      });
    } catch (error) {
      throw countRefused(error) ? new ShopError(tooMany(stock)) : error;
    }
  }

  private rows(): Promise<LineRow[]> {
    return this.dataSource.query<LineRow[]>(
      `SELECT s.id, c.count, s.name, s.default_image AS image, s.price_fen AS priceFen,
              c.selected, s.is_launched AS launched
       FROM cart_lines c JOIN skus s ON s.id = c.sku_id
       WHERE c.user_id = ? ORDER BY s.id`,
      [this.userId],
    );
  }

  private async tick(rows: readonly LineRow[], selected: boolean): Promise<void> {
    if (rows.length > 0) {
      const skuIds = rows.map(({ id }) => id);
      await inTransaction(this.dataSource, (tx) => tickLines(tx, this.userId, skuIds, selected));
    }
  }
}
