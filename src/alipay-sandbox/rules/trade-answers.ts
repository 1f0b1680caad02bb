import { formatBeijing } from './beijing-time.js';
import { yuan } from './money.js';
import { maskLogonId } from './notify-fields.js';
import type { RefundOutcome } from './refund.js';
import { refundedFen, type Trade } from './trade.js';

type Payload = Record<string, unknown>;

const OK: Payload = { code: '10000', msg: 'Success' };

/** `options` are the names in `query_options`: some fields come only when asked for. */
export function queryAnswer(trade: Trade, buyerLogonId: string, options: string[]): Payload {
  const amount = yuan(trade.order.totalFen);
  const paidAmount = trade.paidMs === undefined ? '0.00' : amount;
  return {
    ...OK,
    buyer_logon_id: maskLogonId(buyerLogonId),
    buyer_pay_amount: paidAmount,
    buyer_user_id: trade.buyerId,
    buyer_user_type: 'PRIVATE',
    ...(options.includes('fund_bill_list') && trade.paidMs !== undefined
      ? { fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }] }
      : {}),
    invoice_amount: paidAmount,
    out_trade_no: trade.order.outTradeNo,
    point_amount: '0.00',
    receipt_amount: paidAmount,
    ...(trade.paidMs === undefined ? {} : { send_pay_date: formatBeijing(trade.paidMs) }),
    subject: trade.order.subject,
    total_amount: amount,
    trade_no: trade.id,
    trade_status: trade.status,
  };
}

export function closeAnswer(trade: Trade): Payload {
  return { ...OK, out_trade_no: trade.order.outTradeNo, trade_no: trade.id };
}

/** Without a trade there is nothing but the number the merchant sent. */
export function cancelAnswer(
  cancelled: { trade?: Trade; action?: string },
  outTradeNo: string | undefined,
): Payload {
  const { trade, action } = cancelled;
  return {
    ...OK,
    out_trade_no: trade?.order.outTradeNo ?? outTradeNo,
    ...(trade ? { trade_no: trade.id } : {}),
    retry_flag: 'N',
    ...(action ? { action } : {}),
  };
}

/** `refund_fee` is what has been refunded of the trade in all; `send_back_fee` is this refund. */
export function refundAnswer(outcome: RefundOutcome, buyerLogonId: string): Payload {
  const { trade, refund, fundChange } = outcome;
  return {
    ...OK,
    buyer_logon_id: maskLogonId(buyerLogonId),
    buyer_user_id: trade.buyerId,
    fund_change: fundChange ? 'Y' : 'N',
    gmt_refund_pay: formatBeijing(refund.refundedMs),
    out_trade_no: trade.order.outTradeNo,
    refund_fee: yuan(refundedFen(trade)),
    send_back_fee: fundChange ? yuan(refund.amountFen) : '0.00',
    trade_no: trade.id,
  };
}

/** A refund that is not known is a bare success: the absence of `refund_status` is the answer. */
export function refundQueryAnswer(trade: Trade, outRequestNo: string, options: string[]): Payload {
  const refund = trade.refunds.find((entry) => entry.outRequestNo === outRequestNo);
  if (!refund) return OK;
  return {
    ...OK,
    out_request_no: outRequestNo,
    out_trade_no: trade.order.outTradeNo,
    refund_amount: yuan(refund.amountFen),
    ...(refund.reason ? { refund_reason: refund.reason } : {}),
    refund_status: 'REFUND_SUCCESS',
    ...(options.includes('gmt_refund_pay')
      ? { gmt_refund_pay: formatBeijing(refund.refundedMs) }
      : {}),
    total_amount: yuan(trade.order.totalFen),
    trade_no: trade.id,
  };
}
