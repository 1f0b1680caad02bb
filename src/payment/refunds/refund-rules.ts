/** Rules of giving money back. Pure. */

/** What a try came to. `later`: nobody knows, ask again; `poor`: the seller has no money now. */
export type TryOutcome = 'done' | 'failed' | 'later' | 'poor';

/** Refunds of one trade must be at least this far apart (Alipay's rule), in seconds. */
export const REFUND_GAP_S = 3;

/** A claimed refund belongs to its instance for so long; longer than all calls of one try take. */
export const REFUND_LEASE_S = 60;

const FIRST_DELAY_S = { later: 10, poor: 60 } as const;
const MAX_DELAY_S = 3600;

/**
 * Seconds until a refund is tried again, doubling with every try up to an hour. Ten seconds are
 * what the gateway needs before its refund query can be believed.
 */
export function retryDelayS(outcome: 'later' | 'poor', attempts: number): number {
  return Math.min(FIRST_DELAY_S[outcome] * 2 ** Math.max(0, attempts - 1), MAX_DELAY_S);
}

/**
 * The number under which the gateway knows a refund. It is made once, when the refund is asked for,
 * from how many were asked for before, and stored: every try sends the same one.
 */
export function requestNoOf(orderId: string, asked: number): string {
  return `${orderId}-${asked + 1}`;
}

/** The number of the refund of money that came after its order was canceled. */
export function lateRequestNo(orderId: string): string {
  return `${orderId}-late`;
}

/** The number of the refund of money that does not fit its order. */
export function oddRequestNo(orderId: string): string {
  return `${orderId}-odd`;
}

/** What the buyer is told about it. */
export const ODD_REASON = '付款金额与订单不符';
