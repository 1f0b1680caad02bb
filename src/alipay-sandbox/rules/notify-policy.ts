import type { Product, TradeStatus } from './trade.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waiting times between the deliveries of one notification: eight deliveries in about 25 hours. */
const RETRY_WAITS_MS: readonly number[] = [
  4 * MINUTE_MS,
  10 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  15 * HOUR_MS,
];

/** When to deliver again after `attempts` failed deliveries; undefined when Alipay gives up. */
export function nextAttemptMs(attempts: number, nowMs: number): number | undefined {
  const waitMs = RETRY_WAITS_MS[attempts - 1];
  return waitMs === undefined ? undefined : nowMs + waitMs;
}

export type NotifyPolicy = Record<Product, TradeStatus[]>;

/** Which states each product tells the merchant about, unless the merchant asked for others. */
export const DEFAULT_POLICY: NotifyPolicy = {
  page: ['TRADE_SUCCESS'],
  precreate: ['TRADE_SUCCESS'],
  wap: ['TRADE_SUCCESS', 'TRADE_CLOSED', 'TRADE_FINISHED'],
  app: ['TRADE_SUCCESS', 'TRADE_CLOSED', 'TRADE_FINISHED'],
};

const EVERY_STATUS: TradeStatus[] = [
  'WAIT_BUYER_PAY',
  'TRADE_SUCCESS',
  'TRADE_CLOSED',
  'TRADE_FINISHED',
];

/** Every state of every product: more than any merchant gets by default, less than it may get. */
const TELL_ALL_POLICY: NotifyPolicy = {
  page: EVERY_STATUS,
  precreate: EVERY_STATUS,
  wap: EVERY_STATUS,
  app: EVERY_STATUS,
};

/**
 * Reads a wish for a policy: `default`, `all`, or statuses by product on top of the default.
 * Undefined when it is none of these.
 */
export function readPolicy(wish: unknown): NotifyPolicy | undefined {
  if (wish === 'default') return DEFAULT_POLICY;
  if (wish === 'all') return TELL_ALL_POLICY;
  if (typeof wish !== 'object' || wish === null) return undefined;
  const policy: NotifyPolicy = { ...DEFAULT_POLICY };
  for (const [product, statuses] of Object.entries(wish)) {
    if (!isProduct(product) || !isStatusList(statuses)) return undefined;
    policy[product] = statuses;
  }
  return policy;
}

function isProduct(name: string): name is Product {
  return Object.hasOwn(DEFAULT_POLICY, name);
}

function isStatusList(value: unknown): value is TradeStatus[] {
  return Array.isArray(value) && value.every((entry) => EVERY_STATUS.includes(entry));
}
