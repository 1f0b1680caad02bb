/** Each rule of placing an order at its border, by example. The properties are in decide.spec.ts. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/orders/placement/decide.js';
import {
  type AddressSnapshot,
  type CartSnapshot,
  keyOf,
  type PlaceOrder,
  type SkuSnapshot,
  type Snapshot,
} from '../../../src/orders/placement/place-order.js';

const TERMS = { freightFen: 1000 };
const HASH = 'a'.repeat(64);

const address = (id: number, userId: number): AddressSnapshot => ({
  id,
  userId,
  receiver: '李雷',
  province: '北京市',
  city: '北京市',
  district: '昌平区',
  place: '一号',
  mobile: '13800000000',
  tel: '',
});

const sku = (id: number, more: Partial<SkuSnapshot> = {}): SkuSnapshot => ({
  id,
  name: `商品 ${id}`,
  image: `/pictures/${id}.svg`,
  priceFen: 100 * id,
  stock: 10,
  sales: 0,
  version: 0,
  launched: true,
  ...more,
});

/** Users 1 and 2, address 10 of the one and 20 of the other. */
function shop({
  carts = { 1: [{ skuId: 3, count: 2 }] },
  skus = [sku(3), sku(4)],
  keys = [],
}: {
  carts?: Record<number, CartSnapshot[]>;
  skus?: SkuSnapshot[];
  keys?: [string, { orderId: string; requestHash?: string }][];
} = {}): Snapshot {
  return {
    keys: new Map(keys),
    addresses: new Map([
      [10, address(10, 1)],
      [20, address(20, 2)],
    ]),
    carts: new Map(Object.entries(carts).map(([userId, cart]) => [Number(userId), cart])),
    skus: new Map(skus.map((one) => [one.id, one])),
  };
}

const command = (more: Partial<PlaceOrder> = {}): PlaceOrder => ({
  orderId: '1',
  userId: 1,
  addressId: 10,
  payMethod: 2,
  requestHash: HASH,
  ...more,
});

const one = (more: Partial<PlaceOrder>, snapshot = shop(), terms = TERMS) =>
  decide([command(more)], snapshot, terms)[0];
const refused = (code: string, members?: object) =>
  members ? { kind: 'refused', code, members } : { kind: 'refused', code };

