import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ordersExpired, paymentChecks } from '../../common/metrics.js';
import { inTransaction } from '../../database/transaction.js';
import { cancelOrder, type OrderEvent } from '../../orders/lifecycle.js';
import { OrderStatus } from '../../orders/order-status.js';
import { lockOrder } from '../../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway, TradeStatus } from '../gateway/payment-gateway.js';
import { inLanes } from '../lanes.js';
import { PaymentService } from '../payment.service.js';
import { lockPayment } from '../payments.locks.js';
import { QUARANTINED } from '../settle.js';
import { checkDelayS } from './check-rules.js';
import {
  type ClaimedPayment,
  claimPayment,
  claimUnopened,
  endChecks,
  postponeCheck,
} from './closing.store.js';
import { ClosingService, type CloseResult } from './closing.service.js';

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

  /**
   * One turn: at most `max` orders never opened for payment and `max` payments that are due. Answers
   * whether there may be more of either now.
   */
  async sweep(max = 100, stop?: AbortSignal): Promise<boolean> {
    const canceled = await this.cancelUnopened(max, stop);
    const checked = await this.checkDue(max, stop);
    return Math.max(canceled, checked) >= max;
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

  /** Asks about the payments that are due, a few at the same time; answers how many. */
  checkDue(max = 100, stop?: AbortSignal): Promise<number> {
    const take = async () => {
      const payment = await inTransaction(this.dataSource, claimPayment);
      return payment && (() => this.check(payment));
    };
    return inLanes(max, take, stop);
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
    const over = outcome === 'settled' || outcome === 'canceled';
    await inTransaction(this.dataSource, (tx) =>
      over ? endChecks(tx, payment.id) : postponeCheck(tx, payment.id, checkDelayS(payment.checks)),
    );
  }

  private async outcomeOf({ orderId, overdue }: ClaimedPayment): Promise<Outcome> {
    try {
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'found' && answer.facts.status === TradeStatus.Closed) {
        const event = overdue ? EXPIRED : CLOSED_THERE;
        return ended(await this.closing.cancelUnpaid(orderId, event));
      }
      if (answer.kind === 'found' && answer.facts.status !== TradeStatus.Wait) {
        const verdict = await this.payments.settleFacts(answer.facts, 'query');
        if (verdict === 'ignored') {
          return 'waiting';
        }
        return QUARANTINED.has(verdict) ? 'quarantined' : 'settled';
      }
      return overdue ? ended(await this.closing.close(orderId, EXPIRED)) : 'waiting';
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        this.logger.warn(`order ${orderId}: ${error.message}`);
        return 'unknown';
      }
      throw error;
    }
  }
}

function ended(result: CloseResult): Outcome {
  if (result === 'canceled') {
    ordersExpired.inc();
  }
  if (result === 'quarantined') {
    return 'quarantined';
  }
  return result === 'paid' ? 'settled' : 'canceled';
}
