import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import type { CommentCreatedDto, CreateCommentDto } from './comments.dto.js';
import { moveOrder } from './lifecycle.js';
import { OrderStatus } from './order-status.js';
import { type LockedOrder, lockOrder } from './orders.locks.js';

interface Line {
  readonly id: number;
  readonly skuId: number;
  readonly commented: number;
}

/** What buyers say of the products they have received. */
@Injectable()
export class CommentsService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Keeps the buyer's comment on one line of a received order; the last one completes the order.
   * Throws NOT_FOUND, ORDER_LINE_NOT_FOUND, ALREADY_COMMENTED and ORDER_NOT_RECEIVED.
   */
  async create(
    userId: number,
    orderId: string,
    wish: CreateCommentDto,
  ): Promise<CommentCreatedDto> {
    requireSameOrder(orderId, wish);
    await inTransaction(this.dataSource, async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order || order.userId !== userId) {
        throw new ShopError('NOT_FOUND');
      }
      const lines = await linesOf(tx, orderId);
      const line = lines.find(({ skuId }) => skuId === wish.sku);
      requireCommentable(order, line);
      await insertComment(tx, order, line, wish);
      if (lines.every(({ id, commented }) => id === line.id || commented)) {
        await moveOrder(tx, order, OrderStatus.Done, { type: 'completed', actor: 'buyer' });
      }
    });
    const { sku, comment, score, is_anonymous } = wish;
    return { sku, comment, score, is_anonymous: is_anonymous ?? false };
  }
}

/** The body names the order again; another one than the path's is a mistake of the client. */
function requireSameOrder(orderId: string, { order }: CreateCommentDto): void {
  if (order !== undefined && order !== orderId) {
    const message = bilingual('与路径中的订单不一致', 'Not the order of the path');
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'order', message }] });
  }
}

function linesOf(tx: Tx, orderId: string): Promise<Line[]> {
  return tx.query<Line[]>(
    `SELECT l.id, l.sku_id AS skuId, c.id IS NOT NULL AS commented
     FROM order_lines l LEFT JOIN comments c ON c.order_line_id = l.id
     WHERE l.order_id = ?`,
    [orderId],
  );
}

function requireCommentable(order: LockedOrder, line: Line | undefined): asserts line is Line {
  if (!line) {
    throw new ShopError('ORDER_LINE_NOT_FOUND');
  }
  if (line.commented) {
    throw new ShopError('ALREADY_COMMENTED');
  }
  if (order.status !== OrderStatus.Received) {
    throw new ShopError('ORDER_NOT_RECEIVED');
  }
}

/** Counts first: the SKU row is locked by it, and the foreign key asks for less than that. */
async function insertComment(
  tx: Tx,
  order: LockedOrder,
  line: Line,
  { comment, score, is_anonymous }: CreateCommentDto,
): Promise<void> {
  await tx.query('UPDATE skus SET comments = comments + 1 WHERE id = ?', [line.skuId]);
  await tx.query(
    `INSERT INTO comments
       (order_line_id, sku_id, user_id, comment, score, is_anonymous, created_at)
     VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))`,
    [line.id, line.skuId, order.userId, comment, score, is_anonymous ?? false],
  );
}
