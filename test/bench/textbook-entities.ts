import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** The shop's tables as TypeORM entities, for the yardstick that works with repositories. */

interface Sku {
  id: number;
  name: string;
  image: string;
  priceFen: number;
  stock: number;
  sales: number;
  launched: boolean;
}
interface CartLine {
  userId: number;
  skuId: number;
  count: number;
  selected: boolean;
}
interface Order {
  id: string;
  userId: number;
  status: number;
  payMethod: number;
  totalCount: number;
  totalFen: number;
  freightFen: number;
  addressId: number;
  receiver: string;
  province: string;
  city: string;
  district: string;
  place: string;
  mobile: string;
  tel: string;
  createdAt: Date;
  expiresAt: Date;
}
interface OrderLine {
  id: number;
  orderId: string;
  skuId: number;
  name: string;
  image: string;
  count: number;
  priceFen: number;
}
interface OrderEvent {
  id: number;
  orderId: string;
  type: string;
  toStatus: number;
  actor: string;
  createdAt: Date;
}

const int = (name: string): EntitySchemaColumnOptions => ({ name, type: 'int' });
const bigint = (name: string): EntitySchemaColumnOptions => ({ name, type: 'bigint' });
const text = (name: string): EntitySchemaColumnOptions => ({ name, type: 'varchar' });
const flag = (name: string): EntitySchemaColumnOptions => ({ name, type: 'boolean' });
const time = (name: string): EntitySchemaColumnOptions => ({
  name,
  type: 'datetime',
  precision: 3,
});
const key = { primary: true } as const;
const counted = { ...bigint('id'), ...key, generated: 'increment' } as const;

export const Skus = new EntitySchema<Sku>({
  name: 'skus',
  columns: {
    id: { ...int('id'), ...key },
    name: text('name'),
    image: text('default_image'),
    priceFen: bigint('price_fen'),
    stock: int('stock'),
    sales: int('sales'),
    launched: flag('is_launched'),
  },
});

export const CartLines = new EntitySchema<CartLine>({
  name: 'cart_lines',
  columns: {
    userId: { ...int('user_id'), ...key },
    skuId: { ...int('sku_id'), ...key },
    count: int('count'),
    selected: flag('selected'),
  },
});

export const Orders = new EntitySchema<Order>({
  name: 'orders',
  columns: {
    id: { ...bigint('id'), ...key },
    userId: int('user_id'),
    status: int('status'),
    payMethod: int('pay_method'),
    totalCount: int('total_count'),
    totalFen: bigint('total_fen'),
    freightFen: bigint('freight_fen'),
    addressId: int('address_id'),
    receiver: text('receiver'),
    province: text('province'),
    city: text('city'),
    district: text('district'),
    place: text('place'),
    mobile: text('mobile'),
    tel: text('tel'),
    createdAt: time('created_at'),
    expiresAt: time('expires_at'),
  },
});

export const OrderLines = new EntitySchema<OrderLine>({
  name: 'order_lines',
  columns: {
    id: counted,
    orderId: bigint('order_id'),
    skuId: int('sku_id'),
    name: text('name'),
    image: text('image'),
    count: int('count'),
    priceFen: bigint('price_fen'),
  },
});

export const OrderEvents = new EntitySchema<OrderEvent>({
  name: 'order_events',
  columns: {
    id: counted,
    orderId: bigint('order_id'),
    type: text('type'),
    toStatus: int('to_status'),
    actor: text('actor'),
    createdAt: time('created_at'),
  },
});

export const tables = [Skus, CartLines, Orders, OrderLines, OrderEvents];
