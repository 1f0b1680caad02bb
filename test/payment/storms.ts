import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../bench/random.js';
import { Front } from '../fault/kit/front.js';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { insist } from '../kit/insist.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import type { Bench, Copy } from './kit.js';

/** What may happen to one order at the same time. */
export const EVENTS = ['notify', 'duplicate', 'cancel', 'sweep', 'query', 'return'] as const;
export type Event = (typeof EVENTS)[number];

const STOCK = 5;
/** Orders that are made together, then live through their storms, and are judged together. */
const BATCH = 50;
/** Storms at the same time. */
const LANES = 16;
/** Within so many milliseconds all events of an order begin, by what its seed draws. */
const SPREADS_MS = [0, 15, 60, 200] as const;
/** The buyer pays so much later, so that canceling and closing are over at times. */
const HESITATIONS_MS = [0, 0, 30, 100] as const;
const AFTER_PAYING: readonly Event[] = ['notify', 'duplicate', 'return'];
/** The jobs run again until nothing is open, so often at most. */
const TURNS = 20;

/** All that chance decides about an order. */
interface Plan {
  readonly pageAt: number;
  /** The buyer has logged in on the page before: there is a trade that can be closed. */
  readonly loggedIn: boolean;
  readonly events: readonly {
    readonly event: Event;
    readonly afterMs: number;
    readonly at: number;
  }[];
}

function planOf(seed: number): Plan {
  const random = randomFrom(seed);
  const [spreadMs = 0] = random.distinct(SPREADS_MS, 1);
  const [hesitationMs = 0] = random.distinct(HESITATIONS_MS, 1);
  return {
    pageAt: random.between(0, 1),
    loggedIn: random.between(0, 1) === 1,
    events: EVENTS.map((event) => ({
      event,
      afterMs: random.between(0, spreadMs) + (AFTER_PAYING.includes(event) ? hesitationMs : 0),
      at: random.between(0, 1),
    })),
  };
}

interface Subject {
  readonly seed: number;
  readonly id: string;
  readonly buyer: number;
  /** The signed page on which it is paid. */
  readonly page: string;
  /** What a shop answered that it must not, one sentence each. */
  readonly wrong: string[];
}

export type Ending = 'paid' | 'closed and refunded' | 'closed unpaid';

/** What became of the orders of some seeds. */
export interface Judged {
  readonly endings: ReadonlyMap<Ending, number>;
  /** What does not hold, with the seed; empty is good. */
  readonly wrong: readonly string[];
}

/** The books about one order: ours and, in `taken` and `back`, the gateway's. */
interface Books {
  readonly id: string;
  readonly status: number;
  readonly totalFen: number;
  readonly payment: number;
  readonly amountFen: number;
  readonly refundedFen: number;
  readonly refunds: number;
  readonly stock: number;
}

/**
 * Orders to which everything happens at once, over two processes of the shop, with the sweeper in a
 * third. Who begins when, and at which process, is drawn from the seed of the order.
 */
