import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { requestHash } from '../../common/idempotency.js';
import { bilingual } from '../../common/language.js';
import { parseYuan, yuan } from '../../common/money.js';
import { isDuplicate } from '../../database/errors.js';
import { inTransaction, insistOnOne, type Tx, type Written } from '../../database/transaction.js';
import { BestSellers } from '../best-sellers.js';
import { SearchIndex } from '../search-index.js';
import type { AdminSkuDto, ChangeSkuDto, RestockDto, RestockedDto } from './admin-skus.dto.js';
import { type LockedSku, lockSku } from './skus.locks.js';

const STOCK_MAX = 1_000_000_000;

interface Restocked {
  readonly restock: RestockedDto;
  /** An earlier request with the same key has done it. */
  readonly replayed: boolean;
}

interface RestockCommand {
  readonly userId: number;
  readonly skuId: number;
  readonly wish: RestockDto;
  readonly key: string | undefined;
  readonly hash: string;
}

/** What administrators do about a SKU: its price, whether it is on sale, its stock. */
@Injectable()
export class AdminSkusService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly search: SearchIndex,
    private readonly bestSellers: BestSellers,
  ) {}

  /** One SKU, on sale or not. Throws NOT_FOUND. */
  async find(skuId: number): Promise<AdminSkuDto> {
    const [row] = await this.dataSource.query<
      (Omit<AdminSkuDto, 'price' | 'is_launched'> & { priceFen: number; launched: number })[]
    >(
      `SELECT id, name, price_fen AS priceFen, is_launched AS launched, stock, sales, restocked,
              comments
       FROM skus WHERE id = ?`,
      [skuId],
    );
    if (!row) {
      throw new ShopError('NOT_FOUND');
    }
    const { priceFen, launched, ...rest } = row;
    return { ...rest, price: yuan(priceFen), is_launched: launched === 1 };
  }

  /**
   * Changes price and sale of a SKU. The version rises with every change, so an order that was
   * decided on what was there before is decided anew. Throws NOT_FOUND and VALIDATION_FAILED.
   */
  async change(skuId: number, { price, is_launched }: ChangeSkuDto): Promise<AdminSkuDto> {
    if (price === undefined && is_launched === undefined) {
      const message = bilingual('请填写价格或上架状态', 'Give a price or whether it is on sale');
      throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'price', message }] });
    }
    await inTransaction(this.dataSource, async (tx) => {
      const sku = await lockSku(tx, skuId);
      if (!sku) {
        throw new ShopError('NOT_FOUND');
      }
      const priceFen = price === undefined ? sku.priceFen : parseYuan(price);
      const launched = is_launched ?? sku.launched === 1;
      const written = await tx.query<Written>(
        'UPDATE skus SET price_fen = ?, is_launched = ?, version = version + 1 WHERE id = ?',
        [priceFen, launched, skuId],
      );
      insistOnOne(written, `SKU ${skuId}`);
    });
    // Neither of them knows a price.
    if (is_launched !== undefined) {
      this.search.forget();
      this.bestSellers.forget();
    }
    return this.find(skuId);
  }

  /**
   * Books units in or out, once per key. Throws NOT_FOUND, STOCK_INSUFFICIENT (fewer are there than
   * are to go), VALIDATION_FAILED (more than the shop can count) and IDEMPOTENCY_KEY_REUSED.
   */
  async restock(
    userId: number,
    skuId: number,
    wish: RestockDto,
    key: string | undefined,
  ): Promise<Restocked> {
    const hash = requestHash(skuId, wish.delta, wish.reason);
    const command = { userId, skuId, wish, key, hash };
    const run = () => inTransaction(this.dataSource, (tx) => restockOnce(tx, command));
    try {
      return await run();
    } catch (error) {
      if (!isDuplicate(error, 'uq_stock_adjustments_key')) {
        throw error;
      }
      // The key was used for another SKU a moment ago; now it is found.
      return run();
    }
  }
}

/** The SKU row is locked first: of two requests with one key, the second finds the first's. */
async function restockOnce(tx: Tx, command: RestockCommand): Promise<Restocked> {
  const sku = await lockSku(tx, command.skuId);
  const earlier = await earlierWithKey(tx, command);
  if (earlier) {
    return { restock: earlier, replayed: true };
  }
  if (!sku) {
    throw new ShopError('NOT_FOUND');
  }
  return { restock: await book(tx, sku, command), replayed: false };
}

async function book(
  tx: Tx,
  sku: LockedSku,
  { userId, wish: { delta, reason }, key, hash }: RestockCommand,
): Promise<RestockedDto> {
  const stock = sku.stock + delta;
  if (stock < 0) {
    throw new ShopError('STOCK_INSUFFICIENT', { members: { available: sku.stock } });
  }
  if (stock > STOCK_MAX) {
    const message = bilingual('库存超出上限', 'The stock would be too large');
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'delta', message }] });
  }
  const written = await tx.query<Written>(
    `UPDATE skus SET stock = stock + ?, restocked = restocked + ?, version = version + 1
     WHERE id = ?`,
    [delta, delta, sku.id],
  );
  insistOnOne(written, `SKU ${sku.id}`);
  const { insertId } = await tx.query<Written>(
    `INSERT INTO stock_adjustments
       (sku_id, user_id, delta, reason, idempotency_key, request_hash, stock_after)
     VALUES (?, ?, ?, ?, ?, UNHEX(?), ?)`,
    [sku.id, userId, delta, reason, key ?? null, key === undefined ? null : hash, stock],
  );
  return { id: insertId, sku_id: sku.id, delta, reason, stock };
}

async function earlierWithKey(
  tx: Tx,
  { userId, key, hash }: RestockCommand,
): Promise<RestockedDto | undefined> {
  if (key === undefined) {
    return undefined;
  }
  const [row] = await tx.query<
    { id: number; skuId: number; delta: number; reason: string; stock: number; hash: string }[]
  >(
    `SELECT id, sku_id AS skuId, delta, reason, stock_after AS stock,
            LOWER(HEX(request_hash)) AS hash
     FROM stock_adjustments WHERE user_id = ? AND idempotency_key = ?`,
    [userId, key],
  );
  if (row && row.hash !== hash) {
    throw new ShopError('IDEMPOTENCY_KEY_REUSED');
  }
  return (
    row && { id: row.id, sku_id: row.skuId, delta: row.delta, reason: row.reason, stock: row.stock }
  );
}
