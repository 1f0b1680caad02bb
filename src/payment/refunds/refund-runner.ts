import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { refundsOpenOldest, refundTries } from '../../common/metrics.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { recordEvent } from '../../orders/lifecycle.js';
import { type LockedOrder, lockOrder } from '../../orders/orders.locks.js';
import { RefundStatus } from '../../orders/refund-view.js';
import { PaymentGateway } from '../gateway/payment-gateway.js';
import { inLanes } from '../lanes.js';
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
  oldestOpenS,
  postponeRefund,
} from './refunds.store.js';

/** Makes a refund that was claimed. */
type Make = () => Promise<void>;

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

  /** Tries the refunds that are due, at most `max`, a few at the same time; answers how many. */
  runDue(max = 100, stop?: AbortSignal): Promise<number> {
    // Those of money that does not fit are few, so they do not wait behind all others.
    return inLanes(max, async () => (await this.takeOdd()) ?? (await this.take()), stop);
  }

  /** Tells /metrics how long the oldest refund has been waiting for its money to move. */
  async tellOldest(): Promise<void> {
    refundsOpenOldest.set(await oldestOpenS(this.dataSource));
  }

  /** Tries one due refund, the named one or any; false when there is none to try now. */
  async run(refundId?: number): Promise<boolean> {
    const make = await this.take(refundId);
    await make?.();
    return make !== undefined;
  }

  /** The same for money that does not fit its order, of the named order or of any. */
  async runOdd(orderId?: string): Promise<boolean> {
    const make = await this.takeOdd(orderId);
    await make?.();
    return make !== undefined;
  }

  private async take(refundId?: number): Promise<Make | undefined> {
    const refund = await inTransaction(this.dataSource, (tx) => claimRefund(tx, refundId));
    return refund && (() => this.make(refund, book));
  }

  private async takeOdd(orderId?: string): Promise<Make | undefined> {
    const refund = await inTransaction(this.dataSource, (tx) => claimOddRefund(tx, orderId));
    return refund && (() => this.make(refund, bookOdd));
  }

  private async make<R extends DueRefund>(
    refund: R,
    bookEnd: (tx: Tx, refund: R, result: Try) => Promise<void>,
  ): Promise<void> {
    const result = await tryRefund(this.gateway, refund);
    refundTries.inc({ outcome: result.outcome });
    if (result.outcome !== 'done') {
      const text = `refund ${refund.outRequestNo}: ${result.outcome} (${result.answer})`;
      this.logger[result.outcome === 'failed' ? 'error' : 'warn'](text);
    }
    await inTransaction(this.dataSource, (tx) => bookEnd(tx, refund, result));
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