export class Storms {
  private sweeping: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly bench: Bench,
    private readonly shops: readonly ShopProcess[],
    private readonly front: Front,
  ) {}

  static async start(bench: Bench): Promise<Storms> {
    const { db, settings } = bench.shop;
    const front = await Front.open();
    const more = { ...settings, ALIPAY_NOTIFY_URL: `${front.url}/payment/alipay/notify/` };
    const shops = await Promise.all([spawnShop(db.url, more), spawnShop(db.url, more)]);
    front.urls = () => shops.map(({ url }) => url);
    return new Storms(bench, shops, front);
  }

  async stop(): Promise<void> {
    await Promise.all(this.shops.map((shop) => shop.stop()));
    await this.front.close();
  }

  /** Lives through the seeds from `first` on, and judges all of them. */
  async run(first: number, count: number): Promise<Judged> {
    const endings = new Map<Ending, number>();
    const wrong: string[] = [];
    for (let done = 0; done < count; done += BATCH) {
      const size = Math.min(BATCH, count - done);
      const seeds = Array.from({ length: size }, (_, i) => first + done + i);
      const subjects = await this.batch(seeds);
      for (const [seed, ending] of await this.judge(subjects)) {
        if (ending.kind === 'wrong') {
          wrong.push(`seed ${seed}: ${ending.why}`);
        } else {
          endings.set(ending.kind, (endings.get(ending.kind) ?? 0) + 1);
        }
      }
      wrong.push(
        ...subjects.flatMap((one) => one.wrong.map((what) => `seed ${one.seed}: ${what}`)),
      );
    }
    return { endings, wrong };
  }

  /** Makes an order for each seed and lets the storms go over them, a few at the same time. */
  private async batch(seeds: readonly number[]): Promise<Subject[]> {
    const { db } = this.bench.shop;
    const buyers = await buildBuyers(db, seeds.length);
    const skus = await buildSkus(db, seeds.length, { stock: STOCK });
    await fillCarts(
      db,
      buyers.map(({ id }, i) => ({ userId: id, skuIds: skus.slice(i, i + 1) })),
    );
    const waiting = [...seeds.entries()];
    const subjects: Subject[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [i, seed] = next;
        const { id = 0, addressId = 0 } = buyers[i] ?? {};
        const { pageAt, loggedIn, events } = planOf(seed);
        const client = this.client(pageAt, id);
        const wish = { address: addressId, pay_method: 2 };
        const placed = await insist(() => client.post('/orders/', wish));
        const orderId = placed.body['order_id'] as string;
        const { body } = await insist(() => client.get(`/orders/${orderId}/payment/`));
        const page = body['alipay_url'] as string;
        if (loggedIn) {
          await this.bench.control('trades/login', { page_url: page });
        }
        const subject = { seed, id: orderId, buyer: id, page, wrong: [] };
        subjects.push(subject);
        await this.happen(subject, events);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return subjects;
  }

  /** Everything at once. The buyer pays when the first event begins that speaks of a payment. */
  private async happen(subject: Subject, events: Plan['events']): Promise<void> {
    let paying: Promise<string | undefined> | undefined;
    const paid = () => (paying ??= this.pay(subject));
    await Promise.all(
      events.map(async ({ event, afterMs, at }) => {
        await sleep(afterMs);
        await this.step(subject, event, at, paid);
      }),
    );
  }

  /** Where the browser is sent; undefined when the trade was closed before it was paid. */
  private async pay({ page }: Subject): Promise<string | undefined> {
    const { status, body } = await this.bench.shop.sandbox.post('/sandbox/trades/pay', {
      page_url: page,
    });
    return status === 200 ? (body['return_url'] as string) : undefined;
  }

  private async step(
    subject: Subject,
    event: Event,
    at: number,
    paid: () => Promise<string | undefined>,
  ): Promise<void> {
    const { id, buyer } = subject;
    const client = this.client(at, buyer);
    switch (event) {
      case 'notify':
        await paid();
        await this.deliver(subject);
        break;
      case 'duplicate':
        if ((await paid()) !== undefined) {
          const copies = await this.bench.resend(id, { times: 2 });
          insistOnSuccess(subject, copies);
        }
        break;
      case 'cancel':
        this.look(subject, event, await client.post(`/orders/${id}/cancel/`));
        break;
      case 'query':
        this.look(subject, event, await client.get(`/orders/${id}/payment/status/`));
        break;
      case 'sweep':
        // Only our clock runs out: the gateway still takes money, which is the hard case.
        await this.bench.expire(subject, '0s');
        await this.sweep();
        break;
      case 'return': {
        const url = await paid();
        if (url !== undefined) {
          const path = `/payment/status/${new URL(url).search}`;
          this.look(subject, event, await client.put(path, {}));
        }
      }
    }
  }

  /** Delivers what the gateway has to tell of an order; every genuine notify is answered `success`. */
  private async deliver(subject: Subject): Promise<void> {
    const { notifies } = await this.bench.control<{ notifies: { deliveries: Copy[] }[] }>(
      'notifies/flush',
      { out_trade_no: subject.id },
    );
    insistOnSuccess(
      subject,
      notifies.flatMap(({ deliveries }) => deliveries.slice(-1)),
    );
  }

  /** Refusals are honest answers here; a fault of the shop is none. */
  private look(subject: Subject, event: Event, { status }: { readonly status: number }): void {
    if (status >= 500) {
      subject.wrong.push(`${event} was answered ${status}`);
    }
  }

  /** One turn at a time, as a process has it; whoever asks meanwhile gets one after it. */
  private sweep(): Promise<unknown> {
    this.sweeping = this.sweeping.then(() => this.bench.sweep());
    return this.sweeping;
  }

  private async judge(subjects: readonly Subject[]): Promise<Map<number, Verdict>> {
    await Promise.all(subjects.map((subject) => this.deliver(subject)));
    const ids = subjects.map(({ id }) => id);
    for (let turn = 0; turn < TURNS && (turn === 0 || (await this.open(ids)) > 0); turn += 1) {
      await this.bench.dueAll(ids);
      await this.bench.sweep();
      await this.bench.dueAll(ids);
      await this.bench.runRefunds();
    }
    const books = await this.books(ids);
    const verdicts = subjects.map(async ({ seed, id }) => {
      const trade = await this.bench.shop.sandbox.get(`/sandbox/trades/${id}`);
      const theirs = trade.status === 200 ? trade.body : undefined;
      return [seed, verdictOf(books.get(id), theirs)] as const;
    });
    return new Map(await Promise.all(verdicts));
  }

  /** Orders still unpaid and refunds still asked for, of these. */
  private async open(ids: readonly string[]): Promise<number> {
    const [row] = await this.bench.shop.db.sql<{ n: number }>(
      `SELECT (SELECT COUNT(*) FROM orders WHERE status = 1 AND id IN (?)) +
              (SELECT COUNT(*) FROM refunds r JOIN payments p ON p.id = r.payment_id
               WHERE r.status = 1 AND p.order_id IN (?)) AS n`,
      [ids, ids],
    );
    return Number(row?.n);
  }

  private async books(ids: readonly string[]): Promise<Map<string, Books>> {
    const rows = await this.bench.shop.db.sql<Books>(
      `SELECT CAST(o.id AS CHAR) AS id, o.status, o.total_fen AS totalFen, p.status AS payment,
              p.amount_fen AS amountFen, p.refunded_fen AS refundedFen, s.stock,
              (SELECT COUNT(*) FROM refunds r WHERE r.payment_id = p.id) AS refunds
       FROM orders o JOIN payments p ON p.order_id = o.id
       JOIN order_lines l ON l.order_id = o.id JOIN skus s ON s.id = l.sku_id
       WHERE o.id IN (?)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private client(at: number, buyer: number): Client {
    return new Client(this.shops[at]?.url ?? '', tokenFor(buyer));
  }
}

type Verdict = { readonly kind: Ending } | { readonly kind: 'wrong'; readonly why: string };

/** One payment of the right amount, or a closed order with all its money back, on both sides. */
function verdictOf(ours: Books | undefined, theirs: Record<string, unknown> | undefined): Verdict {
  const wrong = (why: string): Verdict => ({
    kind: 'wrong',
    why: `${why}: ${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`,
  });
  if (!ours) {
    return wrong('no order with a payment');
  }
  const { status, totalFen, payment, amountFen, refundedFen, refunds, stock } = ours;
  const taken = theirs?.['paid_at'] ? fenOf(theirs['total_amount']) : 0;
  const back = fenOf(theirs?.['refunded_amount'] ?? '0.00');
  const backs = (theirs?.['refunds'] as object[] | undefined)?.length ?? 0;
  if (status === 2) {
    const right = payment === 2 && amountFen === totalFen && taken === totalFen;
    const kept = refundedFen + refunds + back + backs === 0 && stock === STOCK - 1;
    return right && kept ? { kind: 'paid' } : wrong('paid, and the books differ');
  }
  if (status !== 6 || stock !== STOCK) {
    return wrong('neither paid nor closed with the goods back');
  }
  if (taken === 0) {
    return payment === 3 && refunds === 0 ? { kind: 'closed unpaid' } : wrong('closed unpaid');
  }
  const booked = payment === 2 && amountFen === totalFen && taken === totalFen;
  const given = refundedFen === totalFen && refunds === 1 && back === totalFen && backs === 1;
  return booked && given ? { kind: 'closed and refunded' } : wrong('closed and not refunded once');
}

function fenOf(yuan: unknown): number {
  return Math.round(Number(yuan) * 100);
}

function insistOnSuccess({ wrong }: Subject, copies: readonly Copy[]): void {
  for (const { status, answer } of copies) {
    if (status !== 200 || answer !== 'success') {
      wrong.push(`a genuine notify was answered ${status} ${answer}`);
    }
  }
}
