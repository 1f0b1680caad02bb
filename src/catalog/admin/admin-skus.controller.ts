import { Body, Controller, Get, Headers, Param, Post, Put, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { checkedKey, IDEMPOTENCY_KEY } from '../../common/idempotency.js';
import { IdPipe } from '../../common/ids.pipe.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { AdminSkuDto, ChangeSkuDto, RestockDto, RestockedDto } from './admin-skus.dto.js';
import { AdminSkusService } from './admin-skus.service.js';

/** The catalogue behind the counter. */
@ApiTags('admin: catalogue')
@Authenticated('admin')
@Controller('admin/skus/:id')
export class AdminSkusController {
  constructor(private readonly skus: AdminSkusService) {}

  @Get('/')
  @ApiOperation({ summary: 'One SKU, on sale or not, with its stock' })
  @ApiParam({ name: 'id', type: Number, example: 3 })
  @ApiOkResponse({ type: AdminSkuDto })
  @Refuses('NOT_FOUND')
  find(@Param('id', IdPipe) id: number): Promise<AdminSkuDto> {
    return this.skus.find(id);
  }

  @Put('/')
  @ApiOperation({ summary: 'Change the price of a SKU, or whether it is on sale' })
  @ApiParam({ name: 'id', type: Number, example: 3 })
  @ApiOkResponse({ type: AdminSkuDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND', 'BUSY')
  change(@Param('id', IdPipe) id: number, @Body() wish: ChangeSkuDto): Promise<AdminSkuDto> {
    return this.skus.change(id, wish);
  }

  @Post('restock/')
  @ApiOperation({ summary: 'Book units in, or out down to the stock there is' })
  @ApiParam({ name: 'id', type: Number, example: 3 })
  @ApiHeader({
    ...IDEMPOTENCY_KEY,
    description: 'The same key and body book once and answer the same, however often they are sent',
  })
  @ApiCreatedResponse({
    type: RestockedDto,
    headers: {
      'Idempotent-Replayed': {
        description: '`true` when an earlier request with this key has booked it',
        schema: { type: 'string' },
      },
    },
  })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND', 'STOCK_INSUFFICIENT', 'IDEMPOTENCY_KEY_REUSED', 'BUSY')
  async restock(
    @Caller() { id: userId }: Principal,
    @Param('id', IdPipe) id: number,
    @Body() wish: RestockDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RestockedDto> {
    const { restock, replayed } = await this.skus.restock(userId, id, wish, checkedKey(key));
    if (replayed) {
      reply.header('Idempotent-Replayed', 'true');
    }
    return restock;
  }
}
