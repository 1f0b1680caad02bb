import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { ShopError } from '../common/errors.js';
import { IDEMPOTENCY_KEY } from '../common/idempotency.js';
import { OrderIdPipe } from '../common/ids.pipe.js';
import { Paged } from '../common/page.decorator.js';
import { type Page, pageRequest } from '../common/pagination.js';
import { Refuses } from '../common/refuses.decorator.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { OrderReads } from './order-reads.js';
import {
  CreateOrderDto,
  OrderCreatedDto,
  OrderDetailDto,
  type OrderDto,
  OrderPageDto,
  SettlementDto,
} from './orders.dto.js';
import { OrdersService } from './orders.service.js';

@ApiTags('orders')
@Authenticated()
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly reads: OrderReads,
  ) {}

  @Get('settlement/')
  @ApiOperation({ summary: 'What an order of the selected cart lines would be' })
  @ApiExtraModels(SettlementDto)
  @ApiOkResponse({
    description: 'An empty array when nothing is selected',
    schema: {
      oneOf: [{ $ref: getSchemaPath(SettlementDto) }, { type: 'array', items: {}, maxItems: 0 }],
    },
  })
  async settlement(@Caller() { id }: Principal): Promise<SettlementDto | []> {
    return (await this.reads.settlement(id)) ?? [];
  }

  @Post('/')
  @RateLimited('orders')
  @ApiOperation({ summary: 'Turn the selected cart lines into an order' })
  @ApiHeader({
    ...IDEMPOTENCY_KEY,
    description: 'The same key and body answer the same order, however often they are sent',
  })
  @ApiAcceptedResponse({
    type: OrderCreatedDto,
    description: 'In the queue (strategy `queue` only): look at `Location` later',
    headers: { Location: { description: 'The path of the order', schema: { type: 'string' } } },
  })
  @ApiCreatedResponse({
    type: OrderCreatedDto,
    headers: {
      'Idempotent-Replayed': {
        description: '`true` when an earlier request with this key made the order',
        schema: { type: 'string' },
      },
    },
  })
  @Refuses(
    'VALIDATION_FAILED',
    'ADDRESS_NOT_FOUND',
    'CART_EMPTY',
    'AMOUNT_TOO_LARGE',
    'STOCK_INSUFFICIENT',
    'CART_CHANGED',
    'SKU_UNAVAILABLE',
    'PRICE_CHANGED',
    'IDEMPOTENCY_KEY_REUSED',
    'BUSY',
  )
  async create(
    @Caller() { id }: Principal,
    @Body() wish: CreateOrderDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderCreatedDto> {
    const { kind, orderId } = await this.orders.place(id, wish, key);
    if (kind === 'replayed') {
      reply.header('Idempotent-Replayed', 'true');
    } else if (kind === 'pending') {
      reply.status(202).header('Location', `/orders/${orderId}/`);
    }
    return { order_id: orderId };
  }

  @Get('/')
  @ApiOperation({ summary: 'The buyer’s orders, newest first' })
  @ApiOkResponse({ type: OrderPageDto })
  @Paged()
  @Refuses('NOT_FOUND')
  list(
    @Caller() { id }: Principal,
    @Query('page') page?: string,
    @Query('page_size') size?: string,
  ): Promise<Page<OrderDto>> {
    return this.reads.page(id, pageRequest(page, size));
  }

  @Get(':id/')
  @ApiOperation({ summary: 'One order with its lines, address, payment, refunds and history' })
  @ApiOkResponse({ type: OrderDetailDto })
  @ApiAcceptedResponse({
    type: OrderCreatedDto,
    description: 'Still in the queue: ask again',
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'string' } } },
  })
  @Refuses('NOT_FOUND', 'STOCK_INSUFFICIENT', 'CART_CHANGED', 'ORDER_FAILED')
  async detail(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderDetailDto | OrderCreatedDto> {
    const detail = await this.reads.detail(id, orderId);
    if (detail) {
      return detail;
    }
    const queued = await this.orders.find(id, orderId);
    if (queued?.kind === 'pending') {
      reply.status(202).header('Retry-After', '1');
      return { order_id: orderId };
    }
    const made = queued && (await this.reads.detail(id, queued.orderId));
    if (!made) {
      throw new ShopError('NOT_FOUND');
    }
    return made;
  }
}
