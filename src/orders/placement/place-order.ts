import type { ErrorCode } from '../../common/errors.js';
import type { PayMethod } from '../order-status.js';

/** A buyer's wish to turn the selected lines of the cart into an order. */
export interface PlaceOrder {
  /** Made before the lane, so that a caller can be told where to look. */
  readonly orderId: string;
  readonly userId: number;
  readonly addressId: number;
  readonly payMethod: PayMethod;
  /** What the buyer saw at the settlement, freight included. */
  readonly expectedFen?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** SHA-256 of what was asked for, hex, where there is a key; tells a repeated request from another. */
  readonly requestHash?: string | undefined;
  /** The selected lines when the buyer asked, where the order may be placed much later. */
  readonly expectedCart?: readonly CartSnapshot[];
}

export interface AddressSnapshot {
  readonly id: number;
  readonly userId: number;
  readonly receiver: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly place: string;
  readonly mobile: string;
  readonly tel: string;
}

export interface CartSnapshot {
  readonly skuId: number;
  readonly count: number;
}

export interface SkuSnapshot {
  readonly id: number;
  readonly name: string;
  readonly image: string;
  readonly priceFen: number;
  readonly stock: number;
  readonly sales: number;
  readonly version: number;
  readonly launched: boolean;
}

/** Everything `decide` may look at. Read in the order's transaction. */
export interface Snapshot {
  /** Orders made with these keys before, by `keyOf`. */
  readonly keys: ReadonlyMap<
    string,
    { readonly orderId: string; readonly requestHash?: string | undefined }
  >;
  readonly addresses: ReadonlyMap<number, AddressSnapshot>;
  /** Selected cart lines by user, in SKU order. */
  readonly carts: ReadonlyMap<number, readonly CartSnapshot[]>;
  readonly skus: ReadonlyMap<number, SkuSnapshot>;
}

export interface OrderLineDraft {
  readonly skuId: number;
  readonly name: string;
  readonly image: string;
  readonly count: number;
  readonly priceFen: number;
}

export interface OrderDraft {
  readonly command: PlaceOrder;
  readonly address: AddressSnapshot;
  readonly lines: readonly OrderLineDraft[];
  readonly totalCount: number;
  readonly freightFen: number;
  /** Freight included. */
  readonly totalFen: number;
}

export type Decision =
  | { readonly kind: 'placed'; readonly order: OrderDraft }
  | { readonly kind: 'replayed'; readonly orderId: string }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly members?: Readonly<Record<string, unknown>>;
    };

/** What a command came to. */
export type Outcome =
  | { readonly kind: 'placed' | 'replayed'; readonly orderId: string }
  | Extract<Decision, { kind: 'refused' }>;

/** Taken into the queue, but not decided yet: ask for the order later. */
export interface Pending {
  readonly kind: 'pending';
  readonly orderId: string;
}

/** Idempotency keys belong to one user; the separator cannot occur in a key. */
export function keyOf(userId: number, idempotencyKey: string): string {
  return `${userId} ${idempotencyKey}`;
}
