import type { Tx } from '../database/transaction.js';
import { moveOrder, recordEvent } from '../orders/lifecycle.js';
import { OrderStatus, PayMethod } from '../orders/order-status.js';
import { type LockedOrder, lockOrder } from '../orders/orders.locks.js';
import { type TradeFacts, TradeStatus } from './gateway/payment-gateway.js';
import {
  bookPayment,
  ensurePayment,
  isTradeOfAnother,
  type LockedPayment,
  PaymentStatus,
} from './payments.locks.js';
import { isOddRefund } from './refunds/odd-refunds.store.js';
import { lateRequestNo } from './refunds/refund-rules.js';
import { insertRefund } from './refunds/refunds.store.js';

/**
 * What became of facts about a trade.
 * - `applied`: the order is paid by them. `already`: it was, by the same trade.
 * - `late`: the order was canceled before; the money is booked and its full refund asked for.
 * - `ignored`: genuine, but nothing to book (not paid, closed, a refund, or money that does not fit
 *   and goes back).
 * - `mismatch`, `second_trade`, `unknown_order`: money or claims that fit no order of ours; nothing
 *   changed, a person has to look.
 */
export type Verdict =
  'applied' | 'already' | 'late' | 'ignored' | 'mismatch' | 'second_trade' | 'unknown_order';

export const QUARANTINED: ReadonlySet<Verdict> = new Set([
  'mismatch',
  'second_trade',
  'unknown_order',
]);

/** Whom the money must be for. */
export interface Account {
  readonly appId: string;
  readonly sellerId: string;
}

export type Source = 'notify' | 'query';

export const ORDER_ID = /^[1-9]\d{0,18}$/;

/**
 * The only door through which an order becomes paid, for notify, return and query alike. Everything
 * is compared under the lock of the order row: account, amount, state. The checks and their order
 * are those of Alipay's notify documentation, the signature having been verified before.
 */
export async function settle(
  tx: Tx,
  facts: TradeFacts,
  account: Account,
  source: Source,
): Promise<Verdict> {
  if (facts.appId !== account.appId || facts.sellerId !== account.sellerId) {
    return 'mismatch';
  }
  const order = ORDER_ID.test(facts.outTradeNo) ? await lockOrder(tx, facts.outTradeNo) : undefined;
  if (!order) {
    return 'unknown_order';
  }
  if (!fits(order, facts)) {
    return (await isOddRefund(tx, facts)) ? 'ignored' : 'mismatch';
  }
  const paid = facts.status === TradeStatus.Success || facts.status === TradeStatus.Finished;
  if (!paid || facts.refund) {
    return 'ignored';
  }
  const payment = await ensurePayment(tx, order.id, order.totalFen, order.expiresAt ?? order.now);
  if (payment.status === PaymentStatus.Success) {
    return payment.tradeNo === facts.tradeNo ? 'already' : 'second_trade';
  }
  if (await isTradeOfAnother(tx, order.id, facts.tradeNo)) {
    return 'mismatch';
  }
  await bookPayment(tx, payment, facts, source);
  return order.status === OrderStatus.Unpaid
    ? applyTo(tx, order, facts, source)
    : bookLate(tx, order, payment, facts);
}

/** Whether the order is to be paid through the gateway, with this amount. */
export function fits(order: LockedOrder, { totalFen }: Pick<TradeFacts, 'totalFen'>): boolean {
  return order.payMethod === PayMethod.Alipay && totalFen === order.totalFen;
}

async function applyTo(
  tx: Tx,
  order: LockedOrder,
  { tradeNo }: TradeFacts,
  source: Source,
): Promise<Verdict> {
  await moveOrder(tx, order, OrderStatus.ToShip, {
    type: 'paid',
    actor: 'alipay',
    detail: { trade_no: tradeNo, source },
  });
  return 'applied';
}

/** The order stays canceled; the money goes back in full under a number that never changes. */
async function bookLate(
  tx: Tx,
  order: LockedOrder,
  payment: LockedPayment,
  { tradeNo }: TradeFacts,
): Promise<Verdict> {
  await insertRefund(tx, {
    paymentId: payment.id,
    outRequestNo: lateRequestNo(order.id),
    amountFen: payment.amountFen,
    reason: '订单取消后付款',
  });
  await recordEvent(tx, order, order.status, {
    type: 'paid_late',
    actor: 'alipay',
    detail: { trade_no: tradeNo },
  });
  return 'late';
}
