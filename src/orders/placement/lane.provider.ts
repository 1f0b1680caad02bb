import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import { PacketDataSource } from '../../database/packet-data-source.js';
import { OrderIds } from '../order-id.js';
import { BatchRunner } from './batch-runner.js';
import { readCart } from './placement.store.js';
import { DirectLane, PlacementLane } from './placement-lane.js';
import { QueueLane } from './queue/queue-lane.js';

/** The lane ORDER_STRATEGY names. All three place the same batches by the same rules. */
export const laneProvider: Provider = {
  provide: PlacementLane,
  inject: [Config, PacketDataSource, DataSource, OrderIds],
  useFactory: (
    config: Config,
    packets: DataSource,
    dataSource: DataSource,
    ids: OrderIds,
  ): PlacementLane => {
    const runner = new BatchRunner(
      packets,
      {
        freightFen: config.FREIGHT_FEN,
        expiresMs: config.ORDER_EXPIRES_MINUTES * 60_000,
        guard: config.ORDER_STRATEGY === 'optimistic' ? 'optimistic' : 'pessimistic',
      },
      ids,
    );
    const limits = { batchMax: config.ORDER_BATCH_MAX, waitingMax: config.ORDER_WAITING_MAX };
    return config.ORDER_STRATEGY === 'queue'
      ? new QueueLane(
          config.REDIS_URL,
          runner,
          { ...limits, waitMs: config.QUEUE_WAIT_MS },
          ids,
          (userId) => readCart(dataSource, userId),
        )
      : new DirectLane(runner, limits);
  },
};
