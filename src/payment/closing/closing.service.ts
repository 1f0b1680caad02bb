import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { cancelOrder, type OrderEvent } from '../../orders/lifecycle.js';
import { OrderStatus, PayMethod } from '../../orders/order-status.js';
import { type LockedOrder, lockOrder } from '../../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway, TradeStatus } from '../gateway/payment-gateway.js';
import { PaymentService } from '../payment.service.js';
import { closePayment, lockPayment } from '../payments.locks.js';
import { QUARANTINED } from '../settle.js';

/** Two calls each. One that is late ends them all, so only a gateway that contradicts itself is asked again. */
const CLOSE_ATTEMPTS = 3;

/**
 * `already`: it was canceled before. `paid`: the gateway took the money first, and it was settled.
 * `quarantined`: it took money that does not fit the order, so a person has to look.
 */
export type CloseResult = 'canceled' | 'already' | 'paid' | 'quarantined';

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
   * ORDER_NOT_CANCELABLE (paid, if only with money that does not fit, or sent) and
   * GATEWAY_UNAVAILABLE (nobody knows yet, try again).
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
    const result = begun && (await this.closeForBuyer(orderId, event));
    if (result === 'paid' || result === 'quarantined') {
      throw new ShopError('ORDER_NOT_CANCELABLE');
    }
  }

  /**
   * Closes the trade at the gateway and then the order. Throws GatewayUnknownError while nobody
   * knows; then nothing has changed here.
   */
  async close(orderId: string, event: OrderEvent): Promise<CloseResult> {
    const trade = await this.closeTrade(orderId);
    return trade === 'closed' ? this.cancelUnpaid(orderId, event) : trade;
  }

  /** Cancels an order whose trade cannot be paid any more. */
  cancelUnpaid(orderId: string, event: OrderEvent): Promise<CloseResult> {
    return inTransaction(this.dataSource, (tx) => cancelUnlessPaid(tx, orderId, event));
  }

  private async closeForBuyer(orderId: string, event: OrderEvent): Promise<CloseResult> {
    try {
      return await this.close(orderId, event);
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        throw new ShopError('GATEWAY_UNAVAILABLE', { retryAfterSeconds: 5 });
      }
      throw error;
    }
  }

  private async closeTrade(orderId: string): Promise<'closed' | 'paid' | 'quarantined'> {
    for (let attempt = 1; attempt <= CLOSE_ATTEMPTS; attempt += 1) {
      if ((await this.gateway.close(orderId)) !== 'refused') {
        return 'closed';
      }
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'none' || answer.facts.status === TradeStatus.Closed) {
        return 'closed';
      }
      if (answer.facts.status !== TradeStatus.Wait) {
        const verdict = await this.payments.settleFacts(answer.facts, 'query');
        if (verdict === 'ignored') {
          throw new GatewayUnknownError('alipay.trade.query', `state ${answer.facts.status}`);
        }
        return QUARANTINED.has(verdict) ? 'quarantined' : 'paid';
      }
    }
    throw new GatewayUnknownError('alipay.trade.close', 'refused again and again');
  }
}

/** Unpaid orders, and orders to be paid on delivery that were not sent yet. */
function requireCancelable(order: LockedOrder): void {
  const cash = order.status === OrderStatus.ToShip && order.payMethod === PayMethod.Cash;
  if (order.status !== OrderStatus.Unpaid && !cash) {
    throw new ShopError('ORDER_NOT_CANCELABLE');
  }
}

async function cancelUnlessPaid(tx: Tx, orderId: string, event: OrderEvent): Promise<CloseResult> {
  const order = await lockOrder(tx, orderId);
  if (!order || order.status === OrderStatus.Canceled) {
    return 'already';
  }
  if (order.status !== OrderStatus.Unpaid) {
    return 'paid';
  }
  await cancelOrder(tx, order, event);
  await closePayment(tx, await lockPayment(tx, orderId));
  return 'canceled';
}
