import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { webhookDeliveries, webhookEventsRelayed } from '../common/metrics.js';
import { Config } from '../config/config.js';
import { inTransaction } from '../database/transaction.js';
import { post } from './courier.js';
import { messageOf, signingKeyOf } from './message.js';
import { pauseAfter } from './retry-schedule.js';
import {
  type Claim,
  claimDeliveries,
  deleteOldDeliveries,
  dueDeliveries,
  type Endpoint,
  giveUpWaiting,
  markDelivered,
  markFailed,
  registerEndpoints,
  relayEvents,
} from './webhooks.store.js';

/** Events taken over in one transaction. */
export const RELAY_BATCH = 500;
/** Orders whose next event is on its way to one endpoint at the same time. */
const DELIVERY_BATCH = 16;
/** Rows given up in one transaction; far fewer than a statement can write within its deadline. */
export const GIVE_UP_BATCH = 2000;
/** Rows deleted in one transaction, so that none is long. */
const DELETE_BATCH = 500;
/** A delivery is taken for its deadline and this much longer, in milliseconds. */
const LEASE_MARGIN_MS = 20_000;

interface Outcome {
  readonly claim: Claim;
  /** Why the receiver did not take it; undefined when it did. */
  readonly reason: string | undefined;
}

/**
 * Tells configured receivers what happens to orders. The order's own history is the outbox: an
 * event is committed with what it tells of, so it cannot be lost or invented, and whoever dies on
 * the way to the receiver has it sent again by another one.
 */
@Injectable()
export class WebhooksService {
  private readonly logger = new Logger(WebhooksService.name);
  private readonly keys: readonly Buffer[];
  private readonly stop = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {
    this.keys = config.WEBHOOK_SECRET.map(signingKeyOf);
  }

  /** Makes WEBHOOK_URLS the endpoints that are told what happens from now on. */
  async register(): Promise<Endpoint[]> {
    const urls = this.config.WEBHOOK_URLS.map((url) => new URL(url).href);
    const giveUpSome = (): Promise<boolean> =>
      inTransaction(this.dataSource, (tx) => giveUpWaiting(tx, urls, GIVE_UP_BATCH));
    while (await giveUpSome());
    return inTransaction(this.dataSource, (tx) => registerEndpoints(tx, urls));
  }

  /** Turns committed events into deliveries, at most RELAY_BATCH; answers how many events. */
  async relay(): Promise<number> {
    if (this.stop.signal.aborted) {
      return 0;
    }
    const events = await inTransaction(this.dataSource, (tx) => relayEvents(tx, RELAY_BATCH));
    webhookEventsRelayed.inc(events);
    return events;
  }

  /** Tries what is due at one endpoint, at most one event of an order; answers how many. */
  async deliver(endpoint: Endpoint): Promise<number> {
    const due = this.stop.signal.aborted
      ? []
      : await dueDeliveries(this.dataSource, endpoint.id, DELIVERY_BATCH);
    if (due.length === 0) {
      return 0;
    }
    const leaseMs = this.config.WEBHOOK_TIMEOUT_MS + LEASE_MARGIN_MS;
    const claims = await inTransaction(this.dataSource, (tx) => claimDeliveries(tx, due, leaseMs));
    const outcomes = await Promise.all(claims.map((claim) => this.send(endpoint, claim)));
    await this.book(endpoint, outcomes);
    return outcomes.length;
  }

  /** Deletes deliveries that were over WEBHOOK_KEEP_DAYS ago, a few in each transaction. */
  async deleteOld(): Promise<void> {
    const { WEBHOOK_KEEP_DAYS: days } = this.config;
    const some = (): Promise<boolean> =>
      inTransaction(this.dataSource, (tx) => deleteOldDeliveries(tx, days, DELETE_BATCH));
    while (!this.stop.signal.aborted && (await some()));
  }

  /** Begins nothing more, and ends what is under way; that counts as failed and is sent again. */
  close(): void {
    this.stop.abort();
  }

  private async send({ url }: Endpoint, claim: Claim): Promise<Outcome> {
    const { WEBHOOK_TIMEOUT_MS: timeoutMs } = this.config;
    const reason = await post(url, messageOf(claim), this.keys, timeoutMs, this.stop.signal);
    return { claim, reason };
  }

  private async book({ url }: Endpoint, outcomes: readonly Outcome[]): Promise<void> {
    const judged = outcomes.map(({ claim, reason }) => ({
      claim,
      failure: reason && { reason, pauseMs: pauseAfter(claim.attempt, Math.random()) },
    }));
    await inTransaction(this.dataSource, async (tx) => {
      for (const { claim, failure } of judged) {
        await (failure ? markFailed(tx, claim, failure) : markDelivered(tx, claim));
      }
    });
    const { host } = new URL(url);
    for (const { claim, failure } of judged) {
      const givenUp = failure && failure.pauseMs === undefined;
      const result = givenUp ? 'given_up' : failure ? 'failed' : 'delivered';
      webhookDeliveries.inc({ host, result });
      if (failure) {
        this.logger.warn(`event ${claim.eventId} to ${host}, ${result}: ${failure.reason}`);
      }
    }
  }
}
