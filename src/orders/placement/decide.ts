import { MAX_AMOUNT_FEN, yuan } from '../../common/money.js';
import {
  type AddressSnapshot,
  type CartSnapshot,
  type Decision,
  keyOf,
  type OrderDraft,
  type OrderLineDraft,
  type PlaceOrder,
  type SkuSnapshot,
  type Snapshot,
} from './place-order.js';

/** The shop's rules that a decision needs. */
export interface Terms {
  readonly freightFen: number;
}

type Refusal = Extract<Decision, { kind: 'refused' }>;

/**
 * Decides a batch of orders, one after the other in order of arrival, on one snapshot. Pure: no
 * I/O, no clock, no randomness. Each order sees the stock, carts and keys the ones before it have
 * left; a refused one leaves everything as it was.
 */
export function decide(
  commands: readonly PlaceOrder[],
  snapshot: Snapshot,
  terms: Terms,
): Decision[] {
  const left = new Remainder(snapshot);
  return commands.map((command) => decideOne(command, snapshot, left, terms));
}

function decideOne(
  command: PlaceOrder,
  snapshot: Snapshot,
  left: Remainder,
  terms: Terms,
): Decision {
  const before = left.madeWithSameKey(command);
  if (before) {
    return before.requestHash === command.requestHash
      ? { kind: 'replayed', orderId: before.orderId }
      : refuse('IDEMPOTENCY_KEY_REUSED');
  }
  const address = snapshot.addresses.get(command.addressId);
  if (!address || address.userId !== command.userId) {
    return refuse('ADDRESS_NOT_FOUND');
  }
  const cart = left.cartOf(command.userId);
  const refusal = refuseCart(command, cart) ?? refuseGoods(cart, left);
  if (refusal) {
    return refusal;
  }
  const order = draft(command, address, cart, snapshot.skus, terms);
  const wrongAmount = refuseAmount(order);
  if (wrongAmount) {
    return wrongAmount;
  }
  left.take(order);
  return { kind: 'placed', order };
}

/** What is left of the snapshot after the orders decided so far. */
class Remainder {
  private readonly stock = new Map<number, number>();
  private readonly emptied = new Set<number>();
  private readonly keys: Map<string, { orderId: string; requestHash?: string | undefined }>;

  constructor(private readonly snapshot: Snapshot) {
    this.keys = new Map(snapshot.keys);
  }

  madeWithSameKey({ userId, idempotencyKey }: PlaceOrder) {
    return idempotencyKey === undefined ? undefined : this.keys.get(keyOf(userId, idempotencyKey));
  }

  cartOf(userId: number): readonly CartSnapshot[] {
    return this.emptied.has(userId) ? [] : (this.snapshot.carts.get(userId) ?? []);
  }

  sku(id: number): SkuSnapshot | undefined {
    return this.snapshot.skus.get(id);
  }

  stockOf(skuId: number): number {
    return this.stock.get(skuId) ?? this.snapshot.skus.get(skuId)?.stock ?? 0;
  }

  take({ command, lines }: OrderDraft): void {
    for (const { skuId, count } of lines) {
      this.stock.set(skuId, this.stockOf(skuId) - count);
    }
    this.emptied.add(command.userId);
    if (command.idempotencyKey !== undefined) {
      this.keys.set(keyOf(command.userId, command.idempotencyKey), command);
    }
  }
}

function refuseCart(
  { expectedCart }: PlaceOrder,
  cart: readonly CartSnapshot[],
): Refusal | undefined {
  if (cart.length === 0) {
    return refuse('CART_EMPTY');
  }
  const changed =
    expectedCart !== undefined &&
    (expectedCart.length !== cart.length ||
      expectedCart.some((line, i) => !sameLine(line, cart[i])));
  return changed ? refuse('CART_CHANGED') : undefined;
}

function sameLine(one: CartSnapshot, other: CartSnapshot | undefined): boolean {
  return one.skuId === other?.skuId && one.count === other.count;
}

function refuseGoods(cart: readonly CartSnapshot[], left: Remainder): Refusal | undefined {
  const gone = cart.filter(({ skuId }) => !left.sku(skuId)?.launched);
  if (gone.length > 0) {
    return refuse('SKU_UNAVAILABLE', { skus: gone.map(({ skuId }) => ({ sku_id: skuId })) });
  }
  const short = cart.filter(({ skuId, count }) => count > left.stockOf(skuId));
  if (short.length > 0) {
    return refuse('STOCK_INSUFFICIENT', {
      skus: short.map(({ skuId, count }) => ({
        sku_id: skuId,
        requested: count,
        available: left.stockOf(skuId),
      })),
    });
  }
  return undefined;
}

function draft(
  command: PlaceOrder,
  address: AddressSnapshot,
  cart: readonly CartSnapshot[],
  skus: ReadonlyMap<number, SkuSnapshot>,
  { freightFen }: Terms,
): OrderDraft {
  const lines = cart.flatMap(({ skuId, count }): OrderLineDraft[] => {
    const sku = skus.get(skuId);
    return sku ? [{ skuId, name: sku.name, image: sku.image, count, priceFen: sku.priceFen }] : [];
  });
  const goodsFen = lines.reduce((sum, line) => sum + line.count * line.priceFen, 0);
  return {
    command,
    address,
    lines,
    totalCount: lines.reduce((sum, line) => sum + line.count, 0),
    freightFen,
    totalFen: goodsFen + freightFen,
  };
}

function refuseAmount({ command, totalFen }: OrderDraft): Refusal | undefined {
  if (totalFen > MAX_AMOUNT_FEN) {
    return refuse('AMOUNT_TOO_LARGE');
  }
  if (command.expectedFen !== undefined && command.expectedFen !== totalFen) {
    return refuse('PRICE_CHANGED', {
      expected_amount: yuan(command.expectedFen),
      actual_amount: yuan(totalFen),
    });
  }
  return undefined;
}

function refuse(code: Refusal['code'], members?: Refusal['members']): Refusal {
  return members ? { kind: 'refused', code, members } : { kind: 'refused', code };
}
