import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiTime } from '../../common/clock.js';
import { ShopError } from '../../common/errors.js';
import { type RefundRow, refundView } from '../../orders/refund-view.js';
import { ODD_REASON } from './refund-rules.js';
import type { RefundDto } from './refunds.dto.js';

interface Row extends RefundRow {
  /** Null for money that did not fit its order: no goods come back with it. */
  readonly id: number | null;
  readonly orderId: string;
  readonly reason: string;
  readonly finishedAt: Date | null;
}

const SELECT = `
  SELECT r.id, CAST(p.order_id AS CHAR) AS orderId, r.out_request_no AS requestNo,
         r.amount_fen AS amountFen, r.status, r.reason, r.created_at AS createdAt,
         r.finished_at AS finishedAt
  FROM refunds r JOIN payments p ON p.id = r.payment_id`;

const SELECT_ODD = `
  SELECT NULL AS id, CAST(order_id AS CHAR) AS orderId, out_request_no AS requestNo,
         amount_fen AS amountFen, status, '${ODD_REASON}' AS reason, created_at AS createdAt,
         finished_at AS finishedAt
  FROM odd_refunds WHERE order_id = ?`;

/** The refunds of orders, as buyers and administrators see them. */
@Injectable()
export class RefundReads {
  constructor(private readonly dataSource: DataSource) {}

  /** The refunds of an order, oldest first. With a buyer, NOT_FOUND unless the order is theirs. */
  async ofOrder(orderId: string, userId?: number): Promise<RefundDto[]> {
    const [order] = await this.dataSource.query<{ userId: number }[]>(
      'SELECT user_id AS userId FROM orders WHERE id = ?',
      [orderId],
    );
    if (!order || (userId !== undefined && order.userId !== userId)) {
      throw new ShopError('NOT_FOUND');
    }
    return this.view(
      await this.dataSource.query<Row[]>(
        `(${SELECT} WHERE p.order_id = ? ORDER BY r.id) UNION ALL ${SELECT_ODD}`,
        [orderId, orderId],
      ),
    );
  }

  one(refundId: number): Promise<RefundDto> {
    return this.only(`${SELECT} WHERE r.id = ?`, refundId);
  }

  /** The refund of the money that did not fit an order. */
  odd(orderId: string): Promise<RefundDto> {
    return this.only(SELECT_ODD, orderId);
  }

  private async only(sql: string, id: number | string): Promise<RefundDto> {
    const [view] = await this.view(await this.dataSource.query<Row[]>(sql, [id]));
    if (!view) {
      throw new ShopError('NOT_FOUND');
    }
    return view;
  }

  private async view(rows: readonly Row[]): Promise<RefundDto[]> {
    const ids = rows.flatMap(({ id }) => id ?? []);
    const lines =
      ids.length === 0
        ? []
        : await this.dataSource.query<{ refundId: number; sku_id: number; count: number }[]>(
            `SELECT refund_id AS refundId, sku_id, count FROM refund_lines
             WHERE refund_id IN (?) ORDER BY refund_id, sku_id`,
            [ids],
          );
    return rows.map((row) => ({
      ...refundView(row),
      order_id: row.orderId,
      reason: row.reason,
      returns: lines
        .filter(({ refundId }) => refundId === row.id)
        .map(({ sku_id, count }) => ({ sku_id, count })),
      finish_time: row.finishedAt && shanghaiTime(row.finishedAt),
    }));
  }
}
