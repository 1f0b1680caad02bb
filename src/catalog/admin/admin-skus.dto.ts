import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  Length,
  Matches,
  Max,
  Min,
  NotEquals,
  ValidateIf,
} from 'class-validator';
import { bilingual } from '../../common/language.js';

const DELTA_MAX = 1_000_000;
const WHOLE = { message: bilingual('须为不等于 0 的整数', 'A whole number, not 0') };
const RANGE = { message: bilingual('超出允许范围', 'Out of range') };

const isGiven = (_: unknown, value: unknown): boolean => value !== undefined;

/** A SKU as administrators see it, on sale or not. */
export class AdminSkuDto {
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机' })
  name: string;
  @ApiProperty({ example: '6499.00' })
  price: string;
  @ApiProperty({ example: true })
  is_launched: boolean;
  @ApiProperty({ example: 1000 })
  stock: number;
  /** Units that live orders hold. */
  @ApiProperty({ example: 0 })
  sales: number;
  /** Sum of all restocks: what the SKU began with and this are always stock plus sales. */
  @ApiProperty({ example: 0 })
  restocked: number;
  @ApiProperty({ example: 0 })
  comments: number;
}

/** Only the members that are there are changed. */
export class ChangeSkuDto {
  /** Yuan with at most two decimals, more than 0. Orders that exist keep their price. */
  @ApiPropertyOptional({ example: '6499.00' })
  @ValidateIf(isGiven)
  @Matches(/^(?=.*[1-9])\d{1,8}(\.\d{1,2})?$/, {
    message: bilingual('价格须为大于 0 的金额字符串', 'An amount above 0, as a string'),
  })
  price?: string;

  /** False takes the SKU off sale. */
  @ApiPropertyOptional({ example: true })
  @ValidateIf(isGiven)
  @IsBoolean({ message: bilingual('须为 true 或 false', 'true or false') })
  is_launched?: boolean;
}

export class RestockDto {
  /** Units that come (above 0) or go (below 0, down to the stock there is). */
  @ApiProperty({ example: 100, minimum: -DELTA_MAX, maximum: DELTA_MAX })
  @Min(-DELTA_MAX, RANGE)
  @Max(DELTA_MAX, RANGE)
  @NotEquals(0, WHOLE)
  @IsInt(WHOLE)
  delta: number;

  /** Why, for the books: 1 to 200 characters. */
  @ApiProperty({ example: '采购入库', maxLength: 200 })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: bilingual('含有无效字符', 'Not valid characters') })
  @Length(1, 200, { message: bilingual('原因须为 1 至 200 个字符', '1 to 200 characters') })
  reason: string;
}

export class RestockedDto {
  /** Number of the adjustment in the books. */
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ example: 3 })
  sku_id: number;
  @ApiProperty({ example: 100 })
  delta: number;
  @ApiProperty({ example: '采购入库' })
  reason: string;
  /** Stock right after this restock. */
  @ApiProperty({ example: 1100 })
  stock: number;
}
