import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ROW_ID_MAX } from '../../common/ids.pipe.js';
import { IntegerOrDigits } from '../../common/integer.decorator.js';
import { bilingual } from '../../common/language.js';

const AMOUNT = /^(?!0+(\.0{1,2})?$)\d{1,9}(\.\d{1,2})?$/;
const REASON = bilingual('退款原因须为 1 至 200 个字符', 'A reason of 1 to 200 characters');

export class WholeRefundDto {
  /** Why the buyer wants the money back. */
  @ApiPropertyOptional({ example: '不想要了' })
  @IsOptional()
  @IsString({ message: REASON })
  @MaxLength(200, { message: REASON })
  reason?: string;
}

/** Goods that came back with a refund. */
export class ReturnedGoodsDto {
  @ApiProperty({ example: 3 })
  @IntegerOrDigits(1, ROW_ID_MAX, bilingual('商品有误', 'Not a product'))
  sku_id: number;

  @ApiProperty({ example: 1 })
  @IntegerOrDigits(1, 999, bilingual('数量有误', 'Not a count'))
  count: number;
}

export class PartialRefundDto {
  /** Yuan; together with what was asked for before never more than was paid. */
  @ApiProperty({ example: '100.00' })
  @IsString()
  @Matches(AMOUNT, { message: bilingual('金额有误', 'Not an amount') })
  amount: string;

  @ApiProperty({ example: '外包装破损' })
  @IsString({ message: REASON })
  @Length(1, 200, { message: REASON })
  reason: string;

  /** Goods that came back and are in stock again. */
  @ApiPropertyOptional({ type: [ReturnedGoodsDto], example: [] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique((goods: ReturnedGoodsDto | null) => goods?.sku_id, {
    message: bilingual('同一商品只能出现一次', 'Each product once'),
  })
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ReturnedGoodsDto)
  returns?: ReturnedGoodsDto[];
}

export class RefundDto {
  /** The number Alipay knows the refund by. */
  @ApiProperty({ example: '2611222150361230042-1' })
  refund_id: string;
  @ApiProperty({ example: '2611222150361230042' })
  order_id: string;
  @ApiProperty({ example: '6509.00' })
  amount: string;
  /** asked (the money is on its way), done or failed. */
  @ApiProperty({ enum: ['asked', 'done', 'failed'], example: 'done' })
  status: string;
  @ApiProperty({ example: '不想要了' })
  reason: string;
  @ApiProperty({ type: [ReturnedGoodsDto], example: [] })
  returns: ReturnedGoodsDto[];
  /** Beijing time. */
  @ApiProperty({ example: '2026-11-22 21:55:00' })
  create_time: string;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22 21:55:01' })
  finish_time: string | null;
}
