import { ApiHideProperty, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsEmail, IsOptional, Matches, ValidateIf } from 'class-validator';
import { IntegerOrDigits } from '../../common/integer.decorator.js';
import { bilingual } from '../../common/language.js';
import { IsLine, IsMobile, MOBILE } from '../rules.js';

const AREA_CODE_MAX = 999_999;
const TITLE_RULE = bilingual('标题应为1-20个字符', 'A title of 1 to 20 characters');

/** What a buyer writes into the form of an address. */
export class AddressFormDto {
  /** The buyer's name for it; a new address without one is named after the receiver. */
  @ApiPropertyOptional({ example: '家', maxLength: 20 })
  @IsOptional()
  @IsLine(1, 20, TITLE_RULE)
  title?: string;

  @ApiProperty({ example: '美多', maxLength: 20 })
  @IsLine(1, 20, bilingual('收货人应为1-20个字符', 'A receiver of 1 to 20 characters'))
  receiver: string;

  /** From GET /areas/; a number or a numeric string, as the other two. */
  @ApiProperty({ type: Number, example: 110_000 })
  @IntegerOrDigits(1, AREA_CODE_MAX, bilingual('请选择省份', 'Choose a province'))
  province_id: number;

  /** A city of that province. */
  @ApiProperty({ type: Number, example: 110_100 })
  @IntegerOrDigits(1, AREA_CODE_MAX, bilingual('请选择城市', 'Choose a city'))
  city_id: number;

  /** A district of that city. */
  @ApiProperty({ type: Number, example: 110_108 })
  @IntegerOrDigits(1, AREA_CODE_MAX, bilingual('请选择区县', 'Choose a district'))
  district_id: number;

  @ApiProperty({ example: '中关村大街 1 号', maxLength: 50 })
  @IsLine(1, 50, bilingual('详细地址应为1-50个字符', 'A place of 1 to 50 characters'))
  place: string;

  @ApiProperty({ example: '13800138000', pattern: MOBILE.source })
  @IsMobile()
  mobile: string;

  /** A landline; may be empty. */
  @ApiPropertyOptional({ example: '010-12345678', maxLength: 20 })
  @IsOptional()
  @Matches(/^[\d+() -]{0,20}$/, {
    message: bilingual('固定电话格式错误', 'Not a telephone number'),
  })
  tel?: string | null;

  /** May be empty. */
  @ApiPropertyOptional({ example: 'buyer@example.com', maxLength: 254 })
  @ValidateIf(({ email }: AddressFormDto) => email !== undefined && email !== null && email !== '')
  @IsEmail({}, { message: bilingual('邮箱格式错误', 'Not an e-mail address') })
  email?: string | null;
}

/**
 * A new address. The original page keeps one form object: who has looked at an address before
 * adding one sends the id and the area names of that one along. They are accepted and not read;
 * any other unknown member is refused.
 */
export class CreateAddressDto extends AddressFormDto {
  @ApiHideProperty()
  @Allow()
  id?: unknown;
  @ApiHideProperty()
  @Allow()
  province?: unknown;
  @ApiHideProperty()
  @Allow()
  city?: unknown;
  @ApiHideProperty()
  @Allow()
  district?: unknown;
}

export class AddressTitleDto {
  @ApiProperty({ example: '公司', maxLength: 20 })
  @IsLine(1, 20, TITLE_RULE)
  title: string;
}

export class AddressDto {
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ example: '家' })
  title: string;
  @ApiProperty({ example: '美多' })
  receiver: string;
  @ApiProperty({ example: '北京市' })
  province: string;
  @ApiProperty({ example: '北京市' })
  city: string;
  @ApiProperty({ example: '海淀区' })
  district: string;
  @ApiProperty({ example: 110_000 })
  province_id: number;
  @ApiProperty({ example: 110_100 })
  city_id: number;
  @ApiProperty({ example: 110_108 })
  district_id: number;
  @ApiProperty({ example: '中关村大街 1 号' })
  place: string;
  @ApiProperty({ example: '13800138000' })
  mobile: string;
  @ApiProperty({ example: '' })
  tel: string;
  @ApiProperty({ example: '' })
  email: string;
}

export class AddressListDto {
  @ApiProperty({ example: 1 })
  user_id: number;
  @ApiProperty({ type: Number, nullable: true, example: 1 })
  default_address_id: number | null;
  /** How many addresses a buyer may keep. */
  @ApiProperty({ example: 20 })
  limit: number;
  /** Newest change first. */
  @ApiProperty({ type: [AddressDto] })
  addresses: AddressDto[];
}
