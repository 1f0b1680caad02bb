import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueLeading } from '../../../common/metrics.js';
import type { BatchRunner } from '../batch-runner.js';
import { GroupLane, type LaneLimits } from '../group-lane.js';
import type { Outcome, PlaceOrder } from '../place-order.js';
import { Leader } from './leader.js';
import { impatient, patient, QUEUE_NAME, QUEUE_PREFIX } from './queue-connections.js';

/** A job whose worker was killed goes back to the queue after at most this long. */
const LOCK_MS = 3000;
const STALLED_CHECK_MS = 1000;

/**
 * The one worker of the fleet. Every process has one, the leader's runs. It takes as many jobs as a
 * batch may hold and places them as the direct lane does. A job that is delivered again after a
 * kill finds its order by the key it was given, so it makes no second one.
 */
export class QueueWorker {
  private readonly connection: Redis;
  private readonly leaseConnection: Redis;
  private readonly lane: GroupLane<PlaceOrder, Outcome>;
  private readonly worker: Worker<PlaceOrder, Outcome>;
  private readonly leader: Leader;
  private started = false;

  constructor(url: string, runner: BatchRunner, limits: LaneLimits) {
    this.connection = patient(url);
    this.leaseConnection = impatient(url);
    // There are never more jobs at work than a batch may hold, so none of them is refused here.
    const { batchMax } = limits;
    this.lane = new GroupLane((commands) => runner.run(commands), {
      batchMax,
      waitingMax: batchMax,
    });
    this.worker = new Worker(QUEUE_NAME, (job: Job<PlaceOrder>) => this.lane.submit(job.data), {
      connection: this.connection,
      prefix: QUEUE_PREFIX,
      autorun: false,
      concurrency: limits.batchMax,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: 1000,
    });
    this.worker.on('error', () => undefined);
    this.leader = new Leader(this.leaseConnection, `${QUEUE_PREFIX}:leader`, (leading) =>
      this.lead(leading),
    );
    this.leader.start();
  }

  /** Finishes the jobs at work, then lets another process lead. */
  async close(): Promise<void> {
    await this.worker.close();
    await this.leader.stop();
  }

  disconnect(): void {
    this.connection.disconnect();
    this.leaseConnection.disconnect();
  }

  private lead(leading: boolean): void {
    queueLeading.set(leading ? 1 : 0);
    if (!leading) {
      void this.worker.pause(true);
    } else if (this.started) {
      void this.worker.resume();
    } else {
      this.started = true;
      void this.worker.run().catch(() => undefined);
    }
  }
}
