import type { Config } from '../../src/config/config.js';
import type { TradeFacts } from '../../src/payment/gateway/payment-gateway.js';
import type { BuiltOrder } from './orders.js';

/** Whose money it is, where no gateway is asked. */
export const ACCOUNT = { appId: '9021', sellerId: '2088' };
/** The same as settings. */
export const ACCOUNT_CONFIG = { ALIPAY_APP_ID: '9021', ALIPAY_SELLER_ID: '2088' } as Config;

/** What the gateway says of an order that was paid as it should be, but for `more`. */
export function factsOf(order: BuiltOrder, more: Partial<TradeFacts> = {}): TradeFacts {
  return {
    outTradeNo: order.id,
    tradeNo: `T${order.id}`,
    status: 'TRADE_SUCCESS',
    totalFen: order.totalFen,
    ...ACCOUNT,
    paidAt: undefined,
    refund: false,
    ...more,
  };
}

/** What a test has written down as the answer of a gateway: a fault is thrown. */
export function answered<T>(answer: T | Error): Promise<T> {
  return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
}
