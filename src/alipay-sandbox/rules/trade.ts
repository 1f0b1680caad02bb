import { BizError } from './errors.js';

export type Product = 'page' | 'wap' | 'app' | 'precreate';
export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED' | 'TRADE_FINISHED';

/** What a merchant asked to be paid; frozen once a trade exists for its number. */
export interface OrderRequest {
  product: Product;
  outTradeNo: string;
  totalFen: number;
  subject: string;
  body?: string;
  passbackParams?: string;
  quitUrl?: string;
  expiresMs: number;
  notifyUrl?: string;
  returnUrl?: string;
}

export interface Refund {
  outRequestNo: string;
  amountFen: number;
  reason?: string;
  refundedMs: number;
}

/** One trade, as the books keep it. The id is Alipay's `trade_no`. */
export interface Trade {
  id: string;
  order: OrderRequest;
  buyerId: string;
  status: TradeStatus;
  createdMs: number;
  paidMs?: number;
  closedMs?: number;
  finishedMs?: number;
  refunds: Refund[];
  hiddenFromBill?: boolean;
}

/** Refunds are possible this long after the payment; then the trade is finished. */
const REFUND_WINDOW_MS = 90 * 24 * 3_600_000;

const NEXT: Record<TradeStatus, readonly TradeStatus[]> = {
  WAIT_BUYER_PAY: ['TRADE_SUCCESS', 'TRADE_CLOSED'],
  TRADE_SUCCESS: ['TRADE_CLOSED', 'TRADE_FINISHED'],
  TRADE_CLOSED: [],
  TRADE_FINISHED: [],
};

export function canBecome(from: TradeStatus, to: TradeStatus): boolean {
  return NEXT[from].includes(to);
}

/**
 * Throws the code Alipay gives when this order cannot be paid now.
 * `trade` is the trade that already exists for the number, if any.
 */
export function assertPayable(order: OrderRequest, trade: Trade | undefined, nowMs: number): void {
  if (!trade) {
    if (order.expiresMs <= nowMs) throw new BizError('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR');
    return;
  }
  if (trade.status === 'TRADE_CLOSED') throw new BizError('ACQ.TRADE_HAS_CLOSE');
  if (trade.status !== 'WAIT_BUYER_PAY') throw new BizError('ACQ.TRADE_HAS_SUCCESS');
  const same =
    trade.order.totalFen === order.totalFen &&
    trade.order.subject === order.subject &&
    trade.order.body === order.body;
  if (!same) throw new BizError('ACQ.CONTEXT_INCONSISTENT');
}

/** A trade belongs to the first buyer who logged in for it. */
export function assertSameBuyer(trade: Trade, buyerId: string): void {
  if (trade.buyerId !== buyerId) throw new BizError('ACQ.TRADE_BUYER_NOT_MATCH');
}

export function payTrade(trade: Trade, nowMs: number): Trade {
  return { ...moved(trade, 'TRADE_SUCCESS'), paidMs: nowMs };
}

/** Closes an unpaid trade, by the merchant or by time. */
export function closeTrade(trade: Trade, nowMs: number): Trade {
  if (trade.status !== 'WAIT_BUYER_PAY') throw new BizError('ACQ.REASON_TRADE_STATUS_INVALID');
  return { ...moved(trade, 'TRADE_CLOSED'), closedMs: nowMs };
}

export function finishTrade(trade: Trade, nowMs: number): Trade {
  return { ...moved(trade, 'TRADE_FINISHED'), finishedMs: nowMs };
}

/** When time alone will change this trade; undefined when it never will. */
export function nextDeadlineMs(trade: Trade): number | undefined {
  if (trade.status === 'WAIT_BUYER_PAY') return trade.order.expiresMs;
  if (trade.status === 'TRADE_SUCCESS') return (trade.paidMs ?? 0) + REFUND_WINDOW_MS;
  return undefined;
}

/** The trade after the passing of time: closed when unpaid too long, finished after the window. */
export function afterDeadline(trade: Trade, nowMs: number): Trade {
  const deadlineMs = nextDeadlineMs(trade);
  if (deadlineMs === undefined || deadlineMs > nowMs) return trade;
  return trade.status === 'WAIT_BUYER_PAY'
    ? closeTrade(trade, deadlineMs)
    : finishTrade(trade, deadlineMs);
}

export function refundedFen(trade: Trade): number {
  return trade.refunds.reduce((sum, refund) => sum + refund.amountFen, 0);
}

/** The trade in another state, or the code for a step the state table does not know. */
export function moved(trade: Trade, status: TradeStatus): Trade {
  if (!canBecome(trade.status, status)) throw new BizError('ACQ.TRADE_STATUS_ERROR');
  return { ...trade, status };
}
