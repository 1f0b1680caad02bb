import { Module } from '@nestjs/common';
import { OrderIds } from './order-id.js';
import { OrderReads } from './order-reads.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { laneProvider } from './placement/lane.provider.js';

/** Orders: placing them, showing them, and moving them from state to state. */
@Module({
  controllers: [OrdersController],
  providers: [
    OrdersService,
    OrderReads,
    { provide: OrderIds, useFactory: () => new OrderIds() },
    laneProvider,
  ],
})
export class OrdersModule {}
