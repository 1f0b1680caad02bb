import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { cancelOrder, type OrderEvent } from '../orders/lifecycle.js';
import { OrderStatus, PayMethod } from '../orders/order-status.js';
import { type LockedOrder, lockOrder } from '../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway, TradeStatus } from './gateway/payment-gateway.js';
import { PaymentService } from './payment.service.js';
import { closePayment, lockPayment } from './payments.locks.js';

const CLOSE_ATTEMPTS = 3;

/**
 * Closes unpaid orders. Whether the buyer paid or the order was canceled is decided by the gateway:
 * it is asked to close the trade first, outside of any transaction, and only a trade that cannot be
 * paid any more gives the goods back.
 */
@Injectable()
export class ClosingService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
    private readonly payments: PaymentService,
  ) {}

  /**
   * Cancels the buyer's own order; canceling it again changes nothing. Throws NOT_FOUND,
   * ORDER_NOT_CANCELABLE (paid or sent) and GATEWAY_UNAVAILABLE (nobody knows yet, try again).
   */
  async cancel(userId: number, orderId: string): Promise<void> {
    const event: OrderEvent = { type: 'canceled', actor: 'buyer' };
    const begun = await inTransaction(this.dataSource, async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order || order.userId !== userId) {
        throw new ShopError('NOT_FOUND');
      }
      if (order.status === OrderStatus.Canceled) {
        return false;
      }
      requireCancelable(order);
      if (await lockPayment(tx, orderId)) {
        return true;
      }
      await cancelOrder(tx, order, event);
      return false;
    });
    if (begun) {
      await this.closeTrade(orderId);
      await inTransaction(this.dataSource, (tx) => cancelUnlessPaid(tx, orderId, event));
    }
  }

  /** Returns when the gateway will not take the money any more. */
  private async closeTrade(orderId: string): Promise<void> {
    try {
      for (let attempt = 1; attempt <= CLOSE_ATTEMPTS; attempt += 1) {
        if ((await this.gateway.close(orderId)) !== 'refused') {
          return;
        }
        const answer = await this.gateway.query(orderId);
        if (answer.kind === 'none' || answer.facts.status === TradeStatus.Closed) {
          return;
        }
        if (answer.facts.status !== TradeStatus.Wait) {
          await this.payments.settleFacts(answer.facts, 'query');
          throw new ShopError('ORDER_NOT_CANCELABLE');
        }
      }
    } catch (error) {
      if (!(error instanceof GatewayUnknownError)) {
        throw error;
      }
    }
    throw new ShopError('GATEWAY_UNAVAILABLE', { retryAfterSeconds: 5 });
  }
}

/** Unpaid orders, and orders to be paid on delivery that were not sent yet. */
function requireCancelable(order: LockedOrder): void {
  const cash = order.status === OrderStatus.ToShip && order.payMethod === PayMethod.Cash;
  if (order.status !== OrderStatus.Unpaid && !cash) {
    throw new ShopError('ORDER_NOT_CANCELABLE');
  }
}

async function cancelUnlessPaid(tx: Tx, orderId: string, event: OrderEvent): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (!order || order.status === OrderStatus.Canceled) {
    return;
  }
  requireCancelable(order);
  await cancelOrder(tx, order, event);
  await closePayment(tx, orderId);
}
