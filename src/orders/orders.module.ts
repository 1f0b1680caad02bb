import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { OrderIds } from './order-id.js';
import { OrderReads } from './order-reads.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { BatchRunner } from './placement/batch-runner.js';
import { DirectLane, PlacementLane } from './placement/placement-lane.js';

/** Orders: placing them, showing them, and moving them from state to state. */
@Module({
  controllers: [OrdersController],
  providers: [
    OrdersService,
    OrderReads,
    { provide: OrderIds, useFactory: () => new OrderIds() },
    {
      provide: PlacementLane,
      inject: [Config, DataSource, OrderIds],
      useFactory: (config: Config, dataSource: DataSource, ids: OrderIds) =>
        new DirectLane(
          new BatchRunner(
            dataSource,
            {
              freightFen: config.FREIGHT_FEN,
              expiresMs: config.ORDER_EXPIRES_MINUTES * 60_000,
            },
            ids,
          ),
          { batchMax: config.ORDER_BATCH_MAX, waitingMax: config.ORDER_WAITING_MAX },
        ),
    },
  ],
})
export class OrdersModule {}
