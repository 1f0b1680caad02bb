import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Public } from '../auth/public.decorator.js';
import { FORM_BODY } from '../common/bodies.js';
import { OrderIdPipe } from '../common/ids.pipe.js';
import { Refuses } from '../common/refuses.decorator.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { OrderStatus } from '../orders/order-status.js';
import { ClosingService } from './closing/closing.service.js';
import { CanceledDto, PaymentStatusDto, TradeDto, WayToPayDto } from './payment.dto.js';
import { PaymentService, type Scene, SCENES } from './payment.service.js';
import { ScenePipe } from './scene.pipe.js';

/** What a buyer does about paying an order of theirs. */
@ApiTags('payment')
@Authenticated()
@Controller('orders/:id')
export class PaymentController {
  constructor(
    private readonly payments: PaymentService,
    private readonly closing: ClosingService,
  ) {}

  @Get('payment/')
  @RateLimited('payment')
  @ApiOperation({ summary: 'What the buyer needs to pay the order with Alipay' })
  @ApiQuery({
    name: 'scene',
    required: false,
    enum: SCENES,
    description: 'A desktop browser, a mobile browser, an app, or a code to be scanned',
  })
  @ApiOkResponse({ type: WayToPayDto })
  @Refuses(
    'VALIDATION_FAILED',
    'ORDER_NOT_PAYABLE',
    'NOT_FOUND',
    'PAYMENT_BEGUN',
    'GATEWAY_UNAVAILABLE',
  )
  wayToPay(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
    @Query('scene', ScenePipe) scene: Scene,
  ): Promise<WayToPayDto> {
    return this.payments.wayToPay(id, orderId, scene);
  }

  @Get('payment/status/')
  @RateLimited('inquiry')
  @ApiOperation({ summary: 'Whether the order is paid; asks Alipay while the shop does not know' })
  @ApiOkResponse({ type: PaymentStatusDto })
  @Refuses('NOT_FOUND')
  async status(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
  ): Promise<PaymentStatusDto> {
    const { orderStatus, tradeNo } = await this.payments.status(id, orderId);
    const paid = tradeNo !== null && orderStatus !== OrderStatus.Canceled;
    return { order_id: orderId, status: orderStatus, paid, trade_id: tradeNo };
  }

  @Post('cancel/')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel an unpaid order; its goods go back' })
  @ApiOkResponse({ type: CanceledDto })
  @Refuses('NOT_FOUND', 'ORDER_NOT_CANCELABLE', 'GATEWAY_UNAVAILABLE')
  async cancel(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
  ): Promise<CanceledDto> {
    await this.closing.cancel(id, orderId);
    return { order_id: orderId, status: OrderStatus.Canceled };
  }
}

/** What comes from Alipay: its signature is the proof of identity, so no token is asked for. */
@ApiTags('payment')
@Public()
@Controller('payment')
export class AlipayController {
  constructor(private readonly payments: PaymentService) {}

  @Put('status/')
  @RateLimited('inquiry')
  @ApiOperation({
    summary: 'Confirm a payment by the parameters Alipay appended to the return URL',
    description: 'They are no proof by themselves: when genuine, Alipay is asked.',
  })
  @ApiQuery({ name: 'out_trade_no', description: 'and all other parameters, unchanged' })
  @ApiOkResponse({ type: TradeDto })
  @Refuses('PAYMENT_PROOF_INVALID', 'PAYMENT_PENDING', 'PAYMENT_RETURNED', 'NOT_FOUND')
  async confirm(@Query() query: Record<string, unknown>): Promise<TradeDto> {
    return { trade_id: await this.payments.confirmReturn(query) };
  }

  @Post('alipay/notify/')
  @HttpCode(200)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Notify of Alipay: answers the bytes `success` or `fail`' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', enum: ['success', 'fail'] } })
  async notify(
    @Body() body: unknown,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<'success' | 'fail'> {
    const form = contentType?.startsWith('application/x-www-form-urlencoded') === true;
    return (await this.payments.notify(body, form)) ? 'success' : 'fail';
  }
}
