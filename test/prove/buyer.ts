import { setTimeout as delay } from 'node:timers/promises';
import type { Buyer } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';

/** How buyers behave: most press the button once, some twice, some repeat with a key. */
export const HABITS = ['once', 'double_click', 'key_at_once', 'key_again'] as const;
export type Habit = (typeof HABITS)[number];

const TRIES_MAX = 30;
const PENDING_WAIT_MS = 250;
const PENDING_TRIES_MAX = 240;

/** What the shop said to one request in the end. */
export interface Said {
  readonly status: number;
  /** The order that was promised, with 201 and 202. */
  readonly orderId?: string;
  /** The code of the refusal. */
  readonly code?: string;
}

export interface Purchase {
  readonly buyer: Buyer;
  readonly skuIds: readonly number[];
  readonly habit: Habit;
  readonly said: readonly Said[];
}

/** A buyer with a filled cart orders, by habit, at one or two of the shop's processes. */
export async function purchase(
  buyer: Buyer,
  skuIds: readonly number[],
  habit: Habit,
  urls: readonly [string, string],
): Promise<Purchase> {
  const key = habit === 'key_at_once' || habit === 'key_again' ? `order-${buyer.id}` : undefined;
  const first = () => order(buyer, urls[0], key);
  const second = () => order(buyer, urls[1], key);
  const said =
    habit === 'once'
      ? [await first()]
      : habit === 'key_again'
        ? [await first(), await second()]
        : await Promise.all([first(), second()]);
  return { buyer, skuIds, habit, said };
}

/** Orders as a good client does: 503 is tried again later, 202 is followed until it is decided. */
async function order(buyer: Buyer, url: string, key: string | undefined): Promise<Said> {
  const client = new Client(url, tokenFor(buyer.id));
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  const wish = { address: buyer.addressId, pay_method: 2 };
  let answer = await client.post('/orders/', wish, headers);
  for (let tries = 1; answer.status === 503 && tries < TRIES_MAX; tries += 1) {
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await delay(seconds * 1000 * (0.5 + Math.random()));
    answer = await client.post('/orders/', wish, headers);
  }
  return answer.status === 202 ? decided(client, answer) : saidBy(answer);
}

/** Looks where the 202 has pointed until the order is there or refused. */
async function decided(client: Client, promise: Answer): Promise<Said> {
  const path = promise.headers.get('location') ?? '';
  let answer = await client.get(path);
  for (let tries = 1; answer.status === 202 && tries < PENDING_TRIES_MAX; tries += 1) {
    await delay(PENDING_WAIT_MS);
    answer = await client.get(path);
  }
  return saidBy(answer);
}

function saidBy({ status, body }: Answer): Said {
  const orderId = body['order_id'];
  const code = body['code'];
  return {
    status,
    ...(typeof orderId === 'string' ? { orderId } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}
