import { setTimeout as delay } from 'node:timers/promises';
import type { Choices } from '../../bench/random.js';
import type { Buyer } from '../../kit/build.js';
import { type Answer, Client, tokenFor } from '../../kit/client.js';

const PAUSE_MS = 100;
/** As the shop's page asks whether the money has come; whoever asks may find out what a notify did not tell. */
const PAGE_PAUSE_MS = 2000;
const ANSWER_WITHIN_MS = 10_000;
/** Nobody waits for ever: what is not done after so long is left as it is. */
const GIVES_UP_MS = 180_000;

/** What became of the orders of the shoppers. */
export interface Deeds {
  paid: number;
  canceled: number;
  refunded: number;
  /** Answers that nobody may give, one sentence each. */
  readonly wrong: string[];
}

interface Until {
  readonly done?: (answer: Answer) => boolean;
  readonly pauseMs?: number;
}

const anything = (): boolean => true;

/** What a buyer does with an order: leaves it, cancels it, pays for it, and wants the money back. */
export class Shopper {
  readonly deeds: Deeds = { paid: 0, canceled: 0, refunded: 0, wrong: [] };
  private stopped = false;

  constructor(
    private readonly urls: () => readonly string[],
    private readonly sandbox: Client,
    private readonly random: Choices,
  ) {}

  /** Nobody asks again any more. */
  stop(): void {
    this.stopped = true;
  }

  async goOn(buyer: Buyer, orderId: string): Promise<void> {
    const fate = this.random.between(1, 10);
    if (fate <= 4) {
      return;
    }
    if (fate <= 6) {
      await this.cancel(buyer, orderId);
      return;
    }
    if ((await this.pay(buyer, orderId)) && fate === 10) {
      await this.refund(buyer, orderId);
    }
  }

  private async cancel(buyer: Buyer, orderId: string): Promise<void> {
    const answer = await this.insist(buyer, (client) => client.post(`/orders/${orderId}/cancel/`));
    this.deeds.canceled += answer ? 1 : 0;
  }

  private async pay(buyer: Buyer, orderId: string): Promise<boolean> {
    const page = await this.insist(buyer, (client) => client.get(`/orders/${orderId}/payment/`));
    const url = page?.body['alipay_url'];
    const { status } = await this.sandbox.post('/sandbox/trades/pay', { page_url: url });
    this.deeds.paid += status < 300 ? 1 : 0;
    return status < 300;
  }

  private async refund(buyer: Buyer, orderId: string): Promise<void> {
    const paid = await this.insist(
      buyer,
      (client) => client.get(`/orders/${orderId}/payment/status/`),
      { done: ({ body }) => body['paid'] === true, pauseMs: PAGE_PAUSE_MS },
    );
    const headers = { 'Idempotency-Key': `back-${orderId}` };
    const asked =
      paid &&
      (await this.insist(buyer, (client) =>
        client.post(`/orders/${orderId}/refunds/`, {}, headers),
      ));
    this.deeds.refunded += asked ? 1 : 0;
  }

  /** Asks again, at whatever process runs, until the answer is the last word. */
  private async insist(
    buyer: Buyer,
    send: (client: Client) => Promise<Answer>,
    { done = anything, pauseMs = PAUSE_MS }: Until = {},
  ): Promise<Answer | undefined> {
    const since = performance.now();
    while (!this.stopped && performance.now() - since < GIVES_UP_MS) {
      const urls = this.urls();
      const url = urls[this.random.between(0, urls.length - 1)] ?? '';
      const client = new Client(url, tokenFor(buyer.id), ANSWER_WITHIN_MS);
      const answer = await send(client).catch(() => undefined);
      if (answer && answer.status !== 503 && answer.status >= 300) {
        this.deeds.wrong.push(`buyer ${buyer.id}: ${answer.status} ${String(answer.body['code'])}`);
        return undefined;
      }
      if (answer && answer.status < 300 && done(answer)) {
        return answer;
      }
      await delay(pauseMs);
    }
    this.deeds.wrong.push(`buyer ${buyer.id} was never answered`);
    return undefined;
  }
}
