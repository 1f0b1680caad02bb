import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ordersExpired, paymentChecks } from '../../common/metrics.js';
import { inTransaction } from '../../database/transaction.js';
import { cancelOrder, type OrderEvent } from '../../orders/lifecycle.js';
import { OrderStatus } from '../../orders/order-status.js';
import { lockOrder } from '../../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway, TradeStatus } from '../gateway/payment-gateway.js';
import { PaymentService } from '../payment.service.js';
import { lockPayment } from '../payments.locks.js';
import { QUARANTINED } from '../settle.js';
import { checkDelayS } from './check-rules.js';
import {
  type ClaimedPayment,
  claimPayment,
  claimUnopened,
  postponeCheck,
} from './closing.store.js';
import { ClosingService } from './closing.service.js';

type Outcome = 'settled' | 'canceled' | 'waiting' | 'unknown' | 'quarantined';

const EXPIRED: OrderEvent = { type: 'canceled', actor: 'system', detail: { reason: 'unpaid' } };
const CLOSED_THERE: OrderEvent = {
  type: 'canceled',
  actor: 'alipay',
  detail: { reason: 'the trade was closed' },
};

/**
 * Finds out about payments nobody has told us about, and closes the orders nobody has paid in time.
 * A payment is claimed in one transaction, the gateway is asked outside of any, and the result is
 * written in another, so several instances and crashes do no harm. An answer that is not known
 * changes nothing: it is asked for again later, further and further apart.
 */
@Injectable()
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
    private readonly payments: PaymentService,
    private readonly closing: ClosingService,
  ) {}

  /** One turn: at most `max` orders never opened for payment and `max` pending payments. */
  async sweep(max = 100, stop?: AbortSignal): Promise<void> {
    await this.cancelUnopened(max, stop);
    await this.checkPending(max, stop);
  }

  /** Cancels expired orders whose payment page was never asked for; answers how many. */
  async cancelUnopened(max = 100, stop?: AbortSignal): Promise<number> {
    for (let canceled = 0; canceled < max; canceled += 1) {
      if (stop?.aborted || !(await this.cancelOneUnopened())) {
        return canceled;
      }
    }
    return max;
  }

  /** Asks about the pending payments that are due; answers how many. */
  async checkPending(max = 100, stop?: AbortSignal): Promise<number> {
    for (let checked = 0; checked < max; checked += 1) {
      const payment = stop?.aborted
        ? undefined
        : await inTransaction(this.dataSource, claimPayment);
      if (!payment) {
        return checked;
      }
      await this.check(payment);
    }
    return max;
  }

  private async cancelOneUnopened(): Promise<boolean> {
    const found = await inTransaction(this.dataSource, async (tx) => {
      const orderId = await claimUnopened(tx);
      const order = orderId && (await lockOrder(tx, orderId));
      if (!order) {
        return false;
      }
      // The page may have been asked for between the search and the lock.
      if (order.status === OrderStatus.Unpaid && !(await lockPayment(tx, order.id))) {
        await cancelOrder(tx, order, EXPIRED);
        ordersExpired.inc();
      }
      return true;
    });
    return found;
  }

  private async check(payment: ClaimedPayment): Promise<void> {
    const outcome = await this.outcomeOf(payment);
    paymentChecks.inc({ outcome });
    if (outcome !== 'settled' && outcome !== 'canceled') {
      const delayS = checkDelayS(payment.checks);
      await inTransaction(this.dataSource, (tx) => postponeCheck(tx, payment.id, delayS));
    }
  }

  private async outcomeOf({ orderId, overdue }: ClaimedPayment): Promise<Outcome> {
    try {
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'found' && answer.facts.status === TradeStatus.Closed) {
        const closed = await this.closing.cancelUnpaid(orderId, overdue ? EXPIRED : CLOSED_THERE);
        return closed === 'closed' ? 'canceled' : 'settled';
      }
      if (answer.kind === 'found' && answer.facts.status !== TradeStatus.Wait) {
        const verdict = await this.payments.settleFacts(answer.facts, 'query');
        return QUARANTINED.has(verdict) ? 'quarantined' : 'settled';
      }
      return overdue ? await this.expire(orderId) : 'waiting';
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        this.logger.warn(`order ${orderId}: ${error.message}`);
        return 'unknown';
      }
      throw error;
    }
  }

  private async expire(orderId: string): Promise<Outcome> {
    if ((await this.closing.close(orderId, EXPIRED)) === 'paid') {
      return 'settled';
    }
    ordersExpired.inc();
    return 'canceled';
  }
}
