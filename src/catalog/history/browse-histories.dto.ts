import { ApiProperty } from '@nestjs/swagger';
import { ROW_ID_MAX } from '../../common/ids.pipe.js';
import { IntegerOrDigits } from '../../common/integer.decorator.js';
import { bilingual } from '../../common/language.js';

export class BrowsedDto {
  /** A number or a numeric string. */
  @ApiProperty({ type: Number, example: 3 })
  @IntegerOrDigits(1, ROW_ID_MAX, bilingual('商品编号有误', 'Not the id of a product'))
  sku_id: number;
}