describe('an order', () => {
  it('has everything of its goods, its address and its sum as the snapshot has them', () => {
    const cart = [
      { skuId: 3, count: 2 },
      { skuId: 4, count: 1 },
    ];
    expect(one({}, shop({ carts: { 1: cart } }))).toEqual({
      kind: 'placed',
      order: {
        command: command(),
        address: address(10, 1),
        lines: [
          { skuId: 3, name: '商品 3', image: '/pictures/3.svg', count: 2, priceFen: 300 },
          { skuId: 4, name: '商品 4', image: '/pictures/4.svg', count: 1, priceFen: 400 },
        ],
        totalCount: 3,
        freightFen: 1000,
        totalFen: 2000,
      },
    });
  });

  it('needs an address of its buyer: another’s is as good as none', () => {
    expect(one({ addressId: 20 })).toEqual(refused('ADDRESS_NOT_FOUND'));
    expect(one({ addressId: 30 })).toEqual(refused('ADDRESS_NOT_FOUND'));
  });

  it('needs something in the cart', () => {
    expect(one({}, shop({ carts: {} }))).toEqual(refused('CART_EMPTY'));
    expect(one({}, shop({ carts: { 1: [] } }))).toEqual(refused('CART_EMPTY'));
  });

  it('may take the last one, and no more than there is: the refusal says what there was', () => {
    const skus = [sku(3, { stock: 2 }), sku(4, { stock: 1 })];
    expect(one({}, shop({ skus }))).toMatchObject({ kind: 'placed' });
    const cart = [
      { skuId: 3, count: 3 },
      { skuId: 4, count: 1 },
    ];
    expect(one({}, shop({ skus, carts: { 1: cart } }))).toEqual(
      refused('STOCK_INSUFFICIENT', { skus: [{ sku_id: 3, requested: 3, available: 2 }] }),
    );
  });

  it('leaves what it has not taken to the next one of its batch', () => {
    const carts = { 1: [{ skuId: 3, count: 7 }], 2: [{ skuId: 3, count: 4 }] };
    const next = { orderId: '2', userId: 2, addressId: 20 };
    const [, second] = decide([command(), command(next)], shop({ carts }), TERMS);
    expect(second).toEqual(
      refused('STOCK_INSUFFICIENT', { skus: [{ sku_id: 3, requested: 4, available: 3 }] }),
    );
  });

  it('is refused by name for goods that are off sale or gone, before their stock is looked at', () => {
    const skus = [sku(3, { launched: false, stock: 0 }), sku(4, { stock: 0 })];
    const cart = [3, 4, 5].map((skuId) => ({ skuId, count: 1 }));
    expect(one({}, shop({ skus, carts: { 1: cart } }))).toEqual(
      refused('SKU_UNAVAILABLE', { skus: [{ sku_id: 3 }, { sku_id: 5 }] }),
    );
  });

  it('may come to 100 million yuan, and not to a fen more', () => {
    const most = shop({ skus: [sku(3, { priceFen: 4_999_999_500 })] });
    expect(one({}, most)).toMatchObject({ kind: 'placed', order: { totalFen: 10_000_000_000 } });
    expect(one({}, most, { freightFen: 1001 })).toEqual(refused('AMOUNT_TOO_LARGE'));
  });

  it('must cost what the buyer saw; the refusal names both sums in yuan', () => {
    expect(one({ expectedFen: 1600 })).toMatchObject({ kind: 'placed' });
    expect(one({ expectedFen: 1599 })).toEqual(
      refused('PRICE_CHANGED', { expected_amount: '15.99', actual_amount: '16.00' }),
    );
  });

  it('must be of the cart the buyer saw, where that is said', () => {
    const cart = [
      { skuId: 3, count: 2 },
      { skuId: 4, count: 1 },
    ];
    const seen = (expectedCart: CartSnapshot[]) =>
      one({ expectedCart }, shop({ carts: { 1: cart } }))?.kind;
    expect(seen(cart)).toBe('placed');
    const others: CartSnapshot[][] = [
      [],
      cart.slice(0, 1),
      [...cart, { skuId: 5, count: 1 }],
      [cart[0]!, { skuId: 4, count: 2 }],
      [cart[0]!, { skuId: 5, count: 1 }],
      [cart[1]!, cart[0]!],
    ];
    expect(others.map(seen)).toEqual(others.map(() => 'refused'));
    expect(one({ expectedCart: [] }, shop({ carts: { 1: cart } }))).toEqual(
      refused('CART_CHANGED'),
    );
  });
});

describe('an order with a key', () => {
  const keys: [string, { orderId: string; requestHash: string }][] = [
    [keyOf(1, 'k'), { orderId: '7', requestHash: HASH }],
  ];

  it('is the one that was made with it, whatever became of address, cart and price', () => {
    const again = { idempotencyKey: 'k', addressId: 30, expectedFen: 1 };
    expect(one(again, shop({ keys, carts: {} }))).toEqual({ kind: 'replayed', orderId: '7' });
  });

  it('is refused when the key was used for another request', () => {
    const other = { idempotencyKey: 'k', requestHash: 'b'.repeat(64) };
    expect(one(other, shop({ keys }))).toEqual(refused('IDEMPOTENCY_KEY_REUSED'));
  });

  it('of its batch is found by the next one, and one without a key is nobody’s', () => {
    const first = command({ idempotencyKey: 'new' });
    const decided = (next: Partial<PlaceOrder>) =>
      decide([first, command({ orderId: '2', ...next })], shop(), TERMS)[1];
    expect(decided({ idempotencyKey: 'new' })).toEqual({ kind: 'replayed', orderId: '1' });
    expect(decided({})).toEqual(refused('CART_EMPTY'));
    const named = { idempotencyKey: 'undefined' };
    for (const batch of [
      [command(), command(named)],
      [command(named), command()],
    ]) {
      expect(decide(batch, shop(), TERMS)[1]).toEqual(refused('CART_EMPTY'));
    }
  });

  it('is not taken from the batch before: the snapshot stays as it was read', () => {
    const snapshot = shop();
    decide([command({ idempotencyKey: 'new' })], snapshot, TERMS);
    expect(snapshot).toEqual(shop());
  });
});
