import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { IdPipe } from '../../common/ids.pipe.js';
import { type Page, pageRequest } from '../../common/pagination.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { RefundReads } from '../refunds/refund-reads.js';
import { RefundDto } from '../refunds/refunds.dto.js';
import { OddMoneyService } from './odd-money.service.js';
import {
  QuarantinedDto,
  QuarantinePageDto,
  QuarantineQueryDto,
  ResolveDto,
} from './quarantine.dto.js';
import { QuarantineService } from './quarantine.service.js';

/** Notifies and answers of Alipay that are genuine and fit no order. */
@ApiTags('admin: quarantine')
@Authenticated('admin')
@Controller('admin/alipay/quarantine')
export class QuarantineController {
  constructor(
    private readonly quarantine: QuarantineService,
    private readonly oddMoney: OddMoneyService,
    private readonly refunds: RefundReads,
  ) {}

  @Get('/')
  @ApiOperation({ summary: 'Genuine messages about money that fit no order, newest first' })
  @ApiOkResponse({ type: QuarantinePageDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND')
  list(
    @Query() { state = 'open', page, page_size }: QuarantineQueryDto,
  ): Promise<Page<QuarantinedDto>> {
    return this.quarantine.page(state, pageRequest(page, page_size));
  }

  @Post(':id/resolve/')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say what was found and done about one' })
  @ApiOkResponse({ type: QuarantinedDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND', 'QUARANTINE_RESOLVED')
  resolve(
    @Caller() { id: adminId }: Principal,
    @Param('id', IdPipe) id: number,
    @Body() { note }: ResolveDto,
  ): Promise<QuarantinedDto> {
    return this.quarantine.resolve(adminId, id, note);
  }

  @Post(':id/refund/')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give all the money of a mismatch back; its order, if unpaid, is canceled at once',
    description:
      'Alipay is asked what it holds first. All messages about that order are resolved with the ' +
      'note when the money is back. Asking again changes nothing, and tries a refund that failed.',
  })
  @ApiOkResponse({ type: RefundDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND', 'MONEY_NOT_RETURNABLE', 'GATEWAY_UNAVAILABLE')
  async giveBack(
    @Caller() { id: adminId }: Principal,
    @Param('id', IdPipe) id: number,
    @Body() { note }: ResolveDto,
  ): Promise<RefundDto> {
    return this.refunds.odd(await this.oddMoney.giveBack(adminId, id, note));
  }
}
