import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { Public } from '../../auth/public.decorator.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { MessageDto } from '../users.dto.js';
import { ChangeEmailDto, EmailChangedDto } from './email.dto.js';
import { EmailService } from './email.service.js';

@ApiTags('accounts')
@Authenticated()
@Controller('email')
export class EmailController {
  constructor(private readonly emails: EmailService) {}

  @Put('/')
  @ApiOperation({
    summary: 'Set my e-mail address and have a verification link sent to it',
    description: 'At most five mails an hour. In development, the log has the mail.',
  })
  @ApiOkResponse({ type: EmailChangedDto })
  @Refuses('VALIDATION_FAILED', 'TOO_MANY_REQUESTS', 'MAIL_UNAVAILABLE', 'BUSY')
  async change(
    @Caller() { id }: Principal,
    @Body() { email }: ChangeEmailDto,
  ): Promise<EmailChangedDto> {
    await this.emails.change(id, email);
    return { id, email };
  }
}

/** Whoever opens the link need not be logged in: that they have it is the proof. */
@ApiTags('accounts')
@Public()
@Controller('emails')
export class EmailVerificationController {
  constructor(private readonly emails: EmailService) {}

  @Get('verification/')
  @ApiOperation({ summary: 'Verify the address that a link was mailed to' })
  @ApiQuery({ name: 'token', description: 'From the link; good for a day' })
  @ApiOkResponse({ type: MessageDto })
  @Refuses('EMAIL_LINK_INVALID', 'BUSY')
  async verify(@Query('token') token?: string): Promise<MessageDto> {
    await this.emails.verify(token ?? '');
    return { message: 'OK' };
  }
}
