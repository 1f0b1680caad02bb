import { ApiProperty } from '@nestjs/swagger';
import { IsEmail } from 'class-validator';
import { bilingual } from '../../common/language.js';

export class ChangeEmailDto {
  @ApiProperty({ example: 'buyer@example.com', maxLength: 254 })
  @IsEmail({}, { message: bilingual('邮箱格式错误', 'Not an e-mail address') })
  email: string;
}

export class EmailChangedDto {
  /** The user's id. */
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ example: 'buyer@example.com' })
  email: string;
}
