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
  /** When the buyer paid, by the gateway's clock: its bills go by it. */
  readonly paidAt: Date | undefined;
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
 * `refused`: the number was paid or closed, so ask what it is. `begun`: the buyer has begun to pay it
 * in another way, and can only go on there.
 */
export type QrAnswer =
  | { readonly kind: 'code'; readonly qrCode: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'begun' };

/** Money that is to go back. The number is the same at every try: it makes the refund one. */
export interface RefundRequest {
  readonly orderId: string;
  readonly outRequestNo: string;
  readonly amountFen: number;
  readonly reason: string;
}

/**
 * `moved`: this call gave the money back. `not_moved`: it did not, maybe an earlier one did.
 * `poor`: the seller's balance does not suffice now. `refused`: this refund will never be taken.
 */
export type RefundAnswer =
  | { readonly kind: 'moved'; readonly at: Date | undefined }
  | { readonly kind: 'not_moved' }
  | { readonly kind: 'poor' }
  | { readonly kind: 'refused'; readonly code: string };

/** `none`: not received, or failed; the gateway does not tell them apart. */
export type RefundState =
  { readonly kind: 'done'; readonly at: Date | undefined } | { readonly kind: 'none' };

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
  /** The signed page a buyer pays on, for a desktop or a mobile browser. Makes no network call. */
  abstract payUrl(request: PayRequest, scene: 'page' | 'wap'): string;
  /** The signed order an app hands to the wallet. Makes no network call. */
  abstract orderString(request: PayRequest): string;
  /** A code to be scanned with the wallet. Throws GatewayUnknownError. */
  abstract qrCode(request: PayRequest): Promise<QrAnswer>;
  /** The facts of a genuine notify; undefined when it is not the gateway's. */
  abstract readNotify(fields: SignedFields): TradeFacts | undefined;
  /** The order a genuine return speaks of; undefined when it is not the gateway's. */
  abstract readReturn(fields: SignedFields): { readonly outTradeNo: string } | undefined;
  /** Throws GatewayUnknownError. */
  abstract query(orderId: string): Promise<QueryAnswer>;
  /** Throws GatewayUnknownError. */
  abstract close(orderId: string): Promise<CloseAnswer>;
  /** Throws GatewayUnknownError. */
  abstract refund(request: RefundRequest): Promise<RefundAnswer>;
  /** Throws GatewayUnknownError. */
  abstract refundState(request: RefundRequest): Promise<RefundState>;
  /**
   * Where the bill of a day (`YYYY-MM-DD`, Beijing) can be fetched in the next 30 seconds; undefined
   * while there is none. Throws GatewayUnknownError.
   */
  abstract billUrl(date: string): Promise<string | undefined>;
}
