import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { ROW_ID_MAX } from '../common/ids.pipe.js';
import { IntegerOrDigits } from '../common/integer.decorator.js';
import { bilingual } from '../common/language.js';
import { LINE_COUNT_MAX } from './cart-limits.js';

const NOT_A_SKU = bilingual('商品编号有误', 'Not the id of a product');
const NOT_A_COUNT = bilingual(
  `商品数量须为 1 到 ${LINE_COUNT_MAX} 的整数`,
  `The count must be an integer from 1 to ${LINE_COUNT_MAX}`,
);
const NOT_A_BOOLEAN = bilingual('勾选状态须为 true 或 false', 'Must be true or false');

export class CartLineRequestDto {
  /** A number or a numeric string. */
  @ApiProperty({ type: Number, example: 3 })
  @IntegerOrDigits(1, ROW_ID_MAX, NOT_A_SKU)
  sku_id: number;

  /** A number or a numeric string. */
  @ApiProperty({ type: Number, minimum: 1, maximum: LINE_COUNT_MAX, example: 1 })
  @IntegerOrDigits(1, LINE_COUNT_MAX, NOT_A_COUNT)
  count: number;

  /** Whether the line is part of the next order; true when left out. */
  @ApiPropertyOptional({ default: true, example: true })
  @IsOptional()
  @IsBoolean({ message: NOT_A_BOOLEAN })
  selected?: boolean;
}

export class CartRemovalDto {
  /** A number or a numeric string. */
  @ApiProperty({ type: Number, example: 3 })
  @IntegerOrDigits(1, ROW_ID_MAX, NOT_A_SKU)
  sku_id: number;
}

export class CartSelectionDto {
  @ApiProperty({ example: true })
  @IsBoolean({ message: NOT_A_BOOLEAN })
  selected: boolean;
}

/** What was asked for, as it was understood. */
export class CartLineSavedDto {
  @ApiProperty({ example: 3 })
  sku_id: number;
  @ApiProperty({ example: 1 })
  count: number;
  @ApiProperty({ example: true })
  selected: boolean;
}

export class CartLineDto {
  /** The SKU's id. */
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: 1 })
  count: number;
  @ApiProperty({ example: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机' })
  name: string;
  @ApiProperty({ example: 'http://localhost:3000/pictures/3.svg' })
  default_image_url: string;
  /** Yuan with two decimals, for one piece. */
  @ApiProperty({ example: '6499.00' })
  price: string;
  @ApiProperty({ example: true })
  selected: boolean;
}

export class CartSelectionSavedDto {
  @ApiProperty({ example: 'OK' })
  message: string;
}
