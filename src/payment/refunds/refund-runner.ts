import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { refundTries } from '../../common/metrics.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { recordEvent } from '../../orders/lifecycle.js';
import { type LockedOrder, lockOrder } from '../../orders/orders.locks.js';
import { RefundStatus } from '../../orders/refund-view.js';
import { PaymentGateway } from '../gateway/payment-gateway.js';
import { lockPayment } from '../payments.locks.js';
import { resolveMismatches } from '../quarantine/notices.store.js';
import { claimOddRefund, finishOddRefund, postponeOddRefund } from './odd-refunds.store.js';
import { retryDelayS } from './refund-rules.js';
import { type DueRefund, type Try, tryRefund } from './refund-try.js';
import {
  bookRefunded,
  type ClaimedRefund,
  claimRefund,
  finishRefund,
  postponeRefund,
} from './refunds.store.js';

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
      // Those of money that does not fit are few, so they do not wait behind all others.
      if (stop?.aborted || !((await this.runOdd()) || (await this.run()))) {
        return tried;
      }
    }
    return max;
  }

  /** Tries one due refund, the named one or any; false when there is none to try now. */
  run(refundId?: number): Promise<boolean> {
    return this.make((tx) => claimRefund(tx, refundId), book);
  }

  /** The same for money that does not fit its order, of the named order or of any. */
  runOdd(orderId?: string): Promise<boolean> {
    return this.make((tx) => claimOddRefund(tx, orderId), bookOdd);
  }

  private async make<R extends DueRefund>(
    claim: (tx: Tx) => Promise<R | undefined>,
    bookEnd: (tx: Tx, refund: R, result: Try) => Promise<void>,
  ): Promise<boolean> {
    const refund = await inTransaction(this.dataSource, claim);
    if (!refund) {
      return false;
    }
    const result = await tryRefund(this.gateway, refund);
    refundTries.inc({ outcome: result.outcome });
    if (result.outcome !== 'done') {
      const text = `refund ${refund.outRequestNo}: ${result.outcome} (${result.answer})`;
      this.logger[result.outcome === 'failed' ? 'error' : 'warn'](text);
    }
    await inTransaction(this.dataSource, (tx) => bookEnd(tx, refund, result));
    return true;
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
  await recordEnd(tx, order, refund, { outcome, answer });
}

/** Nothing is booked into a payment; the notices about the money are resolved when it is back. */
async function bookOdd(tx: Tx, refund: DueRefund, { outcome, answer, at }: Try): Promise<void> {
  const order = await lockOrder(tx, refund.orderId);
  if (!order) {
    throw new Error(`refund ${refund.outRequestNo} has no order`);
  }
  if (outcome === 'later' || outcome === 'poor') {
    await postponeOddRefund(tx, order.id, retryDelayS(outcome, refund.attempts), answer);
    return;
  }
  const done = outcome === 'done';
  const status = done ? RefundStatus.Done : RefundStatus.Failed;
  const asked = await finishOddRefund(tx, order.id, { status, at, answer });
  if (!asked) {
    return;
  }
  if (done) {
    await resolveMismatches(tx, order.id, asked.by, asked.note);
  }
  await recordEnd(tx, order, refund, { outcome, answer });
}

function recordEnd(
  tx: Tx,
  order: LockedOrder,
  { outRequestNo, amountFen }: DueRefund,
  { outcome, answer }: Try,
): Promise<void> {
  return recordEvent(tx, order, order.status, {
    type: outcome === 'done' ? 'refunded' : 'refund_failed',
    actor: 'alipay',
    detail: { refund_id: outRequestNo, amount_fen: amountFen, answer },
  });
}
