import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wordsOf } from '../common/error-words.js';
import { ShopError } from '../common/errors.js';
import { quarantined, settlements } from '../common/metrics.js';
import { Config } from '../config/config.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { OrderStatus, PayMethod } from '../orders/order-status.js';
import { lockOrder } from '../orders/orders.locks.js';
import { PAY_MARGIN_S } from './closing/check-rules.js';
import {
  GatewayUnknownError,
  PaymentGateway,
  type PayRequest,
  type TradeFacts,
} from './gateway/payment-gateway.js';
import { asSignedFields } from './gateway/signature.js';
import { ensurePayment } from './payments.locks.js';
import { keepNotice, keepOdd } from './quarantine/notices.store.js';
import { RefusedNotices } from './quarantine/refused-notices.js';
import {
  type Account,
  ORDER_ID,
  QUARANTINED,
  settle,
  type Source,
  type Verdict,
} from './settle.js';

/** Where the buyer pays: a desktop browser, a mobile one, an app, or by scanning a code. */
export const SCENES = ['page', 'wap', 'app', 'qr'] as const;
export type Scene = (typeof SCENES)[number];

/** What the buyer needs to pay, by scene. */
interface WayToPay {
  readonly alipay_url?: string;
  readonly order_string?: string;
  readonly qr_code?: string;
}

interface PaymentState {
  readonly orderStatus: OrderStatus;
  readonly tradeNo: string | null;
  /** Money came that does not fit the order, and goes back. */
  readonly goesBack: boolean;
}

