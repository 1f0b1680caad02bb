import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Everything this process counts, in Prometheus' format at /metrics. Labels hold no user data. */
export const registry = new Registry();

const registers = [registry];

/**
 * A counter with one label for what every request does: it counts in a plain map, and gives its
 * numbers to Prometheus' library only when they are asked for.
 */
class Tally {
  private readonly counts = new Map<string | number, number>();

  constructor(name: string, help: string, label: string) {
    const { counts } = this;
    const counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        counter.reset();
        counts.forEach((count, value) => counter.inc({ [label]: value }, count));
      },
    });
  }

  inc(value: string | number): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }
}

/** Commands to place an order, by what they came to. */
export const ordersDecided = new Tally(
  'orders_decided_total',
  'Commands to place an order by what they came to: placed, replayed or the refusal’s code',
  'outcome',
);

export const batchSize = new Histogram({
  name: 'placement_batch_orders',
  help: 'Commands that were placed in one transaction',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  registers,
});

export const batchSeconds = new Histogram({
  name: 'placement_batch_seconds',
  help: 'Time from taking a batch to its commit',
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  registers,
});

export const batchesAlone = new Counter({
  name: 'placement_batches_one_by_one_total',
  help: 'Batches run again with every order behind its own savepoint',
  registers,
});

export const commitsUnknown = new Counter({
  name: 'placement_commits_unknown_total',
  help: 'Commits whose answer was lost and whose outcome was looked up',
  registers,
});

/** Commands waiting for their batch in this process; counted by the lanes. */
export const laneWaiting = { count: 0 };

registry.registerMetric(
  new Gauge({
    name: 'placement_waiting',
    help: 'Commands waiting for their batch in this process',
    registers: [],
    collect() {
      this.set(laneWaiting.count);
    },
  }),
);

export const laneRefused = new Counter({
  name: 'placement_busy_total',
  help: 'Commands refused because too many were waiting',
  registers,
});

export const laneFlushed = new Counter({
  name: 'placement_flushed_total',
  help: 'Commands refused while they waited, with the batch that found the database away',
  registers,
});

export const queueRefused = new Counter({
  name: 'placement_queue_full_total',
  help: 'Commands refused because too many jobs of the fleet were unfinished',
  registers,
});

export const queueBacklog = new Gauge({
  name: 'placement_queue_backlog',
  help: 'Unfinished jobs of the fleet when this process last put one into the queue',
  registers,
});

export const queuePending = new Counter({
  name: 'placement_queue_pending_total',
  help: 'Commands answered 202 because their result did not come in time',
  registers,
});

export const queueLeading = new Gauge({
  name: 'placement_queue_leading',
  help: '1 while the worker of this process is the one of the fleet',
  registers,
});

export const transactionRetries = new Counter({
  name: 'transaction_retries_total',
  help: 'Transactions that were run again, by reason',
  labelNames: ['reason'] as const,
  registers,
});

export const transactionFailures = new Counter({
  name: 'transaction_failures_total',
  help: 'Transactions that failed for good because of the database, by reason',
  labelNames: ['reason'] as const,
  registers,
});

export const settlements = new Counter({
  name: 'payment_settlements_total',
  help: 'Facts about trades by source and verdict',
  labelNames: ['source', 'verdict'] as const,
  registers,
});

export const notifiesRefused = new Counter({
  name: 'payment_notifies_refused_total',
  help: 'Notifies that were not signed by the gateway',
  registers,
});

export const gatewayUnknown = new Counter({
  name: 'payment_gateway_unknown_total',
  help: 'Calls of the gateway whose outcome is unknown, by method',
  labelNames: ['method'] as const,
  registers,
});

export const refundTries = new Counter({
  name: 'payment_refund_tries_total',
  help: 'Tries to give money back: done, failed for good, later (unknown), poor (no balance)',
  labelNames: ['outcome'] as const,
  registers,
});

export const refundsOpenOldest = new Gauge({
  name: 'refunds_open_oldest_seconds',
  help: 'Age of the oldest refund that was asked for and is neither made nor refused; 0 without one',
  registers,
});

export const paymentChecks = new Counter({
  name: 'payment_checks_total',
  help: 'Pending payments asked about: settled, canceled, waiting, unknown, quarantined',
  labelNames: ['outcome'] as const,
  registers,
});

export const ordersExpired = new Counter({
  name: 'orders_expired_total',
  help: 'Unpaid orders canceled because nobody paid them in time',
  registers,
});

export const quarantined = new Counter({
  name: 'payment_quarantined_total',
  help: 'Genuine messages that fit no order of ours and wait for a person, by verdict',
  labelNames: ['verdict'] as const,
  registers,
});

export const billDifferences = new Gauge({
  name: 'payment_bill_differences',
  help: 'Differences between the gateway’s bills of the last seven days and our books',
  registers,
});

export const jobFailures = new Counter({
  name: 'job_failures_total',
  help: 'Turns of work that runs by itself which failed and will come again, by job',
  labelNames: ['job'] as const,
  registers,
});

export const webhookDeliveries = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Attempts to deliver an event by receiver and result: delivered, failed or given_up',
  labelNames: ['host', 'result'] as const,
  registers,
});

export const webhookEventsRelayed = new Counter({
  name: 'webhook_events_relayed_total',
  help: 'Order events that were taken over for delivery',
  registers,
});

export const rateLimited = new Counter({
  name: 'rate_limited_total',
  help: 'Requests answered 429, by limit',
  labelNames: ['limit'] as const,
  registers,
});

export const httpResponses = new Tally('http_responses_total', 'Answers by status', 'status');

export const invariantViolations = new Gauge({
  name: 'invariant_violations',
  help: 'Rows that break a rule of the checker, up to 100, as the last run of the fleet has found',
  labelNames: ['rule'] as const,
  registers,
});

export const invariantRuns = new Counter({
  name: 'invariant_runs_total',
  help: 'Runs of the checker on this instance: clean, violated or failed',
  labelNames: ['kind', 'outcome'] as const,
  registers,
});

export const invariantSeconds = new Histogram({
  name: 'invariant_run_seconds',
  help: 'Time of a completed run of the checker',
  labelNames: ['kind'] as const,
  buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  registers,
});

export const invariantLastRun = new Gauge({
  name: 'invariant_last_run_timestamp_seconds',
  help: 'When the last completed run of the fleet ended',
  labelNames: ['kind'] as const,
  registers,
});
