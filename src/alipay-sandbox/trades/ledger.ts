import { Injectable } from '@nestjs/common';
import { Notices } from '../notify/notices.js';
import { BizError, UnknownThingError } from '../rules/errors.js';
import { newToken, newTradeNo } from '../rules/ids.js';
import { decideRefund, type RefundOutcome, type RefundRequest } from '../rules/refund.js';
import {
  afterDeadline,
  assertPayable,
  assertSameBuyer,
  closeTrade,
  finishTrade,
  nextDeadlineMs,
  payTrade,
  refundedFen,
  type OrderRequest,
  type Trade,
} from '../rules/trade.js';
import { Clock } from '../store/clock.js';
import type { Changes, Session } from '../store/records.js';
import { Store } from '../store/store.js';
import { Accounts } from './accounts.js';

/** The two ways to name a trade; Alipay's own number wins. */
export interface TradeRef {
  tradeNo?: string;
  outTradeNo?: string;
}

/**
 * Everything that happens to trades. Each method runs to its end without waiting for anything, so
 * two of them can never mix: a payment and a close that arrive together have one winner.
 */
@Injectable()
export class Ledger {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly notices: Notices,
  ) {}

  /** A payment page was opened. There is no trade yet: that takes a buyer who logs in. */
  openSession(order: OrderRequest): Session {
    const session = { id: newToken(), order, openedMs: this.clock.nowMs() };
    this.store.put({ sessions: [session] });
    return session;
  }

  session(id: string): Session {
    const session = this.store.sessions.get(id);
    if (!session) throw new UnknownThingError(`There is no payment page ${id}.`);
    return session;
  }

  /** The order's unpaid trade, undefined before a login; throws why it cannot be paid. */
  assertPayable(order: OrderRequest): Trade | undefined {
    const trade = this.lookUp({ outTradeNo: order.outTradeNo });
    assertPayable(order, trade, this.clock.nowMs());
    return trade;
  }

  /** The buyer logs in at the page: this is what creates the trade, in WAIT_BUYER_PAY. */
  login(session: Session, logonId: string): Trade {
    const existing = this.assertPayable(session.order);
    const buyer = this.accounts.buyer(logonId);
    if (existing) assertSameBuyer(existing, buyer.id);
    const trade = existing ?? this.newTrade(session.order, buyer.id);
    const sessions = [{ ...session, buyerId: buyer.id }];
    if (existing) this.store.put({ sessions });
    else this.book(trade, { sessions });
    return trade;
  }

  /** The buyer confirms. One line of the journal holds trade, money, page and notification. */
  pay(session: Session, logonId: string): Trade {
    const trade = this.login(session, logonId);
    const buyer = this.accounts.byId(trade.buyerId);
    const accounts = this.accounts.transfer(buyer, this.accounts.seller(), trade.order.totalFen);
    const paid = payTrade(trade, this.clock.nowMs());
    const sessions = [{ ...session, buyerId: buyer.id, tradeNo: trade.id }];
    return this.book(paid, { accounts, sessions });
  }

  find(ref: TradeRef): Trade {
    const trade = this.lookUp(ref);
    if (!trade) throw new BizError('ACQ.TRADE_NOT_EXIST');
    return trade;
  }

  close(ref: TradeRef): Trade {
    return this.book(closeTrade(this.find(ref), this.clock.nowMs()));
  }

  refund(ref: TradeRef, request: RefundRequest): RefundOutcome {
    const outcome = decideRefund(this.find(ref), request, this.clock.nowMs());
    if (outcome.fundChange) {
      const buyer = this.accounts.byId(outcome.trade.buyerId);
      const { amountFen } = outcome.refund;
      const accounts = this.accounts.transfer(this.accounts.seller(), buyer, amountFen);
      this.book(outcome.trade, { accounts });
    }
    return outcome;
  }

  /**
   * Takes back a trade whose result the merchant does not know: closes it, or refunds what is left.
   * `action` is undefined when there was nothing to take back.
   */
  cancel(ref: TradeRef): { trade?: Trade; action?: 'close' | 'refund' } {
    const trade = this.lookUp(ref);
    if (!trade || trade.status === 'TRADE_CLOSED') return { trade };
    if (trade.status === 'TRADE_FINISHED') throw new BizError('ACQ.TRADE_HAS_FINISHED');
    if (trade.status === 'WAIT_BUYER_PAY') return { trade: this.close(ref), action: 'close' };
    const amountFen = trade.order.totalFen - refundedFen(trade);
    const outRequestNo = `cancel_${trade.id}`;
    return { trade: this.refund(ref, { amountFen, outRequestNo }).trade, action: 'refund' };
  }

  /** The last paid trade that is not this order's. */
  latestPaid(exceptOutTradeNo: unknown): Trade | undefined {
    return [...this.store.trades.values()].findLast(
      (trade) => trade.status === 'TRADE_SUCCESS' && trade.order.outTradeNo !== exceptOutTradeNo,
    );
  }

  /** Ends the refund window now instead of after three months. */
  finish(ref: TradeRef): Trade {
    return this.book(finishTrade(this.find(ref), this.clock.nowMs()));
  }

  /** Books what the passing of time has done to trades nobody asked about. */
  settleDue(): void {
    for (const trade of this.store.trades.values()) this.current(trade);
  }

  /** When the next trade will change by itself. */
  nextEventMs(): number | undefined {
    let next: number | undefined;
    for (const trade of this.store.trades.values()) {
      const deadlineMs = nextDeadlineMs(trade);
      if (deadlineMs !== undefined && (next === undefined || deadlineMs < next)) next = deadlineMs;
    }
    return next;
  }

  private lookUp(ref: TradeRef): Trade | undefined {
    const trade = ref.tradeNo
      ? this.store.trades.get(ref.tradeNo)
      : this.store.tradeByMerchantNo(ref.outTradeNo ?? '');
    return trade && this.current(trade);
  }

  private current(trade: Trade): Trade {
    const now = afterDeadline(trade, this.clock.nowMs());
    return now === trade ? trade : this.book(now);
  }

  private newTrade(order: OrderRequest, buyerId: string): Trade {
    const createdMs = this.clock.nowMs();
    const id = newTradeNo(createdMs);
    return { id, order, buyerId, status: 'WAIT_BUYER_PAY', createdMs, refunds: [] };
  }

  /** Writes the trade's new state together with the notification it causes. */
  private book(trade: Trade, changes: Changes = {}): Trade {
    this.store.put({ ...changes, trades: [trade], notices: this.notices.draft(trade) });
    this.notices.wake();
    return trade;
  }
}
