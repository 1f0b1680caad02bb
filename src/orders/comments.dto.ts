import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, Length, Matches } from 'class-validator';
import { ROW_ID_MAX } from '../common/ids.pipe.js';
import { IntegerOrDigits } from '../common/integer.decorator.js';
import { bilingual } from '../common/language.js';

/** What a buyer says of one product of an order. */
export class CreateCommentDto {
  /** The order id of the path once more, as the original pages send it. */
  @ApiPropertyOptional({ example: '2611222150361230042' })
  @IsOptional()
  @Matches(/^\d{1,20}$/, { message: bilingual('订单编号有误', 'Not an order id') })
  order?: string;

  /** A product of the order. */
  @ApiProperty({ type: Number, example: 3 })
  @IntegerOrDigits(1, ROW_ID_MAX, bilingual('商品有误', 'Not a product'))
  sku: number;

  /** 1 to 500 characters. */
  @ApiProperty({ example: '音质很好，物流也快', maxLength: 500 })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Matches(/^[^\p{Cs}\0]*$/u, { message: bilingual('评价含有无效字符', 'Not valid characters') })
  @Length(1, 500, { message: bilingual('评价须为 1 至 500 个字符', '1 to 500 characters') })
  comment: string;

  /** 0 (bad) to 5 (good). */
  @ApiProperty({ type: Number, minimum: 0, maximum: 5, example: 5 })
  @IntegerOrDigits(0, 5, bilingual('评分须为 0 至 5 的整数', 'A whole number from 0 to 5'))
  score: number;

  /** True: nothing of the buyer's name is shown beside the comment. */
  @ApiPropertyOptional({ example: false, default: false })
  @IsOptional()
  @IsBoolean({ message: bilingual('须为 true 或 false', 'true or false') })
  is_anonymous?: boolean;
}

export class CommentCreatedDto {
  @ApiProperty({ example: 3 })
  sku: number;
  @ApiProperty({ example: '音质很好，物流也快' })
  comment: string;
  @ApiProperty({ example: 5 })
  score: number;
  @ApiProperty({ example: false })
  is_anonymous: boolean;
}
