import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { Arrival } from '../auth/arrival.js';
import { Public } from '../auth/public.decorator.js';
import { ByVisitor, type Visitor } from '../auth/visitor.decorator.js';
import { Refuses } from '../common/refuses.decorator.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { ImageCodes } from './captcha/image-codes.js';
import { MOBILE, PatternPipe, USERNAME } from './rules.js';
import { SmsCodes } from './sms/sms-codes.js';
import {
  LoggedInDto,
  LoginDto,
  MessageDto,
  MobileCountDto,
  RegisterDto,
  RegisteredDto,
  UsernameCountDto,
} from './users.dto.js';
import { UsersService } from './users.service.js';

/** What works without a token: registering and logging in. */
@ApiTags('accounts')
@Public()
@Controller()
export class AccountsController {
  constructor(
    private readonly users: UsersService,
    private readonly imageCodes: ImageCodes,
    private readonly smsCodes: SmsCodes,
    private readonly arrival: Arrival,
  ) {}

  @Get('usernames/:username/count/')
  @RateLimited('lookup')
  @ApiOperation({ summary: 'Is this user name taken?' })
  @ApiParam({ name: 'username', example: 'demo_buyer' })
  @ApiOkResponse({ type: UsernameCountDto })
  @Refuses('NOT_FOUND')
  async usernameCount(
    @Param('username', new PatternPipe(USERNAME)) username: string,
  ): Promise<UsernameCountDto> {
    return { username, count: await this.users.count({ username }) };
  }

  @Get('mobiles/:mobile/count/')
  @RateLimited('lookup')
  @ApiOperation({ summary: 'Is this mobile number taken?' })
  @ApiParam({ name: 'mobile', example: '13800138000' })
  @ApiOkResponse({ type: MobileCountDto })
  @Refuses('NOT_FOUND')
  async mobileCount(
    @Param('mobile', new PatternPipe(MOBILE)) mobile: string,
  ): Promise<MobileCountDto> {
    return { mobile, count: await this.users.count({ mobile }) };
  }

  @Get('sms_codes/:mobile/')
  @RateLimited('sms')
  @ApiOperation({
    summary: 'Send an SMS code for registering',
    description:
      'Six digits, good for five minutes; one a minute, ten a day. In development, see the log.',
  })
  @ApiParam({ name: 'mobile', example: '13700137000' })
  @ApiQuery({
    name: 'text',
    description: 'What the image shows; the image is used up by it, right or wrong',
    example: 'A7KQ',
  })
  @ApiQuery({
    name: 'image_code_id',
    description: 'The id of the image',
    example: '5c3d2f0e-8f7a-4d55-9a43-0c3f0f1b7a10',
  })
  @ApiOkResponse({ type: MessageDto })
  @Refuses(
    'NOT_FOUND',
    'IMAGE_CODE_WRONG',
    'IMAGE_CODE_INVALID',
    'SMS_TOO_FREQUENT',
    'SMS_UNAVAILABLE',
    'BUSY',
  )
  async sendSmsCode(
    @Param('mobile', new PatternPipe(MOBILE)) mobile: string,
    @Query('image_code_id') imageCodeId?: string,
    @Query('text') text?: string,
  ): Promise<MessageDto> {
    await this.imageCodes.use(imageCodeId, text);
    await this.smsCodes.send(mobile);
    return { message: 'OK' };
  }

  @Post('users/')
  @RateLimited('registration')
  @ApiOperation({ summary: 'Register; takes the anonymous cart over' })
  @ApiCreatedResponse({ type: RegisteredDto })
  @Refuses(
    'VALIDATION_FAILED',
    'AGREEMENT_REQUIRED',
    'PASSWORDS_DIFFER',
    'USERNAME_TAKEN',
    'MOBILE_TAKEN',
    'SMS_CODE_INVALID',
    'BUSY',
  )
  async register(@ByVisitor() visitor: Visitor, @Body() form: RegisterDto): Promise<RegisteredDto> {
    const registered = await this.users.register(form);
    await this.arrival.welcome(registered.id, visitor);
    return registered;
  }

  @Post('authorizations/')
  @RateLimited('login', { proves: true })
  @HttpCode(200)
  @ApiOperation({ summary: 'Log in; takes the anonymous cart over and clears its cookie' })
  @ApiOkResponse({ type: LoggedInDto })
  @Refuses('VALIDATION_FAILED', 'LOGIN_FAILED', 'BUSY')
  async login(@ByVisitor() visitor: Visitor, @Body() credentials: LoginDto): Promise<LoggedInDto> {
    const loggedIn = await this.users.login(credentials);
    await this.arrival.welcome(loggedIn.user_id, visitor);
    return loggedIn;
  }
}
