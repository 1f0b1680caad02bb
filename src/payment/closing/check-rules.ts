/** Rules of asking about payments nobody has told us about. Pure. */

/** An unpaid order is closed so long after it expired; the gateway stopped taking money before. */
export const CLOSE_MARGIN_S = 60;

/** The gateway stops taking the money of an order so long before the order expires. */
export const PAY_MARGIN_S = 60;

/** From the end of the payment at the gateway to the closing of the order. */
export const CLOSE_AFTER_PAYMENT_S = PAY_MARGIN_S + CLOSE_MARGIN_S;

/**
 * A claimed payment belongs to its instance for so long: longer than all calls of one check, which are
 * seven of eight seconds at most (ALIPAY_TIMEOUT_MS), and usually one.
 */
export const CHECK_LEASE_S = 60;

const FIRST_DELAY_S = 30;
const MAX_DELAY_S = 900;

/** Seconds until a payment is asked about again, doubling with every check. */
export function checkDelayS(checks: number): number {
  return Math.min(FIRST_DELAY_S * 2 ** Math.max(0, checks - 1), MAX_DELAY_S);
}
