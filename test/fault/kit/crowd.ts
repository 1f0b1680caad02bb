import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Choices, randomFrom } from '../../bench/random.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../../kit/build.js';
import { type Answer, Client, tokenFor } from '../../kit/client.js';
import type { TestDatabase } from '../../kit/database.js';
import { violations } from '../../kit/invariants.js';

const PLENTY = 1_000_000;
/** Buyers made at once. One in ten wants the same scarce product, which is there for every fifth of them. */
const SUPPLY = 500;
const SCARCE_OF_SUPPLY = 0.1;
const SCARCE_STOCK = 10;
const ANSWER_WITHIN_MS = 10_000;
/** So many things that are wrong are enough to know. */
const WRONG_MAX = 10;
/** What is read to find out what was sold to whom. */
const BOOKS = [
  'skus',
  'cart_lines',
  'orders',
  'order_lines',
  'order_events',
  'payments',
  'refunds',
];
const RETRY_MS = { min: 20, max: 120 };
/** How long the place of an order that waits in the queue is looked at before the wish is sent again. */
const FOLLOW_MS = 30_000;

export interface CrowdOptions {
  readonly seed: number;
  readonly clients?: number;
  /** Rest of a client between two buyers. */
  readonly pauseMs?: number;
  /**
   * `sloppy` clients send no idempotency key, and put the goods into the cart again before they try
   * again: the bug that must be seen.
   */
  readonly sloppy?: boolean;
  /**
   * Some processes have no queue, and answer 404 for what waits in the queue of others; then the
   * same key asks again.
   */
  readonly mixed?: boolean;
  /** Called when an order is about to be tried again. */
  readonly onRetry?: () => void;
  /** Called when a buyer has an order. */
  readonly onPromise?: (buyer: Buyer, orderId: string) => void;
}

interface Wish {
  readonly buyer: Buyer;
  readonly skuIds: readonly number[];
}

/**
 * Clients who order all the time, every order for a buyer of its own. What is not answered is tried
 * again, at any process that runs, with the same idempotency key, until it is: as good clients do.
 */
