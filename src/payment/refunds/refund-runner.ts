import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { refundTries } from '../../common/metrics.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { recordEvent } from '../../orders/lifecycle.js';
import { lockOrder } from '../../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway } from '../gateway/payment-gateway.js';
import { lockPayment } from '../payments.locks.js';
import { retryDelayS, type TryOutcome } from './refund-rules.js';
import {
  bookRefunded,
  type ClaimedRefund,
  claimRefund,
  finishRefund,
  postponeRefund,
  RefundStatus,
} from './refunds.store.js';

interface Try {
  readonly outcome: TryOutcome;
  readonly answer: string;
  readonly at?: Date | undefined;
}

/**
 * Makes refunds that were asked for true: claim in one transaction, call the gateway outside of
 * any, book the answer in another. Whoever dies in between leaves a lease that ends; the next try
 * asks the gateway first and then sends the same number again, so the money moves once.
 */
@Injectable()
export class RefundRunner {
  private readonly logger = new Logger(RefundRunner.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  /** Tries the refunds that are due, at most `max`; answers how many there were. */
  async runDue(max = 100, stop?: AbortSignal): Promise<number> {
    for (let tried = 0; tried < max; tried += 1) {
      if (stop?.aborted || !(await this.run())) {
        return tried;
      }
    }
    return max;
  }

  /** Tries one due refund, the named one or any; false when there is none to try now. */
  async run(refundId?: number): Promise<boolean> {
    const refund = await inTransaction(this.dataSource, (tx) => claimRefund(tx, refundId));
    if (!refund) {
      return false;
    }
    const result = await this.tryOnce(refund);
    refundTries.inc({ outcome: result.outcome });
    if (result.outcome !== 'done') {
      const text = `refund ${refund.outRequestNo}: ${result.outcome} (${result.answer})`;
      this.logger[result.outcome === 'failed' ? 'error' : 'warn'](text);
    }
    await inTransaction(this.dataSource, (tx) => book(tx, refund, result));
    return true;
  }

  private async tryOnce(refund: ClaimedRefund): Promise<Try> {
    try {
      // An earlier try may have moved the money and lost the answer.
      const earlier = refund.attempts > 1 ? await this.stateOf(refund) : undefined;
      return earlier ?? (await this.send(refund));
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        return { outcome: 'later', answer: error.message };
      }
      throw error;
    }
  }

  private async send(refund: ClaimedRefund): Promise<Try> {
    const answer = await this.gateway.refund(refund);
    switch (answer.kind) {
      case 'moved':
        return { outcome: 'done', answer: 'fund_change=Y', at: answer.at };
      case 'poor':
        return { outcome: 'poor', answer: 'SELLER_BALANCE_NOT_ENOUGH' };
      case 'not_moved':
        return (await this.stateOf(refund)) ?? { outcome: 'later', answer: 'fund_change=N' };
      case 'refused':
        return (await this.stateOf(refund)) ?? { outcome: 'failed', answer: answer.code };
    }
  }

  /** The refund query decides: done, or undefined. */
  private async stateOf(refund: ClaimedRefund): Promise<Try | undefined> {
    const state = await this.gateway.refundState(refund);
    return state.kind === 'done'
      ? { outcome: 'done', answer: 'REFUND_SUCCESS', at: state.at }
      : undefined;
  }
}

async function book(tx: Tx, refund: ClaimedRefund, { outcome, answer, at }: Try): Promise<void> {
  const order = await lockOrder(tx, refund.orderId);
  const payment = await lockPayment(tx, refund.orderId);
  if (!order || !payment) {
    throw new Error(`refund ${refund.outRequestNo} has no order or no payment`);
  }
  if (outcome === 'later' || outcome === 'poor') {
    await postponeRefund(tx, refund.id, retryDelayS(outcome, refund.attempts), answer);
    return;
  }
  const done = outcome === 'done';
  const status = done ? RefundStatus.Done : RefundStatus.Failed;
  if (!(await finishRefund(tx, refund.id, { status, at, answer }))) {
    return;
  }
  await bookRefunded(tx, payment.id, done ? refund.amountFen : 0);
  await recordEvent(tx, order, order.status, {
    type: done ? 'refunded' : 'refund_failed',
    actor: 'alipay',
    detail: { refund_id: refund.outRequestNo, amount_fen: refund.amountFen, answer },
  });
}
