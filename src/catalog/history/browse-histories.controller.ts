import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { SkuDto } from '../catalog.dto.js';
import { BrowsedDto } from './browse-histories.dto.js';
import { BrowseHistories } from './browse-histories.service.js';

@ApiTags('catalogue')
@Authenticated()
@Controller('browse_histories')
export class BrowseHistoriesController {
  constructor(private readonly histories: BrowseHistories) {}

  @Get('/')
  @ApiOperation({ summary: 'The SKUs I looked at last: newest first, each once, at most five' })
  @ApiOkResponse({ type: [SkuDto] })
  list(@Caller() { id }: Principal): Promise<SkuDto[]> {
    return this.histories.list(id);
  }

  @Post('/')
  @ApiOperation({ summary: 'Note that I look at a SKU' })
  @ApiCreatedResponse({ type: BrowsedDto })
  @Refuses('VALIDATION_FAILED', 'SKU_NOT_FOUND', 'BUSY')
  async add(@Caller() { id }: Principal, @Body() { sku_id }: BrowsedDto): Promise<BrowsedDto> {
    await this.histories.add(id, sku_id);
    return { sku_id };
  }
}