export class Crowd {
  /** The order that was promised to a buyer. */
  readonly promised = new Map<number, string>();
  /**
   * Buyers who were refused, and since when, by the clock of all: an order from before is wrong.
   * One from later is what an earlier try of theirs, left in a queue, has come to; never where there
   * was none.
   */
  readonly refused = new Map<number, number>();
  /** Answers that nobody may give, one sentence each. */
  readonly wrong: string[] = [];
  /** When an order was first asked for, by `performance.now()`, how long its answer took, and whose it was. */
  readonly answers: { readonly at: number; readonly ms: number; readonly url: string }[] = [];
  /** How long every single try took, in milliseconds. */
  readonly tries: number[] = [];
  /** Orders that were answered 202 first. */
  queued = 0;
  /** How often the queue said that an order could not be placed and is to be sent again. */
  failed = 0;
  /** When the last order was promised. */
  promisedAt = 0;
  retries = 0;
  private readonly random: Choices;
  private readonly events = new EventEmitter();
  private readonly wishes: Wish[] = [];
  private plentiful: number[] = [];
  private stopped = false;
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly db: TestDatabase,
    private readonly urls: () => readonly string[],
    private readonly options: CrowdOptions,
  ) {
    this.random = randomFrom(options.seed);
  }

  /** Makes the first buyers and lets the clients go. */
  async start(): Promise<void> {
    this.plentiful = await buildSkus(this.db, 4, { stock: PLENTY });
    await this.supply();
    const clients = Array.from({ length: this.options.clients ?? 16 }, () => this.client());
    this.work = Promise.all([this.keepSupplied(), ...clients]);
  }

  /** Sends nobody new and returns when everybody who is under way was answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
  }

  /** Waits until one more order is promised. */
  async nextPromise(): Promise<void> {
    await once(this.events, 'promised');
  }

  /** Places the order of one new buyer, with all tries it takes. */
  async one(): Promise<void> {
    if (this.wishes.length === 0) {
      this.plentiful = await buildSkus(this.db, 4, { stock: PLENTY });
      await this.supply();
    }
    await this.order(this.wishes.shift() as Wish);
  }

  private async client(): Promise<void> {
    while (!this.stopped) {
      const wish = this.wishes.shift();
      if (wish) {
        await this.order(wish);
      }
      await delay(this.options.pauseMs ?? 10);
    }
  }

  private async keepSupplied(): Promise<void> {
    while (!this.stopped) {
      if (this.wishes.length < SUPPLY) {
        // The database may be away; those buyers are never sent.
        await this.supply().catch(() => {});
      }
      await delay(50);
    }
  }

  private async supply(): Promise<void> {
    const buyers = await buildBuyers(this.db, SUPPLY);
    const [scarce = 0] = await buildSkus(this.db, 1, { stock: SCARCE_STOCK });
    const wishes = buyers.map((buyer, i) => ({
      buyer,
      skuIds:
        i < SUPPLY * SCARCE_OF_SUPPLY
          ? [scarce]
          : this.random.distinct(this.plentiful, this.random.between(1, 3)),
    }));
    await fillCarts(
      this.db,
      wishes.map(({ buyer, skuIds }) => ({ userId: buyer.id, skuIds })),
    );
    this.wishes.push(...this.random.distinct(wishes, wishes.length));
  }

  private async order({ buyer, skuIds }: Wish): Promise<void> {
    const headers: Record<string, string> = this.options.sloppy
      ? {}
      : { 'Idempotency-Key': `order-${buyer.id}` };
    const wish = { address: buyer.addressId, pay_method: 2 };
    const at = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      const client = this.clientOf(buyer);
      if (attempt > 1 && this.options.sloppy) {
        for (const sku of skuIds) {
          await client.put('/cart/', { sku_id: sku, count: 1 }).catch(() => {});
        }
      }
      const since = performance.now();
      const refusedSince = attempt > 1 ? Date.now() : Infinity;
      const first = await client.post('/orders/', wish, headers).catch(() => undefined);
      this.tries.push(performance.now() - since);
      const answer = first?.status === 202 ? await this.follow(buyer, first) : first;
      if (answer && this.judge(buyer, answer, refusedSince)) {
        this.answers.push({ at, ms: performance.now() - at, url: client.url });
        return;
      }
      this.retries += 1;
      this.options.onRetry?.();
      await delay(this.random.between(RETRY_MS.min, RETRY_MS.max));
    }
  }

  /**
   * The order waits in the queue: its place is looked at until it is decided. Nothing is answered
   * when nobody there could say.
   */
  private async follow(buyer: Buyer, { headers }: Answer): Promise<Answer | undefined> {
    this.queued += 1;
    const since = performance.now();
    while (performance.now() - since < FOLLOW_MS) {
      const place = headers.get('location') ?? '';
      const answer = await this.clientOf(buyer)
        .get(place)
        .catch(() => undefined);
      if (answer?.status !== 202) {
        return this.options.mixed && answer?.status === 404 ? undefined : answer;
      }
      await delay(Number(answer.headers.get('retry-after')) * 1000);
    }
    return undefined;
  }

  /** Whether this was the last word to a buyer. */
  private judge(buyer: Buyer, { status, body }: Answer, refusedSince: number): boolean {
    const orderId = body['order_id'];
    if ((status === 201 || status === 200) && typeof orderId === 'string') {
      this.promised.set(buyer.id, orderId);
      this.promisedAt = performance.now();
      this.options.onPromise?.(buyer, orderId);
      this.events.emit('promised');
      return true;
    }
    if (status === 409 && body['code'] === 'STOCK_INSUFFICIENT') {
      this.refused.set(buyer.id, refusedSince);
      return true;
    }
    if (status === 409 && body['code'] === 'ORDER_FAILED') {
      this.failed += 1;
      return false;
    }
    if (status !== 503) {
      this.wrong.push(`buyer ${buyer.id}: ${status} ${String(body['code'])}`);
      return true;
    }
    return false;
  }

  /** At any process that runs. */
  private clientOf(buyer: Buyer): Client {
    const urls = this.urls();
    const url = urls[this.random.between(0, urls.length - 1)] ?? '';
    return new Client(url, tokenFor(buyer.id), ANSWER_WITHIN_MS);
  }
}

