import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { ROW_ID_MAX } from '../common/ids.pipe.js';
import { IntegerOrDigits } from '../common/integer.decorator.js';
import { bilingual } from '../common/language.js';
import type { OrderStatus, PayMethod } from './order-status.js';

const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/;

/** The goods are the selected lines of the buyer's cart, never part of the request. */
export class CreateOrderDto {
  /** One of the buyer's addresses. */
  @ApiProperty({ type: Number, example: 1 })
  @IntegerOrDigits(1, ROW_ID_MAX, bilingual('收货地址有误', 'Not an address'))
  address: number;

  /** 1 cash on delivery, 2 Alipay; a number or a numeric string. */
  @ApiProperty({ type: Number, enum: [1, 2], example: 2 })
  @IntegerOrDigits(1, 2, bilingual('支付方式有误', 'Not a way to pay'))
  pay_method: PayMethod;

  /** What the buyer saw at the settlement, freight included; other prices refuse the order. */
  @ApiPropertyOptional({ example: '6509.00' })
  @IsOptional()
  @Matches(AMOUNT, { message: bilingual('金额有误', 'Not an amount') })
  expected_amount?: string;
}

export class OrderCreatedDto {
  /** A string of digits: larger than 2^53. */
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
}

export class SettlementSkuDto {
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机' })
  name: string;
  @ApiProperty({ example: 'http://localhost:3000/pictures/3.svg' })
  default_image_url: string;
  @ApiProperty({ example: '6499.00' })
  price: string;
  @ApiProperty({ example: 1 })
  count: number;
}

/** What an order of the selected lines would be. */
export class SettlementDto {
  @ApiProperty({ example: '10.00' })
  freight: string;
  @ApiProperty({ type: [SettlementSkuDto] })
  skus: SettlementSkuDto[];
}

export class OrderedSkuDto {
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机' })
  name: string;
  @ApiProperty({ example: 'http://localhost:3000/pictures/3.svg' })
  default_image_url: string;
}

export class OrderLineDto {
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ type: OrderedSkuDto })
  sku: OrderedSkuDto;
  @ApiProperty({ example: 1 })
  count: number;
  @ApiProperty({ example: '6499.00' })
  price: string;
}

export class OrderDto {
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  /** Beijing time. */
  @ApiProperty({ example: '2026-11-22 21:50:36' })
  create_time: string;
  /** Freight included. */
  @ApiProperty({ example: '6509.00' })
  total_amount: string;
  @ApiProperty({ example: '10.00' })
  freight: string;
  /** 1 unpaid, 2 to be sent, 3 sent, 4 received, 5 done, 6 canceled. */
  @ApiProperty({ type: Number, enum: [1, 2, 3, 4, 5, 6], example: 1 })
  status: OrderStatus;
  /** 1 cash on delivery, 2 Alipay. */
  @ApiProperty({ type: Number, enum: [1, 2], example: 2 })
  pay_method: PayMethod;
  @ApiProperty({ type: [OrderLineDto] })
  skus: OrderLineDto[];
}

export class OrderPageDto {
  @ApiProperty({ example: 1 })
  count: number;
  @ApiProperty({ type: String, nullable: true, example: null })
  next: string | null;
  @ApiProperty({ type: String, nullable: true, example: null })
  previous: string | null;
  @ApiProperty({ type: [OrderDto] })
  results: OrderDto[];
}

/** Where the order goes, as it was when the order was placed. */
export class OrderAddressDto {
  @ApiProperty({ example: '美多' })
  receiver: string;
  @ApiProperty({ example: '北京市' })
  province: string;
  @ApiProperty({ example: '北京市' })
  city: string;
  @ApiProperty({ example: '海淀区' })
  district: string;
  @ApiProperty({ example: '中关村大街 1 号' })
  place: string;
  @ApiProperty({ example: '13800138000' })
  mobile: string;
  @ApiProperty({ example: '' })
  tel: string;
}

/** The parcel of an order. */
export class OrderShipmentDto {
  @ApiProperty({ example: '顺丰速运' })
  carrier: string;
  @ApiProperty({ example: 'SF1234567890123' })
  tracking_number: string;
  @ApiProperty({ example: '2026-11-23 09:00:00' })
  ship_time: string;
  /** When the buyer had it, or was taken to have it; null before. */
  @ApiProperty({ type: String, nullable: true, example: null })
  receive_time: string | null;
}

export class OrderPaymentDto {
  /** pending, success or closed. */
  @ApiProperty({ enum: ['pending', 'success', 'closed'], example: 'success' })
  status: string;
  @ApiProperty({ example: '6509.00' })
  amount: string;
  @ApiProperty({ example: '0.00' })
  refunded: string;
  /** Alipay's number of the trade, once paid. */
  @ApiProperty({ type: String, nullable: true, example: '2026112222001400000000000001' })
  trade_id: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22 21:52:01' })
  paid_time: string | null;
}

export class OrderRefundDto {
  @ApiProperty({ example: '2611222150361230042-1' })
  refund_id: string;
  @ApiProperty({ example: '6509.00' })
  amount: string;
  /** asked, done or failed. */
  @ApiProperty({ enum: ['asked', 'done', 'failed'], example: 'done' })
  status: string;
  @ApiProperty({ example: '2026-11-22 21:55:00' })
  create_time: string;
}

export class OrderEventDto {
  @ApiProperty({ example: 'placed' })
  type: string;
  @ApiProperty({ type: Number, enum: [1, 2, 3, 4, 5, 6, null], nullable: true, example: null })
  from_status: OrderStatus | null;
  @ApiProperty({ type: Number, enum: [1, 2, 3, 4, 5, 6], example: 1 })
  to_status: OrderStatus;
  @ApiProperty({ example: 'buyer' })
  actor: string;
  @ApiProperty({ example: '2026-11-22 21:50:36' })
  time: string;
}

export class OrderDetailDto extends OrderDto {
  @ApiProperty({ example: 1 })
  total_count: number;
  /** Beijing time after which an unpaid order is canceled; null for cash on delivery. */
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22 22:20:36' })
  expire_time: string | null;
  @ApiProperty({ type: OrderAddressDto })
  address: OrderAddressDto;
  /** Null until the order is sent. */
  @ApiProperty({ type: OrderShipmentDto, nullable: true })
  shipment: OrderShipmentDto | null;
  @ApiProperty({ type: OrderPaymentDto, nullable: true })
  payment: OrderPaymentDto | null;
  @ApiProperty({ type: [OrderRefundDto] })
  refunds: OrderRefundDto[];
  @ApiProperty({ type: [OrderEventDto] })
  history: OrderEventDto[];
}
