import type { SignedFields } from './signature.js';

/** What is to be paid, frozen when the order was placed. */
export interface PayRequest {
  /** `out_trade_no`: the order id, so the gateway itself refuses to take money twice. */
  readonly orderId: string;
  readonly amountFen: number;
  /** From then on the gateway takes no payment any more. */
  readonly expiresAt: Date;
}

/** What the gateway says about a trade, in a notify or in the answer to a query. */
export interface TradeFacts {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly status: string;
  readonly totalFen: number | undefined;
  readonly appId: string;
  readonly sellerId: string | undefined;
  /** The message tells of a refund, not of a payment. */
  readonly refund: boolean;
}

/** The gateway's states of a trade (Alipay's words). */
export const TradeStatus = {
  Wait: 'WAIT_BUYER_PAY',
  Success: 'TRADE_SUCCESS',
  Finished: 'TRADE_FINISHED',
  Closed: 'TRADE_CLOSED',
} as const;

/** `none`: the gateway knows no such trade (nobody has opened the cashier yet). */
export type QueryAnswer =
  { readonly kind: 'found'; readonly facts: TradeFacts } | { readonly kind: 'none' };

/** `refused`: the trade is in no state that can be closed, so ask what it is. */
export type CloseAnswer = 'closed' | 'none' | 'refused';

/**
 * The gateway did not say what happened: no answer, a broken one, or one that is not its own.
 * Nothing may be concluded from it, neither "paid" nor "not paid".
 */
export class GatewayUnknownError extends Error {
  constructor(
    readonly method: string,
    cause: unknown,
  ) {
    super(`${method}: the outcome is unknown`, { cause });
    this.name = 'GatewayUnknownError';
  }
}

/** The payment gateway as the shop sees it. No method is ever called inside a transaction. */
export abstract class PaymentGateway {
  /** The signed page a buyer pays on. Makes no network call. */
  abstract payUrl(request: PayRequest): string;
  /** The facts of a genuine notify; undefined when it is not the gateway's. */
  abstract readNotify(fields: SignedFields): TradeFacts | undefined;
  /** The order a genuine return speaks of; undefined when it is not the gateway's. */
  abstract readReturn(fields: SignedFields): { readonly outTradeNo: string } | undefined;
  /** Throws GatewayUnknownError. */
  abstract query(orderId: string): Promise<QueryAnswer>;
  /** Throws GatewayUnknownError. */
  abstract close(orderId: string): Promise<CloseAnswer>;
}
