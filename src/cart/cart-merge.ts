import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Arrival } from '../auth/arrival.js';
import type { Visitor } from '../auth/visitor.decorator.js';
import { traceOf } from '../common/error-words.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import type { Lines } from './cart.js';
import { CartCookie } from './cart-cookie.js';
import { lockCart, lockOwner, mergeLines, readCounts, readSkus } from './cart.store.js';
import { takenOver } from './merge-rules.js';

/**
 * Takes the anonymous cart over into the account when somebody logs in, and clears its cookie. When
 * that fails, the login goes on and the cookie stays for the next one: counts overwrite, so taking
 * it over twice is taking it over once.
 */
@Injectable()
export class CartMerge extends Arrival {
  private readonly logger = new Logger(CartMerge.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly cookie: CartCookie,
  ) {
    super();
  }

  override async welcome(userId: number, visitor: Visitor): Promise<void> {
    if (!this.cookie.sent(visitor)) {
      return;
    }
    const lines = this.cookie.read(visitor);
    try {
      if (lines.size > 0) {
        await inTransaction(this.dataSource, (tx) => merge(tx, userId, lines));
      }
      this.cookie.clear(visitor);
    } catch (error) {
      this.logger.error(`the cart of user ${userId} could not be merged`, traceOf(error));
    }
  }
}

async function merge(tx: Tx, userId: number, lines: Lines): Promise<void> {
  await lockCart(tx, userId);
  await lockOwner(tx, userId);
  const held = await readCounts(tx, userId);
  const skus = await readSkus(tx, [...lines.keys()]);
  await mergeLines(tx, userId, takenOver(lines, skus, new Set(held.keys())));
}