/** What the books say about what was promised. All of it but `promised` must be nothing. */
export interface Audit {
  readonly promised: number;
  /** Orders that were promised and are not there. */
  readonly lost: number;
  /** Orders beyond one of each buyer. */
  readonly doubled: number;
  /** Units sold that were not there. */
  readonly oversold: number;
  /**
   * Orders of buyers who were refused, made afterwards by an earlier try that had still lain in a
   * queue. Where some processes have no queue, nobody can rule that out.
   */
  readonly late: number;
  /** Whatever else does not hold, one sentence each. */
  readonly wrong: readonly string[];
}

/** Compares what the clients were told with the rows there are. */
export async function audit(db: TestDatabase, crowd: Crowd): Promise<Audit> {
  // The crowd may go on: what it is promised from here on may not be among the rows that are read.
  const promised = [...crowd.promised.values()];
  const refusedSoFar = [...crowd.refused];
  const damaged = await damages(db);
  if (damaged.length > 0) {
    // What is read of a damaged table means nothing, and may end in an error of the server.
    return { promised: promised.length, ...UNKNOWN, wrong: [...damaged, ...crowd.wrong] };
  }
  const orders = await db.sql<{ id: string; userId: number; at: Date }>(
    'SELECT CAST(id AS CHAR) AS id, user_id AS userId, created_at AS at FROM orders',
  );
  const there = new Set(orders.map(({ id }) => id));
  const buyers = new Map(orders.map(({ userId, at }) => [userId, at.getTime()]));
  const sold = await db.sql<{ n: number }>(
    `SELECT CAST(SUM(l.count) - MAX(s.initial_stock + s.restocked) AS SIGNED) AS n
     FROM order_lines l JOIN skus s ON s.id = l.sku_id JOIN orders o ON o.id = l.order_id
     WHERE o.status <> 6 GROUP BY s.id`,
  );
  const refused = refusedSoFar.filter(([id]) => buyers.has(id));
  const late = refused.filter(([id, since]) => (buyers.get(id) ?? 0) > since);
  return {
    promised: promised.length,
    lost: promised.filter((id) => !there.has(id)).length,
    doubled: orders.length - buyers.size,
    oversold: sold.reduce((sum, { n }) => sum + Math.max(0, n), 0),
    late: late.length,
    wrong: [
      ...crowd.wrong,
      ...(await violations(db)),
      ...refused
        .filter((one) => !late.includes(one))
        .map(([id]) => `buyer ${id} was refused and has an order`),
    ].slice(0, WRONG_MAX),
  };
}

/** Of books that cannot be read. */
const UNKNOWN = { lost: NaN, doubled: NaN, oversold: NaN, late: NaN };

/**
 * What the server finds damaged in its own tables, two rows under one primary key for example. No
 * statement can bring that about, so a fault of the shop is told from one of the server or the disk.
 */
async function damages(db: TestDatabase): Promise<string[]> {
  const found = await db.sql<{ Table: string; Msg_text: string }>(
    `CHECK TABLE ${BOOKS.join(', ')}`,
  );
  return found
    .filter(({ Msg_text: said }) => said !== 'OK')
    .map(({ Table: table, Msg_text: said }) => `${table} is damaged, the server says: ${said}`);
}

/** The slowest of a hundred, of times in milliseconds. */
export function p99(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

/** `1234 acknowledged: 0 lost, 0 doubled, 0 oversold` */
export function told({ promised, lost, doubled, oversold }: Audit): string {
  return `${promised} acknowledged: ${lost} lost, ${doubled} doubled, ${oversold} oversold`;
}

/** What an audit must be. */
export const CLEAN = { lost: 0, doubled: 0, oversold: 0, late: 0, wrong: [] };
