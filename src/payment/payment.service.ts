import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { notifiesRefused, settlements } from '../common/metrics.js';
import { Config } from '../config/config.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { OrderStatus, PayMethod } from '../orders/order-status.js';
import { lockOrder } from '../orders/orders.locks.js';
import { PaymentGateway, type TradeFacts } from './gateway/payment-gateway.js';
import { asSignedFields, type SignedFields } from './gateway/signature.js';
import { ensurePayment } from './payments.locks.js';
import { type Account, QUARANTINED, settle, type Source, type Verdict } from './settle.js';

/** The gateway stops taking money this long before the order expires, in milliseconds. */
const CLOSING_MARGIN_MS = 60_000;

export interface PaymentState {
  readonly orderStatus: OrderStatus;
  readonly tradeNo: string | null;
}

/** Paying: the signed page, and what comes back by notify, by the browser and by asking. */
@Injectable()
export class PaymentService {
  private readonly logger = new Logger(PaymentService.name);
  private readonly account: Account;

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
    config: Config,
  ) {
    this.account = { appId: config.ALIPAY_APP_ID, sellerId: config.ALIPAY_SELLER_ID };
  }

  /**
   * The page on which the buyer pays. The payment row is there before anything is signed; asking
   * again answers the same trade. Throws NOT_FOUND and ORDER_NOT_PAYABLE.
   */
  async payUrl(userId: number, orderId: string): Promise<string> {
    const request = await inTransaction(this.dataSource, async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order || order.userId !== userId) {
        throw new ShopError('NOT_FOUND');
      }
      const expiresAt = new Date((order.expiresAt?.getTime() ?? 0) - CLOSING_MARGIN_MS);
      if (
        order.status !== OrderStatus.Unpaid ||
        order.payMethod !== PayMethod.Alipay ||
        order.now >= expiresAt
      ) {
        throw new ShopError('ORDER_NOT_PAYABLE');
      }
      await ensurePayment(tx, orderId, order.totalFen, expiresAt);
      return { orderId, amountFen: order.totalFen, expiresAt };
    });
    return this.gateway.payUrl(request);
  }

  /**
   * Takes a notify. True means `success` may be answered: the effect, or the row that quarantines
   * it, is committed. False: not Alipay's, or an order we do not know (yet).
   */
  async notify(body: unknown): Promise<boolean> {
    const fields = asSignedFields(body);
    const facts = fields && this.gateway.readNotify(fields);
    if (!facts) {
      notifiesRefused.inc();
      this.logger.warn('a notify was refused: not signed by Alipay');
      return false;
    }
    const verdict = await inTransaction(this.dataSource, async (tx) => {
      const decided = await this.settled(tx, facts, 'notify');
      await keepNotice(tx, fields, decided);
      return decided;
    });
    return verdict !== 'unknown_order';
  }

  /**
   * Takes what Alipay appended to the return URL. That is never proof of payment: when it is
   * genuine, the gateway is asked. Answers the trade number. Throws PAYMENT_PROOF_INVALID, and
   * PAYMENT_PENDING while it is not known.
   */
  async confirmReturn(query: unknown): Promise<string> {
    const fields = asSignedFields(query);
    const claim = fields && this.gateway.readReturn(fields);
    if (!claim) {
      throw new ShopError('PAYMENT_PROOF_INVALID');
    }
    const { tradeNo } = await this.refresh(claim.outTradeNo);
    if (tradeNo === null) {
      throw new ShopError('PAYMENT_PENDING', { retryAfterSeconds: 2 });
    }
    return tradeNo;
  }

  /** Where the buyer's payment stands; asks the gateway while we do not know. */
  async status(userId: number, orderId: string): Promise<PaymentState> {
    const [order] = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM orders WHERE id = ? AND user_id = ?',
      [orderId, userId],
    );
    if (!order) {
      throw new ShopError('NOT_FOUND');
    }
    return this.refresh(orderId);
  }

  /** Asks the gateway when the order is still unpaid and a payment was begun; settles the answer. */
  async refresh(orderId: string): Promise<PaymentState> {
    const before = await this.state(orderId);
    if (before.orderStatus !== OrderStatus.Unpaid || !before.begun) {
      return before;
    }
    try {
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'found') {
        await this.settleFacts(answer.facts, 'query');
      }
    } catch (error) {
      this.logger.warn(`order ${orderId}: ${String(error)}`);
    }
    return this.state(orderId);
  }

  /** Settles facts in a transaction of their own. */
  settleFacts(facts: TradeFacts, source: Source): Promise<Verdict> {
    return inTransaction(this.dataSource, (tx) => this.settled(tx, facts, source));
  }

  private async settled(tx: Tx, facts: TradeFacts, source: Source): Promise<Verdict> {
    const verdict = await settle(tx, facts, this.account, source);
    settlements.inc({ source, verdict });
    if (QUARANTINED.has(verdict)) {
      this.logger.error(`${source} for order ${facts.outTradeNo}: ${verdict}`);
    }
    return verdict;
  }

  private async state(orderId: string): Promise<PaymentState & { readonly begun: boolean }> {
    const [row] = await this.dataSource.query<
      { status: OrderStatus; paymentId: number | null; tradeNo: string | null }[]
    >(
      `SELECT o.status, p.id AS paymentId, p.trade_no AS tradeNo
       FROM orders o LEFT JOIN payments p ON p.order_id = o.id WHERE o.id = ?`,
      [orderId],
    );
    if (!row) {
      throw new ShopError('NOT_FOUND');
    }
    return { orderStatus: row.status, tradeNo: row.tradeNo, begun: row.paymentId !== null };
  }
}

async function keepNotice(tx: Tx, fields: SignedFields, verdict: Verdict): Promise<void> {
  await tx.query(
    `INSERT INTO alipay_notices (notify_id, out_trade_no, verdict, quarantined, params)
     VALUES (?, ?, ?, ?, ?)`,
    [
      fields['notify_id']?.slice(0, 128),
      fields['out_trade_no']?.slice(0, 64),
      verdict,
      QUARANTINED.has(verdict),
      JSON.stringify(fields),
    ],
  );
}
