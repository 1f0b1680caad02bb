import { EventEmitter, once } from 'node:events';
import { type Choices, randomFrom } from '../bench/random.js';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import type { ShopWithSandbox } from '../kit/sandbox.js';

const PRICE_FEN = 1999;

interface Person {
  readonly client: Client;
  readonly addressId: number;
  readonly random: Choices;
}

/**
 * People who buy, pay, cancel, send back, receive and comment, and an administrator who ships,
 * restocks and gives money back: all over HTTP, against the shop and its sandbox, until told to
 * stop. Whoever is refused goes on; whoever is answered 5xx stops everything.
 */
export class Traffic {
  /** What was done so far, by its name. */
  readonly done = new Map<string, number>();
  private readonly events = new EventEmitter();
  private people: Person[] = [];
  private skus: number[] = [];
  private admin: Client;
  private stopped = false;
  private ends: Promise<void>[] = [];

  constructor(private readonly shop: ShopWithSandbox) {}

  async start(people: number, seed: number): Promise<void> {
    const { db, url } = this.shop;
    const [clerk, ...buyers] = (await buildBuyers(db, people + 1)) as [Buyer, ...Buyer[]];
    await db.sql("UPDATE users SET role = 'admin' WHERE id = ?", [clerk.id]);
    this.admin = new Client(url, tokenFor(clerk.id, 'admin'));
    this.skus = await buildSkus(db, 4, { stock: 40, priceFen: PRICE_FEN });
    this.people = buyers.map(({ id, addressId }) => ({
      client: new Client(url, tokenFor(id)),
      addressId,
      random: randomFrom(seed + id),
    }));
    this.ends = this.people.map((person) => this.live(person));
  }

  /** How often something was done. */
  count(what: string): number {
    return this.done.get(what) ?? 0;
  }

  /** Waits until something is done once more. */
  async oneMore(what: string): Promise<void> {
    await once(this.events, what);
  }

  /** Stops; throws what anybody was told that nobody may be told. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.ends);
  }

  private async live(person: Person): Promise<void> {
    while (!this.stopped) {
      const orderId = await this.order(person);
      if (orderId === undefined) {
        await this.restock(person);
      } else {
        await this.goOn(person, orderId);
      }
    }
  }

  private async order({ client, addressId, random }: Person): Promise<string | undefined> {
    for (const sku of random.distinct(this.skus, random.between(1, 3))) {
      await this.tell('cart', client.post('/cart/', { sku_id: sku, count: random.between(1, 3) }));
    }
    const wish = { address: addressId, pay_method: random.between(1, 5) === 1 ? 1 : 2 };
    const { status, body } = await this.tell('order', client.post('/orders/', wish));
    if (status === 201) {
      return body['order_id'] as string;
    }
    await client.put('/cart/selection/', { selected: true });
    return undefined;
  }

  private async goOn({ client, random }: Person, id: string): Promise<void> {
    const choice = random.between(1, 6);
    if (choice === 1) {
      await this.tell('cancel', client.post(`/orders/${id}/cancel/`));
      return;
    }
    const { body } = await client.get(`/orders/${id}/payment/`);
    const page = body['alipay_url'] as string | undefined;
    if (page !== undefined) {
      await this.shop.sandbox.post('/sandbox/trades/pay', { page_url: page });
      const flush = this.shop.sandbox.post('/sandbox/notifies/flush', { out_trade_no: id });
      await this.tell('pay', flush);
    }
    if (choice === 2) {
      await this.tell('refund', client.post(`/orders/${id}/refunds/`, {}));
    } else if (choice === 3) {
      await this.giveBack(id, random);
    } else if (choice > 4) {
      await this.deliver(client, id);
    }
  }

  private async giveBack(id: string, random: Choices): Promise<void> {
    const [sku_id] = random.distinct(this.skus, 1);
    const returns = random.between(0, 1) === 0 ? [] : [{ sku_id, count: 1 }];
    const part = { amount: '1.00', reason: '外包装破损', returns };
    await this.tell('part', this.admin.post(`/admin/orders/${id}/refunds/`, part));
  }

  private async deliver(client: Client, id: string): Promise<void> {
    const parcel = { carrier: '顺丰速运', tracking_number: id };
    await this.tell('ship', this.admin.post(`/admin/orders/${id}/shipment/`, parcel));
    await this.tell('receive', client.post(`/orders/${id}/receipt/`));
    for (const sku of this.skus) {
      const comment = { order: id, sku, comment: '很好', score: 5 };
      await this.tell('comment', client.post(`/orders/${id}/comments/`, comment));
    }
  }

  private async restock({ random }: Person): Promise<void> {
    const [sku] = random.distinct(this.skus, 1);
    const delta = { delta: random.between(1, 9), reason: '到货' };
    await this.tell('restock', this.admin.post(`/admin/skus/${sku}/restock/`, delta));
  }

  private async tell(what: string, answer: Promise<Answer>): Promise<Answer> {
    const said = await answer;
    if (said.status >= 500 && said.status !== 503) {
      throw new Error(`${what} was answered ${said.status}: ${JSON.stringify(said.body)}`);
    }
    if (said.status < 300) {
      this.done.set(what, this.count(what) + 1);
      this.events.emit(what);
    }
    return said;
  }
}
