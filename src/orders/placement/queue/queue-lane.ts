import { type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { ShopError } from '../../../common/errors.js';
import { laneRefused, queueBacklog, queuePending, queueRefused } from '../../../common/metrics.js';
import type { BatchRunner } from '../batch-runner.js';
import type { LaneLimits } from '../group-lane.js';
import type { OrderIds } from '../../order-id.js';
import type { CartSnapshot, Outcome, Pending, PlaceOrder } from '../place-order.js';
import { PlacementLane } from '../placement-lane.js';
import { impatient, patient, QUEUE_NAME, QUEUE_PREFIX } from './queue-connections.js';
import { QueueWorker } from './queue-worker.js';

/** Tried again for a minute while the database is away. */
const ATTEMPTS = 120;
const ATTEMPT_DELAY_MS = 500;
/** How long the start waits for Redis. */
const START_WAIT_MS = 3000;
/** How long the stop waits for the jobs at work. */
const STOP_WAIT_MS = 5000;
/** How long a result can be asked for, in seconds. */
const KEEP_SECONDS = 3600;
const RESERVE_TRIES = 5;
/** Jobs that are still to be decided: new, at work, or to be tried again. */
const UNFINISHED = ['wait', 'active', 'delayed'] as const;
/** The hash that goes with a key of our own: it belongs to one job, so there is nothing to tell apart. */
const ONE_REQUEST = '0'.repeat(64);

interface Waiter {
  readonly resolve: (outcome: Outcome | undefined) => void;
}

/**
 * The lesson's task queue: commands go to Redis, the one worker of the fleet places them. A request
 * waits a few seconds for its result and is answered `pending` then; the job stays. Without Redis
 * nothing is taken.
 */
export class QueueLane extends PlacementLane implements OnModuleInit, OnApplicationShutdown {
  private readonly connection: Redis;
  private readonly eventsConnection: Redis;
  private readonly queue: Queue<PlaceOrder, Outcome>;
  private readonly events: QueueEvents;
  private readonly worker: QueueWorker;
  private readonly waiters = new Map<string, Waiter>();

  constructor(
    url: string,
    runner: BatchRunner,
    private readonly limits: LaneLimits & { readonly waitMs: number },
    private readonly ids: OrderIds,
    private readonly cartOf: (userId: number) => Promise<readonly CartSnapshot[]>,
  ) {
    super();
    this.connection = impatient(url);
    this.eventsConnection = patient(url);
    this.queue = new Queue(QUEUE_NAME, { connection: this.connection, prefix: QUEUE_PREFIX });
    this.queue.on('error', () => undefined);
    this.events = new QueueEvents(QUEUE_NAME, {
      connection: this.eventsConnection,
      prefix: QUEUE_PREFIX,
    });
    this.events.on('error', () => undefined);
    this.events.on('completed', ({ jobId, returnvalue }) =>
      this.waiters.get(jobId)?.resolve(returnvalue as unknown as Outcome),
    );
    this.events.on('failed', ({ jobId }) => this.waiters.get(jobId)?.resolve(undefined));
    this.worker = new QueueWorker(url, runner, limits);
  }

  /**
   * A process that starts waits for Redis a moment, so that its first request is not refused. A
   * connection that is refused meanwhile is tried again, as at any other time.
   */
  async onModuleInit(): Promise<void> {
    if (this.connection.status !== 'ready') {
      const ready = new Promise<void>((resolve) => this.connection.once('ready', resolve));
      await Promise.race([ready, delay(START_WAIT_MS)]);
    }
  }

  async submit(wish: PlaceOrder): Promise<Outcome | Pending> {
    if (this.connection.status !== 'ready') {
      throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    }
    if (this.waiters.size >= this.limits.waitingMax) {
      laneRefused.inc();
      throw new ShopError('BUSY', { retryAfterSeconds: 1 });
    }
    await this.requireRoom();
    const command = await this.prepared(wish);
    const result = this.wait(command.orderId);
    const queued = await this.add(command);
    if (!queued && this.connection.status !== 'ready') {
      this.waiters.get(jobIdOf(command.orderId))?.resolve(undefined);
      throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    }
    const outcome = (await result) ?? (await this.lookUp(command));
    if (outcome === undefined && !queued) {
      throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    }
    if (outcome === undefined || outcome.kind === 'pending') {
      queuePending.inc();
      return { kind: 'pending', orderId: command.orderId };
    }
    return outcome;
  }

  async find(userId: number, orderId: string): Promise<Outcome | Pending | undefined> {
    const job = await this.queue.getJob(jobIdOf(orderId)).catch(() => {
      throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    });
    if (!job || job.data.userId !== userId) {
      return undefined;
    }
    if (job.finishedOn === undefined) {
      return { kind: 'pending', orderId };
    }
    // Not by `failedReason`: a job that was tried again keeps the one of its first failure.
    const outcome = job.returnvalue as Outcome | null;
    return outcome ? asFirst(outcome, orderId) : { kind: 'refused', code: 'ORDER_FAILED' };
  }

  /** A Redis that hangs keeps its connection, so it is asked. */
  async isAvailable(): Promise<boolean> {
    return this.connection.ping().then(
      () => true,
      () => false,
    );
  }

  /** Without Redis nothing can be finished: its jobs wait in its file for the next process. */
  async onApplicationShutdown(): Promise<void> {
    const goodbye = async () => {
      await this.worker.close();
      await this.events.close();
      await this.queue.close();
    };
    const patience = new AbortController();
    await Promise.race([
      goodbye().catch(() => undefined),
      delay(STOP_WAIT_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    this.worker.disconnect();
    this.connection.disconnect();
    this.eventsConnection.disconnect();
  }

  /**
   * Requests stop waiting after a few seconds and their jobs stay, so the jobs are bounded too, for
   * the whole fleet: what is promised must not take much longer than the promise. Those that are
   * let in at the same moment may pass the bound together. Throws BUSY.
   */
  private async requireRoom(): Promise<void> {
    const backlog = await this.queue.getJobCountByTypes(...UNFINISHED).catch(() => {
      throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
    });
    queueBacklog.set(backlog);
    if (backlog >= this.limits.waitingMax) {
      queueRefused.inc();
      throw new ShopError('BUSY', { retryAfterSeconds: 2 });
    }
  }

  /**
   * Makes a command fit to be carried out later. Its id is reserved, since ids of two processes can
   * meet and BullMQ would take the second job for the first one's; and it carries the cart as it is
   * now, so that nobody gets other goods than were asked for.
   */
  private async prepared(wish: PlaceOrder): Promise<PlaceOrder> {
    const [orderId, expectedCart] = await Promise.all([
      this.reserve(wish.orderId),
      this.cartOf(wish.userId),
    ]);
    return {
      ...wish,
      orderId,
      expectedCart,
      // A job may be delivered twice, so it needs a key. Buyers' own keys hold no space.
      idempotencyKey: wish.idempotencyKey ?? ` ${orderId}`,
      requestHash: wish.requestHash ?? ONE_REQUEST,
    };
  }

  private async reserve(orderId: string): Promise<string> {
    for (let id = orderId, tries = 1; tries <= RESERVE_TRIES; tries += 1) {
      const key = `${QUEUE_PREFIX}:id:${id}`;
      const answer = await this.connection.set(key, '1', 'EX', KEEP_SECONDS, 'NX').catch(() => {
        throw new ShopError('UNAVAILABLE', { retryAfterSeconds: 2 });
      });
      if (answer === 'OK') {
        return id;
      }
      this.ids.redraw();
      id = this.ids.next();
    }
    throw new ShopError('BUSY', { retryAfterSeconds: 1 });
  }

  /** What became of a queued command; undefined while nobody can say. */
  private lookUp({ userId, orderId }: PlaceOrder): Promise<Outcome | Pending | undefined> {
    return this.find(userId, orderId).catch(() => undefined);
  }

  /** False when Redis did not confirm in time; the job may be in the queue all the same. */
  private async add(command: PlaceOrder): Promise<boolean> {
    try {
      await this.queue.add('place', command, {
        jobId: jobIdOf(command.orderId),
        attempts: ATTEMPTS,
        backoff: { type: 'fixed', delay: ATTEMPT_DELAY_MS },
        removeOnComplete: { age: KEEP_SECONDS },
        removeOnFail: { age: KEEP_SECONDS },
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves with the result, or with undefined when it does not come in time. */
  private wait(orderId: string): Promise<Outcome | undefined> {
    const jobId = jobIdOf(orderId);
    return new Promise((resolve) => {
      const done = (outcome: Outcome | undefined) => {
        clearTimeout(timer);
        this.waiters.delete(jobId);
        resolve(outcome && asFirst(outcome, orderId));
      };
      const timer = setTimeout(() => done(undefined), this.limits.waitMs);
      this.waiters.set(jobId, { resolve: done });
    });
  }
}

/** BullMQ refuses ids that are whole numbers, which some of ours are to a double's precision. */
function jobIdOf(orderId: string): string {
  return `o${orderId}`;
}

/** The replay of a job that was delivered twice is the first answer of its request. */
function asFirst(outcome: Outcome, orderId: string): Outcome {
  return outcome.kind === 'replayed' && outcome.orderId === orderId
    ? { kind: 'placed', orderId }
    : outcome;
}
