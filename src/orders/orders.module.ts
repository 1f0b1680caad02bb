import { Module } from '@nestjs/common';
import { CommentsService } from './comments.service.js';
import { AdminOrdersController, FulfilmentController } from './fulfilment.controller.js';
import { FulfilmentService } from './fulfilment.service.js';
import { OrderIds } from './order-id.js';
import { OrderReads } from './order-reads.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { laneProvider } from './placement/lane.provider.js';
import { PlacementLane } from './placement/placement-lane.js';
import { ReceiptJob } from './receipt.job.js';

/** Orders: placing them, showing them, and moving them from state to state. */
@Module({
  controllers: [OrdersController, FulfilmentController, AdminOrdersController],
  providers: [
    OrdersService,
    OrderReads,
    FulfilmentService,
    CommentsService,
    ReceiptJob,
    { provide: OrderIds, useFactory: () => new OrderIds() },
    laneProvider,
  ],
  exports: [PlacementLane],
})
export class OrdersModule {}