/** Paying: the signed page, and what comes back by notify, by the browser and by asking. */
@Injectable()
export class PaymentService {
  private readonly logger = new Logger(PaymentService.name);
  private readonly account: Account;

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
    private readonly refused: RefusedNotices,
    config: Config,
  ) {
    this.account = { appId: config.ALIPAY_APP_ID, sellerId: config.ALIPAY_SELLER_ID };
  }

  /**
   * What the buyer needs to pay the order, by scene. The payment row is there before anything is
   * signed; whichever scene is asked for, however often, it is one trade of a fixed amount. Throws
   * NOT_FOUND, ORDER_NOT_PAYABLE and, for `qr`, PAYMENT_BEGUN and GATEWAY_UNAVAILABLE.
   */
  async wayToPay(userId: number, orderId: string, scene: Scene): Promise<WayToPay> {
    const request = await inTransaction(this.dataSource, (tx) => begin(tx, userId, orderId));
    switch (scene) {
      case 'page':
      case 'wap':
        return { alipay_url: this.gateway.payUrl(request, scene) };
      case 'app':
        return { order_string: this.gateway.orderString(request) };
      case 'qr':
        return { qr_code: await this.qrCode(request) };
    }
  }

  /**
   * Takes a notify. True means `success` may be answered: the effect, or the row that quarantines
   * it, is committed. False: not Alipay's, or an order we do not know (yet).
   */
  async notify(body: unknown, isForm: boolean): Promise<boolean> {
    const fields = isForm ? asSignedFields(body) : undefined;
    const facts = fields && this.gateway.readNotify(fields);
    if (!facts) {
      await this.refused.take(body);
      return false;
    }
    const [verdict, odd] = await inTransaction(this.dataSource, async (tx) => {
      const decided = await settle(tx, facts, this.account, 'notify');
      const waits = await keepNotice(tx, fields, decided, QUARANTINED.has(decided));
      return [decided, waits && (await oddity(tx, facts, decided))] as const;
    });
    this.count(facts, 'notify', verdict, odd);
    return verdict !== 'unknown_order';
  }

  /**
   * Takes what Alipay appended to the return URL. That is never proof of payment: when it is
   * genuine, the gateway is asked. Answers the trade number. Throws PAYMENT_PROOF_INVALID,
   * PAYMENT_PENDING while it is not known, and PAYMENT_RETURNED when the order is canceled.
   */
  async confirmReturn(query: unknown): Promise<string> {
    const fields = asSignedFields(query);
    const claim = fields && this.gateway.readReturn(fields);
    if (!claim) {
      throw new ShopError('PAYMENT_PROOF_INVALID');
    }
    const { tradeNo, orderStatus, goesBack } = await this.refresh(claim.outTradeNo);
    if (orderStatus === OrderStatus.Canceled && (tradeNo !== null || goesBack)) {
      throw new ShopError('PAYMENT_RETURNED');
    }
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

  /**
   * Asks the gateway while a payment was begun and none is booked, and settles the answer. That goes
   * for canceled orders too: the buyer may have paid on a page that was still open.
   */
  async refresh(orderId: string): Promise<PaymentState> {
    const before = await this.state(orderId);
    if (before.tradeNo !== null || !before.begun || before.goesBack) {
      return before;
    }
    try {
      const answer = await this.gateway.query(orderId);
      if (answer.kind === 'found') {
        await this.settleFacts(answer.facts, 'query');
      }
    } catch (error) {
      this.logger.warn(`order ${orderId}: ${wordsOf(error)}`);
    }
    return this.state(orderId);
  }

  /** Settles what a query said; what fits no order of ours goes to quarantine. */
  async settleFacts(facts: TradeFacts, source: Source): Promise<Verdict> {
    const [verdict, odd] = await inTransaction(this.dataSource, async (tx) => {
      const decided = await settle(tx, facts, this.account, source);
      const isNew = QUARANTINED.has(decided) && (await keepOdd(tx, facts, source, decided));
      return [decided, isNew && (await oddity(tx, facts, decided))] as const;
    });
    this.count(facts, source, verdict, odd);
    return verdict;
  }

  /** `odd`: it was put before a person just now, with these words. */
  private count(facts: TradeFacts, source: Source, verdict: Verdict, odd: string | false): void {
    settlements.inc({ source, verdict });
    if (odd !== false) {
      quarantined.inc({ verdict });
      this.logger.error(`${source} for order ${facts.outTradeNo}: ${odd}`);
    }
  }

  private async qrCode(request: PayRequest): Promise<string> {
    try {
      const answer = await this.gateway.qrCode(request);
      if (answer.kind === 'code') {
        return answer.qrCode;
      }
      if (answer.kind === 'begun') {
        throw new ShopError('PAYMENT_BEGUN');
      }
      await this.refresh(request.orderId);
      throw new ShopError('ORDER_NOT_PAYABLE');
    } catch (error) {
      if (error instanceof GatewayUnknownError) {
        throw new ShopError('GATEWAY_UNAVAILABLE', { retryAfterSeconds: 5 });
      }
      throw error;
    }
  }

  private async state(orderId: string): Promise<PaymentState & { readonly begun: boolean }> {
    const [row] = await this.dataSource.query<
      {
        status: OrderStatus;
        paymentId: number | null;
        tradeNo: string | null;
        odd: string | null;
      }[]
    >(
      `SELECT o.status, p.id AS paymentId, p.trade_no AS tradeNo, f.trade_no AS odd
       FROM orders o LEFT JOIN payments p ON p.order_id = o.id
       LEFT JOIN odd_refunds f ON f.order_id = o.id WHERE o.id = ?`,
      [orderId],
    );
    if (!row) {
      throw new ShopError('NOT_FOUND');
    }
    return {
      orderStatus: row.status,
      tradeNo: row.tradeNo,
      goesBack: row.odd !== null,
      begun: row.paymentId !== null,
    };
  }
}

/** The payment of an order that can be paid, made when it is not there yet. */
async function begin(tx: Tx, userId: number, orderId: string): Promise<PayRequest> {
  const order = await lockOrder(tx, orderId);
  if (!order || order.userId !== userId) {
    throw new ShopError('NOT_FOUND');
  }
  const expiresAt = new Date((order.expiresAt?.getTime() ?? 0) - PAY_MARGIN_S * 1000);
  if (
    order.status !== OrderStatus.Unpaid ||
    order.payMethod !== PayMethod.Alipay ||
    order.now >= expiresAt
  ) {
    throw new ShopError('ORDER_NOT_PAYABLE');
  }
  await ensurePayment(tx, orderId, order.totalFen, expiresAt);
  return { orderId, amountFen: order.totalFen, expiresAt };
}

/** The verdict and, of a mismatch, which amount was expected and which came. */
async function oddity(
  tx: Tx,
  { outTradeNo, totalFen }: TradeFacts,
  verdict: Verdict,
): Promise<string> {
  if (verdict !== 'mismatch' || !ORDER_ID.test(outTradeNo)) {
    return verdict;
  }
  const [order] = await tx.query<{ totalFen: number }[]>(
    'SELECT total_fen AS totalFen FROM orders WHERE id = ?',
    [outTradeNo],
  );
  return `mismatch, expected ${order?.totalFen ?? 'no'} fen, got ${totalFen ?? 'no'} fen`;
}
