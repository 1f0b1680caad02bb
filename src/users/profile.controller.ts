import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { IdPipe } from '../common/ids.pipe.js';
import { Refuses } from '../common/refuses.decorator.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { ChangePasswordDto, PasswordChangedDto, ProfileDto } from './users.dto.js';
import { UsersService } from './users.service.js';

/** The caller's own account. */
@ApiTags('accounts')
@Authenticated()
@Controller()
export class ProfileController {
  constructor(private readonly users: UsersService) {}

  @Get('user/')
  @ApiOperation({ summary: 'Who am I?' })
  @ApiOkResponse({ type: ProfileDto })
  profile(@Caller() { id }: Principal): Promise<ProfileDto> {
    return this.users.profile(id);
  }

  @Put('users/:id/password/')
  @RateLimited('password')
  @ApiOperation({ summary: 'Change my password; all tokens made before stop working' })
  @ApiParam({ name: 'id', type: Number, example: 1 })
  @ApiOkResponse({ type: PasswordChangedDto })
  @Refuses(
    'VALIDATION_FAILED',
    'PASSWORDS_DIFFER',
    'PASSWORD_UNCHANGED',
    'OLD_PASSWORD_WRONG',
    'NOT_FOUND',
    'BUSY',
  )
  async changePassword(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: number,
    @Body() form: ChangePasswordDto,
  ): Promise<PasswordChangedDto> {
    await this.users.changePassword(caller, id, form);
    return { id };
  }
}
