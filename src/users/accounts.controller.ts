import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
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

/** The pages answer a captcha with these; sending a code does not demand one. */
const NOT_READ = { type: String, required: false, description: 'Sent by the pages, not read' };

/** What works without a token: registering and logging in. */
@ApiTags('accounts')
@Public()
@Controller()
export class AccountsController {
  constructor(
    private readonly users: UsersService,
    private readonly smsCodes: SmsCodes,
    private readonly arrival: Arrival,
  ) {}

  @Get('usernames/:username/count/')
  @RateLimited('lookup')
  @ApiOperation({ summary: 'Is this user name taken?' })
  @ApiParam({ name: 'username', example: 'demo_buyer' })
  @ApiOkResponse({ type: UsernameCountDto })
  @Refuses('NOT_FOUND', 'UNAVAILABLE')
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
  @Refuses('NOT_FOUND', 'UNAVAILABLE')
  async mobileCount(
    @Param('mobile', new PatternPipe(MOBILE)) mobile: string,
  ): Promise<MobileCountDto> {
    return { mobile, count: await this.users.count({ mobile }) };
  }

  @Get('sms_codes/:mobile/')
  @RateLimited('sms')
  @ApiOperation({
    summary: 'Send an SMS code for registering',
    description: 'Six digits, good for five minutes; one a minute. In development, see the log.',
  })
  @ApiParam({ name: 'mobile', example: '13700137000' })
  @ApiQuery({ name: 'text', ...NOT_READ })
  @ApiQuery({ name: 'image_code_id', ...NOT_READ })
  @ApiOkResponse({ type: MessageDto })
  @Refuses('NOT_FOUND', 'SMS_TOO_FREQUENT', 'SMS_UNAVAILABLE', 'BUSY', 'UNAVAILABLE')
  async sendSmsCode(@Param('mobile', new PatternPipe(MOBILE)) mobile: string): Promise<MessageDto> {
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
    'UNAVAILABLE',
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
  @Refuses('VALIDATION_FAILED', 'LOGIN_FAILED', 'BUSY', 'UNAVAILABLE')
  async login(@ByVisitor() visitor: Visitor, @Body() credentials: LoginDto): Promise<LoggedInDto> {
    const loggedIn = await this.users.login(credentials);
    await this.arrival.welcome(loggedIn.user_id, visitor);
    return loggedIn;
  }
}
