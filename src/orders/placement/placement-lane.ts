import { ShopError } from '../../common/errors.js';
import { laneRefused } from '../../common/metrics.js';
import type { BatchRunner } from './batch-runner.js';
import { GroupLane, LaneFullError, type LaneLimits } from './group-lane.js';
import type { Outcome, Pending, PlaceOrder } from './place-order.js';

/** When and where orders are placed. Throws ShopError BUSY when too many are waiting. */
export abstract class PlacementLane {
  abstract submit(command: PlaceOrder): Promise<Outcome | Pending>;

  /** What became of a command this lane answered `pending` for; undefined when it knows nothing. */
  abstract find(userId: number, orderId: string): Promise<Outcome | Pending | undefined>;

  /** Whether what this lane needs beside the database answers now. */
  abstract isAvailable(): Promise<boolean>;
}

/** In this process, gathered into batches. */
export class DirectLane extends PlacementLane {
  private readonly lane: GroupLane<PlaceOrder, Outcome>;

  constructor(runner: BatchRunner, limits: LaneLimits) {
    super();
    this.lane = new GroupLane((commands) => runner.run(commands), limits);
  }

  async submit(command: PlaceOrder): Promise<Outcome> {
    try {
      return await this.lane.submit(command);
    } catch (error) {
      if (error instanceof LaneFullError) {
        laneRefused.inc();
        throw new ShopError('BUSY', { retryAfterSeconds: 1 });
      }
      throw error;
    }
  }

  /** Every command is decided before `submit` answers. */
  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** It needs nothing else. */
  isAvailable(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
