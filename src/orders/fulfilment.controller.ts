import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { OrderIdPipe } from '../common/ids.pipe.js';
import { Refuses } from '../common/refuses.decorator.js';
import { CommentCreatedDto, CreateCommentDto } from './comments.dto.js';
import { CommentsService } from './comments.service.js';
import { ReceivedDto, ShipOrderDto, ShippedDto } from './fulfilment.dto.js';
import { FulfilmentService } from './fulfilment.service.js';
import { OrderReads } from './order-reads.js';
import { OrderLineDto } from './orders.dto.js';

/** What a buyer does once an order of theirs is on its way. */
@ApiTags('orders')
@Authenticated()
@Controller('orders/:id')
export class FulfilmentController {
  constructor(
    private readonly fulfilment: FulfilmentService,
    private readonly comments: CommentsService,
    private readonly reads: OrderReads,
  ) {}

  @Post('receipt/')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm that the goods of a sent order have arrived' })
  @ApiOkResponse({ type: ReceivedDto })
  @Refuses('NOT_FOUND', 'ORDER_NOT_SHIPPED', 'BUSY')
  receive(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
  ): Promise<ReceivedDto> {
    return this.fulfilment.receive(id, orderId);
  }

  @Get('uncommentgoods/')
  @ApiOperation({ summary: 'The lines of a received order that can still be commented on' })
  @ApiOkResponse({ type: [OrderLineDto] })
  @Refuses('NOT_FOUND')
  uncommented(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
  ): Promise<OrderLineDto[]> {
    return this.reads.uncommented(id, orderId);
  }

  @Post('comments/')
  @ApiOperation({ summary: 'Comment on one product of a received order, once' })
  @ApiCreatedResponse({ type: CommentCreatedDto })
  @Refuses(
    'VALIDATION_FAILED',
    'NOT_FOUND',
    'ORDER_LINE_NOT_FOUND',
    'ORDER_NOT_RECEIVED',
    'ALREADY_COMMENTED',
    'BUSY',
  )
  comment(
    @Caller() { id }: Principal,
    @Param('id', OrderIdPipe) orderId: string,
    @Body() wish: CreateCommentDto,
  ): Promise<CommentCreatedDto> {
    return this.comments.create(id, orderId, wish);
  }
}

/** What the shop's people do about an order. */
@ApiTags('admin: orders')
@Authenticated('admin')
@Controller('admin/orders/:id')
export class AdminOrdersController {
  constructor(private readonly fulfilment: FulfilmentService) {}

  @Post('shipment/')
  @ApiOperation({
    summary: 'Note that an order was handed to a carrier',
    description: 'The same shipment sent again answers the same and changes nothing.',
  })
  @ApiCreatedResponse({ type: ShippedDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND', 'ORDER_NOT_SHIPPABLE', 'BUSY')
  ship(
    @Param('id', OrderIdPipe) orderId: string,
    @Body() shipment: ShipOrderDto,
  ): Promise<ShippedDto> {
    return this.fulfilment.ship(orderId, shipment);
  }
}
