import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, Matches } from 'class-validator';
import { bilingual } from '../common/language.js';
import { IsMobile, IsNewPassword, IsNewUsername, MOBILE, NEW_USERNAME } from './rules.js';

export class UsernameCountDto {
  @ApiProperty({ example: 'demo_buyer' })
  username: string;
  /** 1 when the name is taken, else 0. */
  @ApiProperty({ example: 1 })
  count: number;
}

export class MobileCountDto {
  @ApiProperty({ example: '13800138000' })
  mobile: string;
  /** 1 when the number is taken, else 0. */
  @ApiProperty({ example: 1 })
  count: number;
}

export class MessageDto {
  @ApiProperty({ example: 'OK' })
  message: string;
}

export class RegisterDto {
  /** 5 to 20 letters, digits or underscores; not a mobile number. */
  @ApiProperty({ example: 'new_buyer', pattern: NEW_USERNAME.source })
  @IsNewUsername()
  username: string;

  /** 8 to 20 characters. */
  @ApiProperty({ example: 'new-pass-2026', minLength: 8, maxLength: 20 })
  @IsNewPassword()
  password: string;

  /** The password once more. */
  @ApiProperty({ example: 'new-pass-2026' })
  @IsString({ message: bilingual('请再次输入密码', 'Repeat the password') })
  password2: string;

  /** The number the SMS code was sent to. */
  @ApiProperty({ example: '13700137000', pattern: MOBILE.source })
  @IsMobile()
  mobile: string;

  /** The six digits of GET /sms_codes/{mobile}/. */
  @ApiProperty({ example: '123456' })
  @Matches(/^\d{6}$/, { message: bilingual('短信验证码格式错误', 'Six digits') })
  sms_code: string;

  /** The string `true`: the terms are accepted. */
  @ApiProperty({ example: 'true', enum: ['true'] })
  @IsString({ message: bilingual('请同意用户协议', 'The terms must be accepted') })
  allow: string;
}

export class RegisteredDto {
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: 'new_buyer' })
  username: string;
  @ApiProperty({ example: '13700137000' })
  mobile: string;
  /** Access token: send it as `Authorization: Bearer …` (or `JWT …`). */
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.signature' })
  token: string;
}

export class LoginDto {
  /** User name or mobile number. */
  @ApiProperty({ example: 'demo_buyer' })
  @IsString({ message: bilingual('请输入用户名', 'User name or mobile number') })
  @IsNotEmpty({ message: bilingual('请输入用户名', 'User name or mobile number') })
  username: string;

  @ApiProperty({ example: 'demo-pass-2026' })
  @IsString({ message: bilingual('请输入密码', 'Password') })
  @IsNotEmpty({ message: bilingual('请输入密码', 'Password') })
  password: string;
}

export class LoggedInDto {
  /** Access token: send it as `Authorization: Bearer …` (or `JWT …`). */
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.signature' })
  token: string;
  @ApiProperty({ example: 1 })
  user_id: number;
  @ApiProperty({ example: 'demo_buyer' })
  username: string;
}

export class ProfileDto {
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ example: 'demo_buyer' })
  username: string;
  @ApiProperty({ example: '13800138000' })
  mobile: string;
  /** Empty when none was given. */
  @ApiProperty({ example: '' })
  email: string;
  /** True once the link in the mail was followed. */
  @ApiProperty({ example: false })
  email_active: boolean;
}

export class ChangePasswordDto {
  @ApiProperty({ example: 'demo-pass-2026' })
  @IsString({ message: bilingual('请输入原密码', 'The old password') })
  @IsNotEmpty({ message: bilingual('请输入原密码', 'The old password') })
  old_password: string;

  /** 8 to 20 characters. */
  @ApiProperty({ example: 'demo-pass-2026', minLength: 8, maxLength: 20 })
  @IsNewPassword()
  password: string;

  /** The new password once more. */
  @ApiProperty({ example: 'demo-pass-2026' })
  @IsString({ message: bilingual('请再次输入密码', 'Repeat the password') })
  password2: string;
}

export class PasswordChangedDto {
  @ApiProperty({ example: 1 })
  id: number;
}
