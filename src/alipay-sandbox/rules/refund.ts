import { BizError } from './errors.js';
import { moved, refundedFen, type Refund, type Trade } from './trade.js';

export interface RefundRequest {
  amountFen: number;
  /** Left out by merchants for a full refund; the order's own number stands in for it. */
  outRequestNo?: string;
  reason?: string;
}

export interface RefundOutcome {
  trade: Trade;
  refund: Refund;
  /** False for a repeated request: it is answered, and no money moves a second time. */
  fundChange: boolean;
}

/**
 * Decides a refund. It is idempotent on (trade, out_request_no): the same number and amount is
 * answered again, another amount is DISCORDANT_REPEAT_REQUEST. A trade refunded in full is closed.
 */
export function decideRefund(trade: Trade, request: RefundRequest, nowMs: number): RefundOutcome {
  const outRequestNo = request.outRequestNo ?? trade.order.outTradeNo;
  const earlier = trade.refunds.find((refund) => refund.outRequestNo === outRequestNo);
  if (earlier) {
    if (earlier.amountFen === request.amountFen) {
      return { trade, refund: earlier, fundChange: false };
    }
    throw new BizError('ACQ.DISCORDANT_REPEAT_REQUEST');
  }
  assertRefundable(trade, request);
  const refund = {
    outRequestNo,
    amountFen: request.amountFen,
    reason: request.reason,
    refundedMs: nowMs,
  };
  const refunded = { ...trade, refunds: [...trade.refunds, refund] };
  const inFull = refundedFen(refunded) === trade.order.totalFen;
  return {
    trade: inFull ? { ...moved(refunded, 'TRADE_CLOSED'), closedMs: nowMs } : refunded,
    refund,
    fundChange: true,
  };
}

function assertRefundable(trade: Trade, request: RefundRequest): void {
  if (trade.status === 'TRADE_CLOSED') throw new BizError('ACQ.TRADE_HAS_CLOSE');
  if (trade.status === 'TRADE_FINISHED') throw new BizError('ACQ.TRADE_HAS_FINISHED');
  if (trade.status !== 'TRADE_SUCCESS') throw new BizError('ACQ.TRADE_STATUS_ERROR');
  if (request.amountFen < 1) throw new BizError('ACQ.REASON_TRADE_REFUND_FEE_ERR');
  const leftFen = trade.order.totalFen - refundedFen(trade);
  if (request.amountFen > leftFen) throw new BizError('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
  if (request.outRequestNo === undefined && request.amountFen < trade.order.totalFen) {
    throw new BizError('ACQ.INVALID_PARAMETER', 'out_request_no');
  }
}
