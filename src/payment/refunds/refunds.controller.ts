import { applyDecorators, Body, Controller, Get, Headers, Param, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import type { ErrorCode } from '../../common/errors.js';
import { IDEMPOTENCY_KEY } from '../../common/idempotency.js';
import { OrderIdPipe } from '../../common/ids.pipe.js';
import { parseYuan } from '../../common/money.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { RefundReads } from './refund-reads.js';
import { PartialRefundDto, RefundDto, WholeRefundDto } from './refunds.dto.js';
import { type RefundAsked, RefundsService } from './refunds.service.js';

/** What asking for a refund has in common, whoever asks. */
function AsksForRefund(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      ...IDEMPOTENCY_KEY,
      description: 'The same key and body answer the same refund, however often they are sent',
    }),
    ApiCreatedResponse({
      type: RefundDto,
      description: 'Written down; `asked` becomes `done` when Alipay has moved the money',
      headers: {
        'Idempotent-Replayed': {
          description: '`true` when an earlier request has asked for this refund',
          schema: { type: 'string' },
        },
      },
    }),
    Refuses(
      'VALIDATION_FAILED',
      'NOT_FOUND',
      'ORDER_NOT_REFUNDABLE',
      'IDEMPOTENCY_KEY_REUSED',
      ...codes,
    ),
  );
}

function answered(reply: FastifyReply, { replayed }: RefundAsked): void {
  if (replayed) {
    reply.header('Idempotent-Replayed', 'true');
  }
}

/** Refunds of the buyer's own orders. */
@ApiTags('refunds')
@Authenticated()
@Controller('orders/:id/refunds')
export class RefundsController {
  constructor(
    private readonly refunds: RefundsService,
    private readonly reads: RefundReads,
  ) {}

  @Post('/')
  @ApiOperation({
    summary: 'Give a paid order back before it is sent: it is canceled, all the money goes back',
  })
  @AsksForRefund()
  async ask(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
    @Body() { reason }: WholeRefundDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundDto> {
    const asked = await this.refunds.refundWhole(id, orderId, reason ?? '买家退款', key);
    answered(reply, asked);
    return this.reads.one(asked.refundId);
  }

  @Get('/')
  @ApiOperation({ summary: 'The refunds of an order, oldest first' })
  @ApiOkResponse({ type: [RefundDto] })
  @Refuses('NOT_FOUND')
  list(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
  ): Promise<RefundDto[]> {
    return this.reads.ofOrder(orderId, id);
  }
}

/** Refunds of any order, by parts. */
@ApiTags('admin: refunds')
@Authenticated('admin')
@Controller('admin/orders/:id/refunds')
export class AdminRefundsController {
  constructor(
    private readonly refunds: RefundsService,
    private readonly reads: RefundReads,
  ) {}

  @Post('/')
  @ApiOperation({ summary: 'Give a part of the money back, and take goods back into stock' })
  @AsksForRefund('REFUND_TOO_LARGE', 'RETURN_TOO_LARGE')
  async ask(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
    @Body() { amount, reason, returns }: PartialRefundDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundDto> {
    const part = {
      amountFen: parseYuan(amount) ?? 0,
      reason,
      returns: (returns ?? []).map(({ sku_id, count }) => ({ skuId: sku_id, count })),
    };
    const asked = await this.refunds.refundPart(id, orderId, part, key);
    answered(reply, asked);
    return this.reads.one(asked.refundId);
  }

  @Get('/')
  @ApiOperation({ summary: 'The refunds of an order, oldest first' })
  @ApiOkResponse({ type: [RefundDto] })
  @Refuses('NOT_FOUND')
  list(@Param('id', OrderIdPipe) orderId: string): Promise<RefundDto[]> {
    return this.reads.ofOrder(orderId);
  }
}
