import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiTime } from '../../common/clock.js';
import { ShopError } from '../../common/errors.js';
import { yuan } from '../../common/money.js';
import type { RefundDto } from './refunds.dto.js';

const STATES = ['', 'asked', 'done', 'failed'] as const;

interface Row {
  id: number;
  orderId: string;
  requestNo: string;
  amountFen: number;
  status: number;
  reason: string;
  createdAt: Date;
  finishedAt: Date | null;
}

const SELECT = `
  SELECT r.id, CAST(p.order_id AS CHAR) AS orderId, r.out_request_no AS requestNo,
         r.amount_fen AS amountFen, r.status, r.reason, r.created_at AS createdAt,
         r.finished_at AS finishedAt
  FROM refunds r JOIN payments p ON p.id = r.payment_id`;

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
      await this.dataSource.query<Row[]>(`${SELECT} WHERE p.order_id = ? ORDER BY r.id`, [orderId]),
    );
  }

  async one(refundId: number): Promise<RefundDto> {
    const [view] = await this.view(
      await this.dataSource.query<Row[]>(`${SELECT} WHERE r.id = ?`, [refundId]),
    );
    if (!view) {
      throw new ShopError('NOT_FOUND');
    }
    return view;
  }

  private async view(rows: readonly Row[]): Promise<RefundDto[]> {
    const lines =
      rows.length === 0
        ? []
        : await this.dataSource.query<{ refundId: number; sku_id: number; count: number }[]>(
            `SELECT refund_id AS refundId, sku_id, count FROM refund_lines
             WHERE refund_id IN (?) ORDER BY refund_id, sku_id`,
            [rows.map(({ id }) => id)],
          );
    return rows.map((row) => ({
      refund_id: row.requestNo,
      order_id: row.orderId,
      amount: yuan(row.amountFen),
      status: STATES[row.status] ?? '',
      reason: row.reason,
      returns: lines
        .filter(({ refundId }) => refundId === row.id)
        .map(({ sku_id, count }) => ({ sku_id, count })),
      create_time: shanghaiTime(row.createdAt),
      finish_time: row.finishedAt && shanghaiTime(row.finishedAt),
    }));
  }
}
