import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import { BizError } from '../rules/errors.js';
import { newTradeNo } from '../rules/ids.js';
import { habitsOfOrder, habitsOfRefund, type Habit } from '../rules/habits.js';
import { parseYuan } from '../rules/money.js';
import { readOrder } from '../rules/order-request.js';
import type { Params } from '../rules/signing.js';
import {
  cancelAnswer,
  closeAnswer,
  queryAnswer,
  refundAnswer,
  refundQueryAnswer,
} from '../rules/trade-answers.js';
import type { OrderRequest, Product, Trade } from '../rules/trade.js';
import { Clock } from '../store/clock.js';
import type { Session } from '../store/records.js';
import { Warnings } from '../store/warnings.js';
import { Accounts } from '../trades/accounts.js';
import { Ledger, type TradeRef } from '../trades/ledger.js';

export type Biz = Record<string, unknown>;
export type Payload = Record<string, unknown>;

const MIN_REFUND_GAP_MS = 3000;

/** The methods about trades: they translate between `biz_content` and the ledger. */
@Injectable()
export class TradeMethods {
  constructor(
    private readonly ledger: Ledger,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly warnings: Warnings,
    private readonly facts: SandboxFacts,
  ) {}

  /** Opens a payment page for page.pay, wap.pay or an app's order string. */
  open(product: Product, biz: Biz, params: Params): Session {
    return this.ledger.openSession(this.readOrder(product, biz, params));
  }

  /** Makes a QR code. Like the pages, it creates no trade before a buyer scans it. */
  precreate(biz: Biz, params: Params): Payload {
    const order = this.readOrder('precreate', biz, params);
    this.ledger.assertPayable(order);
    const session = this.ledger.openSession(order);
    return {
      code: '10000',
      msg: 'Success',
      out_trade_no: order.outTradeNo,
      qr_code: `${this.facts.publicUrl}/qr/${session.id}`,
    };
  }

  query(biz: Biz): Payload {
    const trade = this.ledger.find(tradeRef(biz));
    return queryAnswer(trade, this.buyerLogonId(trade), queryOptions(biz));
  }

  close(biz: Biz): Payload {
    return closeAnswer(this.ledger.close(tradeRef(biz)));
  }

  cancel(biz: Biz): Payload {
    const ref = tradeRef(biz);
    const cancelled = this.ledger.cancel(ref);
    if (cancelled.trade && cancelled.action === 'refund') {
      const about = cancelled.trade.order.outTradeNo;
      this.warnings.warn('cancel_refunded', about, 'cancel took back a payment; use refund');
    }
    return cancelAnswer(cancelled, ref.outTradeNo);
  }

  refund(biz: Biz): Payload {
    const ref = tradeRef(biz);
    const amountFen = parseYuan(biz['refund_amount']);
    if (amountFen === undefined) throw new BizError('ACQ.INVALID_PARAMETER', 'refund_amount');
    const outRequestNo = text(biz, 'out_request_no');
    const before = this.ledger.find(ref);
    this.report(habitsOfRefund(biz), before.order.outTradeNo);
    const reason = text(biz, 'refund_reason');
    const outcome = this.ledger.refund(ref, { amountFen, outRequestNo, reason });
    if (outcome.fundChange) this.reportHaste(before);
    return refundAnswer(outcome, this.buyerLogonId(outcome.trade));
  }

  refundQuery(biz: Biz): Payload {
    const trade = this.ledger.find(tradeRef(biz));
    const outRequestNo = text(biz, 'out_request_no');
    if (!outRequestNo) throw new BizError('ACQ.INVALID_PARAMETER', 'out_request_no');
    return refundQueryAnswer(trade, outRequestNo, queryOptions(biz));
  }

  /** A genuine answer that belongs to another order, as somebody replaying it would send. */
  anotherAnswer(method: string, answer: Payload): Payload {
    const other = this.ledger.latestPaid(answer['out_trade_no']);
    if (other && method === 'alipay.trade.query') return this.query({ trade_no: other.id });
    return {
      ...answer,
      code: '10000',
      msg: 'Success',
      out_trade_no: other?.order.outTradeNo ?? 'another-order',
      trade_no: other?.id ?? newTradeNo(this.clock.nowMs()),
      trade_status: 'TRADE_SUCCESS',
    };
  }

  private readOrder(product: Product, biz: Biz, params: Params): OrderRequest {
    const urls = { notifyUrl: params['notify_url'], returnUrl: params['return_url'] };
    const order = readOrder(product, biz, urls, this.clock.nowMs());
    this.report(habitsOfOrder(biz, params), order.outTradeNo);
    return order;
  }

  private report(habits: readonly Habit[], about: string): void {
    for (const { level, code, detail } of habits) {
      if (level === 'warning') this.warnings.warn(code, about, detail);
      else this.warnings.note(code, about, detail);
    }
  }

  private reportHaste(before: Trade): void {
    const latest = before.refunds.at(-1);
    const gapMs = latest ? this.clock.nowMs() - latest.refundedMs : Infinity;
    if (gapMs >= MIN_REFUND_GAP_MS) return;
    this.warnings.warn('refunds_too_close', before.order.outTradeNo, `${gapMs} ms apart`);
  }

  private buyerLogonId(trade: Trade): string {
    return this.accounts.byId(trade.buyerId).logonId;
  }
}

function tradeRef(biz: Biz): TradeRef {
  const ref = { tradeNo: text(biz, 'trade_no'), outTradeNo: text(biz, 'out_trade_no') };
  if (ref.tradeNo || ref.outTradeNo) return ref;
  throw new BizError('ACQ.INVALID_PARAMETER', 'out_trade_no, trade_no');
}

function queryOptions(biz: Biz): string[] {
  const options = biz['query_options'];
  return Array.isArray(options) ? options.map(String) : [];
}

function text(biz: Biz, name: string): string | undefined {
  const value = biz[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new BizError('ACQ.INVALID_PARAMETER', name);
  return value;
}
