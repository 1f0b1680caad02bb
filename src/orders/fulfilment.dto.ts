import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches, MaxLength } from 'class-validator';
import { bilingual } from '../common/language.js';
import type { OrderStatus } from './order-status.js';

const trimmed = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.trim() : value;

export class ShipOrderDto {
  /** Who carries the parcel: 1 to 40 characters. */
  @ApiProperty({ example: '顺丰速运', maxLength: 40 })
  @Transform(trimmed)
  @MaxLength(40, { message: bilingual('承运公司最多 40 个字符', 'At most 40 characters') })
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: bilingual('请填写承运公司', 'Name the carrier') })
  carrier: string;

  /** The carrier's number of the parcel: 1 to 64 letters, digits or hyphens. */
  @ApiProperty({ example: 'SF1234567890123', maxLength: 64 })
  @Transform(trimmed)
  @Matches(/^[A-Za-z0-9-]{1,64}$/, {
    message: bilingual('运单号格式错误', '1 to 64 letters, digits or hyphens'),
  })
  tracking_number: string;
}

export class ShippedDto {
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  @ApiProperty({ type: Number, enum: [1, 2, 3, 4, 5, 6], example: 3 })
  status: OrderStatus;
  @ApiProperty({ example: '顺丰速运' })
  carrier: string;
  @ApiProperty({ example: 'SF1234567890123' })
  tracking_number: string;
}

export class ReceivedDto {
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  /** 4 received, or 5 when everything was commented on already. */
  @ApiProperty({ type: Number, enum: [4, 5], example: 4 })
  status: OrderStatus;
}
