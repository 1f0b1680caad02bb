import { formatBeijing } from './beijing-time.js';
import { yuan } from './money.js';
import type { Params } from './signing.js';
import { refundedFen, type Trade } from './trade.js';

interface Parties {
  appId: string;
  sellerId: string;
  sellerLogonId: string;
  buyerLogonId: string;
}

/**
 * The fields of a notification about the trade as it is now, without `notify_id`, `notify_time`
 * and the signature. The set is that of a genuine notification; empty fields are never sent.
 */
export function noticeFields(trade: Trade, parties: Parties): Params {
  const { order } = trade;
  const fields: Params = {
    app_id: parties.appId,
    auth_app_id: parties.appId,
    buyer_id: trade.buyerId,
    buyer_logon_id: maskLogonId(parties.buyerLogonId),
    charset: 'utf-8',
    gmt_create: formatBeijing(trade.createdMs),
    notify_type: 'trade_status_sync',
    out_trade_no: order.outTradeNo,
    seller_email: maskLogonId(parties.sellerLogonId),
    seller_id: parties.sellerId,
    sign_type: 'RSA2',
    subject: order.subject,
    total_amount: yuan(order.totalFen),
    trade_no: trade.id,
    trade_status: trade.status,
    version: '1.0',
    ...paymentFields(trade),
    ...refundFields(trade),
  };
  if (order.body) fields['body'] = order.body;
  if (order.passbackParams) fields['passback_params'] = order.passbackParams;
  if (trade.closedMs !== undefined) fields['gmt_close'] = formatBeijing(trade.closedMs);
  return fields;
}

/** Hides the middle of an account name the way Alipay does: `dem***@sandbox.com`. */
export function maskLogonId(logonId: string): string {
  const at = logonId.indexOf('@');
  return at < 0 ? `${logonId.slice(0, 3)}***` : `${logonId.slice(0, 3)}***${logonId.slice(at)}`;
}

function paymentFields(trade: Trade): Params {
  if (trade.paidMs === undefined) return {};
  const amount = yuan(trade.order.totalFen);
  return {
    buyer_pay_amount: amount,
    fund_bill_list: JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }]),
    gmt_payment: formatBeijing(trade.paidMs),
    invoice_amount: amount,
    point_amount: '0.00',
    receipt_amount: amount,
  };
}

/** `refund_fee` is the sum of all refunds; time and number are those of the latest one. */
function refundFields(trade: Trade): Params {
  const latest = trade.refunds.at(-1);
  if (!latest) return {};
  const milliseconds = String(latest.refundedMs % 1000).padStart(3, '0');
  return {
    refund_fee: yuan(refundedFen(trade)),
    gmt_refund: `${formatBeijing(latest.refundedMs)}.${milliseconds}`,
    out_biz_no: latest.outRequestNo,
  };
}
