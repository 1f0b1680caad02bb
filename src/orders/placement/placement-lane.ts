import { ShopError } from '../../common/errors.js';
import { GroupLane, LaneFullError, type LaneLimits } from './group-lane.js';
import type { BatchRunner } from './batch-runner.js';
import type { Outcome, PlaceOrder } from './place-order.js';

/** When and where orders are placed. Throws ShopError BUSY when too many are waiting. */
export abstract class PlacementLane {
  abstract submit(command: PlaceOrder): Promise<Outcome>;
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
      throw error instanceof LaneFullError
        ? new ShopError('BUSY', { retryAfterSeconds: 1 })
        : error;
    }
  }
}
