/** How long the payment waits before it tries or asks again, and under which numbers it does. */
import { describe, expect, it } from 'vitest';
import { CLOSE_AFTER_PAYMENT_S, checkDelayS } from '../../../src/payment/closing/check-rules.js';
import {
  lateRequestNo,
  requestNoOf,
  retryDelayS,
} from '../../../src/payment/refunds/refund-rules.js';

describe('the wait before the next try', () => {
  it('of a refund nobody knows about doubles from ten seconds up to an hour', () => {
    const delays = [0, 1, 2, 3, 9, 10, 50].map((attempts) => retryDelayS('later', attempts));
    expect(delays).toEqual([10, 10, 20, 40, 2560, 3600, 3600]);
  });

  it('of a refund the seller has no money for doubles from a minute up to an hour', () => {
    const delays = [0, 1, 2, 6, 7, 50].map((attempts) => retryDelayS('poor', attempts));
    expect(delays).toEqual([60, 60, 120, 1920, 3600, 3600]);
  });

  it('of a question about a payment doubles from half a minute up to a quarter of an hour', () => {
    expect([0, 1, 2, 5, 6, 60].map(checkDelayS)).toEqual([30, 30, 60, 480, 900, 900]);
  });

  it('between the end of a payment at the gateway and the closing of its order is two margins', () => {
    expect(CLOSE_AFTER_PAYMENT_S).toBe(120);
  });
});

describe('the number of a refund', () => {
  it('counts the refunds of its order from one', () => {
    expect([0, 1, 9].map((asked) => requestNoOf('26', asked))).toEqual(['26-1', '26-2', '26-10']);
  });

  it('is no counted one for money that came too late', () => {
    expect(lateRequestNo('26')).toBe('26-late');
  });
});
