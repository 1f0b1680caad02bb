import type { DataSource } from 'typeorm';
import type { Visitor } from '../auth/visitor.decorator.js';
import { ShopError } from '../common/errors.js';
import type { Config } from '../config/config.js';
import { type Cart, type Line, type Lines, saved, shown } from './cart.js';
import type { CartCookie } from './cart-cookie.js';
import { excess } from './cart-limits.js';
import type { CartLineDto, CartLineRequestDto, CartLineSavedDto } from './cart.dto.js';
import { skusOnSale, stockOnSale } from './cart-skus.js';

/**
 * The cart of a visitor without a token, in a cookie. A refusal sets no cookie, so the browser
 * keeps the cart it has. Lines whose SKU is not on sale are not shown; nothing can be ordered from
 * here, so they may keep their tick. Of two requests at once the later answer wins, as with any
 * cookie.
 */
export class CookieCart implements Cart {
  constructor(
    private readonly visitor: Visitor,
    private readonly cookie: CartCookie,
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async list(): Promise<CartLineDto[]> {
    const lines = this.lines();
    const skus = await skusOnSale(this.dataSource, [...lines.keys()]);
    return skus.map((sku) => shown(sku, lines.get(sku.id) as Line, this.config));
  }

  async add(request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const line = saved(request);
    await this.put(line, (this.lines().get(line.sku_id)?.count ?? 0) + line.count);
    return line;
  }

  async set(request: CartLineRequestDto): Promise<CartLineSavedDto> {
    const line = saved(request);
    await this.put(line, line.count);
    return line;
  }

  async remove(skuId: number): Promise<void> {
    const lines = new Map(this.lines());
    if (lines.delete(skuId)) {
      this.cookie.write(this.visitor, lines);
    }
  }

  async select(selected: boolean): Promise<void> {
    const lines = [...this.lines()].map(([id, line]): [number, Line] => [
      id,
      { ...line, selected },
    ]);
    this.cookie.write(this.visitor, new Map(lines));
  }

  private async put({ sku_id, selected }: CartLineSavedDto, count: number): Promise<void> {
    const lines = new Map(this.lines()).set(sku_id, { count, selected });
    const counts = new Map([...lines].map(([skuId, line]) => [skuId, line.count]));
    const refusal = excess(counts, sku_id, await stockOnSale(this.dataSource, sku_id));
    if (refusal) {
      throw new ShopError(refusal);
    }
    this.cookie.write(this.visitor, lines);
  }

  private lines(): Lines {
    return this.cookie.read(this.visitor);
  }
}
