import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { OrderStatus } from '../orders/order-status.js';

/** Exactly one member, by scene. */
export class WayToPayDto {
  /** page, wap: send the browser there as it is; any change of it breaks the signature. */
  @ApiPropertyOptional({
    example: 'http://localhost:3001/gateway.do?method=alipay.trade.page.pay&…',
  })
  alipay_url?: string;
  /** app: hand it to the Alipay SDK of the app as it is. */
  @ApiPropertyOptional({ example: 'app_id=9021000000000001&method=alipay.trade.app.pay&…' })
  order_string?: string;
  /** qr: show it as a QR code. */
  @ApiPropertyOptional({ example: 'http://localhost:3001/qr/0123456789abcdef' })
  qr_code?: string;
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
