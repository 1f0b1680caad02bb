import { formatBeijing } from '../rules/beijing-time.js';
import { yuan } from '../rules/money.js';
import { refundedFen, type Trade } from '../rules/trade.js';
import type { Account, Notice, Session, Warning } from '../store/records.js';

type View = Record<string, unknown>;

/** How the control API shows records: names like Alipay's, money in yuan, times in UTC. */
export function tradeView(trade: Trade): View {
  return {
    trade_no: trade.id,
    out_trade_no: trade.order.outTradeNo,
    product: trade.order.product,
    trade_status: trade.status,
    subject: trade.order.subject,
    total_amount: yuan(trade.order.totalFen),
    refunded_amount: yuan(refundedFen(trade)),
    buyer_id: trade.buyerId,
    notify_url: trade.order.notifyUrl ?? null,
    created_at: iso(trade.createdMs),
    expires_at: iso(trade.order.expiresMs),
    paid_at: iso(trade.paidMs),
    closed_at: iso(trade.closedMs),
    finished_at: iso(trade.finishedMs),
    hidden_from_bill: trade.hiddenFromBill ?? false,
    refunds: trade.refunds.map((refund) => ({
      out_request_no: refund.outRequestNo,
      refund_amount: yuan(refund.amountFen),
      refund_reason: refund.reason ?? null,
      refunded_at: iso(refund.refundedMs),
    })),
  };
}

export function sessionView(session: Session, publicUrl: string): View {
  const { order } = session;
  return {
    session_id: session.id,
    cashier_url: `${publicUrl}/cashier/${session.id}`,
    product: order.product,
    out_trade_no: order.outTradeNo,
    subject: order.subject,
    total_amount: yuan(order.totalFen),
    time_expire: formatBeijing(order.expiresMs),
    expires_at: iso(order.expiresMs),
    notify_url: order.notifyUrl ?? null,
    return_url: order.returnUrl ?? null,
    opened_at: iso(session.openedMs),
    buyer_id: session.buyerId ?? null,
    trade_no: session.tradeNo ?? null,
  };
}

export function noticeView(notice: Notice): View {
  return {
    notify_id: notice.id,
    trade_no: notice.tradeNo,
    out_trade_no: notice.fields['out_trade_no'],
    trade_status: notice.fields['trade_status'],
    url: notice.url,
    state: notice.state,
    acknowledged: notice.state === 'acknowledged',
    attempts: notice.attempts,
    created_at: iso(notice.createdMs),
    next_at: notice.state === 'due' ? iso(notice.nextMs) : null,
    deliveries: notice.deliveries.map(({ atMs, status, answer }) => ({
      at: iso(atMs),
      status,
      answer,
    })),
  };
}

export function accountView(account: Account): View {
  return {
    user_id: account.id,
    logon_id: account.logonId,
    kind: account.kind,
    balance: yuan(account.balanceFen),
  };
}

export function warningView(warning: Warning): View {
  const { code, about, detail, count, lastMs } = warning;
  return { code, about, detail, count, last_at: iso(lastMs) };
}

export function iso(instantMs: number | undefined): string | null {
  return instantMs === undefined ? null : new Date(instantMs).toISOString();
}
