import { ApiProperty } from '@nestjs/swagger';
import type { OrderStatus } from '../orders/order-status.js';

export class PayUrlDto {
  /** Send the browser there as it is; any change of it breaks the signature. */
  @ApiProperty({ example: 'http://localhost:3001/gateway.do?method=alipay.trade.page.pay&…' })
  alipay_url: string;
}

export class TradeDto {
  /** Alipay's number of the trade. */
  @ApiProperty({ example: '2026112222001400000000000001' })
  trade_id: string;
}

export class PaymentStatusDto {
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  @ApiProperty({ type: Number, enum: [1, 2, 3, 4, 5, 6], example: 2 })
  status: OrderStatus;
  @ApiProperty({ example: true })
  paid: boolean;
  @ApiProperty({ type: String, nullable: true, example: '2026112222001400000000000001' })
  trade_id: string | null;
}

export class CanceledDto {
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  @ApiProperty({ example: 6 })
  status: number;
}
