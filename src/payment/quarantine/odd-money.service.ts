import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wordsOf } from '../../common/error-words.js';
import { ShopError } from '../../common/errors.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { cancelOrder, recordEvent } from '../../orders/lifecycle.js';
import { OrderStatus } from '../../orders/order-status.js';
import { lockOrder } from '../../orders/orders.locks.js';
import { GatewayUnknownError, PaymentGateway, TradeStatus } from '../gateway/payment-gateway.js';
import { PaymentService } from '../payment.service.js';
import { closePayment, isTradeOfAnother, lockPayment, PaymentStatus } from '../payments.locks.js';
import {
  askOddRefundAgain,
  type AskedBy,
  insertOddRefund,
  type OddMoney,
  wasOddRefundAsked,
} from '../refunds/odd-refunds.store.js';
import { oddRequestNo } from '../refunds/refund-rules.js';
import { RefundRunner } from '../refunds/refund-runner.js';
import { fits, ORDER_ID } from '../settle.js';

/**
 * The way out for an order that somebody paid with money that does not fit it: it can be neither
 * settled nor closed, until an administrator decides that the order is over and all of that money
 * goes back.
 */
@Injectable()
export class OddMoneyService {
  private readonly logger = new Logger(OddMoneyService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
    private readonly payments: PaymentService,
    private readonly runner: RefundRunner,
  ) {}

  /**
   * Gives the money a quarantined message speaks of back, all of it and under a number that never
   * changes; the order, if it is unpaid, is canceled with the decision and its goods are in stock at
   * once. The gateway is asked first what it holds, and must still say what does not fit. Asking
   * again changes nothing, but tries a refund again that was refused. Answers the order. Throws
   * NOT_FOUND, MONEY_NOT_RETURNABLE and GATEWAY_UNAVAILABLE (nobody knows; nothing has changed).
   */
  async giveBack(adminId: number, noticeId: number, note: string): Promise<string> {
    const orderId = await this.orderOf(noticeId);
    const isDecided = () => inTransaction(this.dataSource, (tx) => askAgain(tx, orderId));
    if (!(await isDecided())) {
      const money = await this.oddMoneyOf(orderId);
      if (money) {
        const asked = { by: adminId, note };
        await inTransaction(this.dataSource, (tx) => decide(tx, orderId, money, asked));
      } else if (!(await isDecided())) {
        throw new ShopError('MONEY_NOT_RETURNABLE');
      }
    }
    try {
      await this.runner.runOdd(orderId);
    } catch (error) {
      // The decision is committed; a later turn of the runner makes it true.
      this.logger.warn(`the money of order ${orderId} was not sent back now: ${wordsOf(error)}`);
    }
    return orderId;
  }

  private async orderOf(noticeId: number): Promise<string> {
    const [notice] = await this.dataSource.query<{ verdict: string; outTradeNo: string }[]>(
      `SELECT verdict, out_trade_no AS outTradeNo FROM alipay_notices
       WHERE id = ? AND quarantined`,
      [noticeId],
    );
    if (!notice) {
      throw new ShopError('NOT_FOUND');
    }
    if (notice.verdict !== 'mismatch' || !ORDER_ID.test(notice.outTradeNo)) {
      throw new ShopError('MONEY_NOT_RETURNABLE');
    }
    return notice.outTradeNo;
  }

  /** The odd money the gateway holds for the order now; what fits after all is settled instead. */
  private async oddMoneyOf(orderId: string): Promise<OddMoney | undefined> {
    try {
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'found' && isHeld(answer.facts.status)) {
        const { facts } = answer;
        const { totalFen = 0 } = facts;
        const verdict = await this.payments.settleFacts(facts, 'query');
        if (verdict === 'mismatch' && totalFen > 0) {
          return { ...facts, totalFen };
        }
      }
      return undefined;
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        throw new ShopError('GATEWAY_UNAVAILABLE', { retryAfterSeconds: 5 });
      }
      throw error;
    }
  }
}

function isHeld(status: string): boolean {
  return status === TradeStatus.Success || status === TradeStatus.Finished;
}

/** True when it was decided before. */
async function askAgain(tx: Tx, orderId: string): Promise<boolean> {
  await askOddRefundAgain(tx, orderId);
  return wasOddRefundAsked(tx, orderId);
}

/** Everything is looked at again under the lock of the order: it may have been decided meanwhile. */
async function decide(tx: Tx, orderId: string, money: OddMoney, asked: AskedBy): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (await wasOddRefundAsked(tx, orderId)) {
    return;
  }
  // Of a trade that paid another order, the money is that order's.
  if (!order || fits(order, money) || (await isTradeOfAnother(tx, orderId, money.tradeNo))) {
    throw new ShopError('MONEY_NOT_RETURNABLE');
  }
  const detail = {
    refund_id: oddRequestNo(orderId),
    amount_fen: money.totalFen,
    trade_no: money.tradeNo,
  };
  if (order.status === OrderStatus.Unpaid) {
    await cancelOrder(tx, order, { type: 'canceled', actor: 'admin', detail });
  } else {
    await recordEvent(tx, order, order.status, { type: 'refund_asked', actor: 'admin', detail });
  }
  const payment = await lockPayment(tx, orderId);
  if (payment?.status === PaymentStatus.Success) {
    throw new ShopError('MONEY_NOT_RETURNABLE');
  }
  await closePayment(tx, payment);
  await insertOddRefund(tx, orderId, money, asked);
}
