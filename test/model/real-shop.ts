import { check, type Marks, sentence } from '../../src/ops/checker/check.js';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import type { ShopWithSandbox } from '../kit/sandbox.js';
import { type Held, PRICE_FEN, type Said, SKUS, type Step, STOCK, USERS } from './model-shop.js';

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** The shop itself, over HTTP, with buyers and products of its own for one run. */
export class RealShop {
  private readonly orderIds: string[] = [];

  private constructor(
    private readonly shop: ShopWithSandbox,
    private readonly admin: Client,
    private readonly buyers: readonly (Buyer & { readonly client: Client })[],
    private readonly skuIds: readonly number[],
    private readonly marks: Marks,
  ) {}

  static async open(shop: ShopWithSandbox): Promise<RealShop> {
    await shop.sandbox.post('/sandbox/reset', {});
    await shop.sandbox.post('/sandbox/notifies/hold', { hold: true });
    const [marks] = await shop.db.sql<Marks>(
      `SELECT UTC_TIMESTAMP(3) - INTERVAL 1 SECOND AS since,
              (SELECT COALESCE(MAX(id), 0) FROM order_events) AS eventId`,
    );
    const [clerk, ...buyers] = (await buildBuyers(shop.db, USERS + 1)) as [Buyer, ...Buyer[]];
    await shop.db.sql("UPDATE users SET role = 'admin' WHERE id = ?", [clerk.id]);
    return new RealShop(
      shop,
      new Client(shop.url, tokenFor(clerk.id, 'admin')),
      buyers.map((buyer) => ({ ...buyer, client: new Client(shop.url, tokenFor(buyer.id)) })),
      await buildSkus(shop.db, SKUS, { stock: STOCK, priceFen: PRICE_FEN }),
      marks as Marks,
    );
  }

  /** Rules of the checker that this run has broken. */
  async wrong(): Promise<string[]> {
    return (await check(this.shop.db.dataSource, { marks: this.marks })).map(sentence);
  }

  /** `amountFen`: the amount an order names, when it does. */
  async apply(step: Step, amountFen: number | undefined): Promise<Said> {
    switch (step.kind) {
      case 'look':
        return this.look(step.user);
      case 'buy':
        return this.buy(step, amountFen);
      case 'pay':
        return this.pay(step.user, step.order);
      default:
        return said(await this.send(step));
    }
  }

  private send(step: Exclude<Step, { kind: 'look' | 'buy' | 'pay' }>): Promise<Answer> {
    switch (step.kind) {
      case 'add':
      case 'set': {
        const line = { sku_id: this.sku(step.sku), count: step.count, selected: step.selected };
        const { client } = this.buyer(step.user);
        return step.kind === 'add' ? client.post('/cart/', line) : client.put('/cart/', line);
      }
      case 'remove':
        return this.buyer(step.user).client.delete('/cart/', { sku_id: this.sku(step.sku) });
      case 'tick':
        return this.buyer(step.user).client.put('/cart/selection/', { selected: step.selected });
      case 'open':
        return this.open(step.user, step.order);
      case 'cancel':
        return this.buyer(step.user).client.post(`/orders/${this.order(step.order)}/cancel/`);
      case 'refund':
        return this.buyer(step.user).client.post(`/orders/${this.order(step.order)}/refunds/`, {});
      case 'restock': {
        const wish = { delta: step.delta, reason: '盘点' };
        return this.admin.post(`/admin/skus/${this.sku(step.sku)}/restock/`, wish);
      }
      case 'price':
        return this.admin.put(`/admin/skus/${this.sku(step.sku)}/`, { price: yuan(step.priceFen) });
      case 'launch':
        return this.admin.put(`/admin/skus/${this.sku(step.sku)}/`, { is_launched: step.on });
    }
  }

  private async look(user: number): Promise<Said> {
    const { status, body } =
      await this.buyer(user).client.get<{ id: number; count: number; selected: boolean }[]>(
        '/cart/',
      );
    const lines = body.map(
      ({ id, count, selected }) => [this.skuIds.indexOf(id), count, selected] as const,
    );
    return { status, lines };
  }

  private async buy(
    { user, payMethod, key }: Extract<Step, { kind: 'buy' }>,
    amountFen: number | undefined,
  ): Promise<Said> {
    const { client, addressId } = this.buyer(user);
    const wish = {
      address: addressId,
      pay_method: payMethod,
      ...(amountFen === undefined ? {} : { expected_amount: yuan(amountFen) }),
    };
    const headers: Record<string, string> = key === null ? {} : { 'Idempotency-Key': key };
    const answer = await client.post('/orders/', wish, headers);
    if (answer.status !== 201) {
      return said(answer);
    }
    const id = answer.body['order_id'] as string;
    const known = this.orderIds.indexOf(id);
    return { ...said(answer), order: known < 0 ? this.orderIds.push(id) - 1 : known };
  }

  private open(user: number, order: number): Promise<Answer> {
    return this.buyer(user).client.get(`/orders/${this.order(order)}/payment/`);
  }

  private async pay(user: number, order: number): Promise<Said> {
    const answer = await this.open(user, order);
    if (answer.status === 200) {
      await this.shop.pay(answer.body['alipay_url'] as string);
      await this.shop.flush();
    }
    return said(answer);
  }

  async held(): Promise<Held> {
    const { db } = this.shop;
    const userIds = this.buyers.map(({ id }) => id);
    const [skus, lines, orders] = await Promise.all([
      db.sql<{ stock: number; sales: number; priceFen: number; on: number }>(
        `SELECT stock, sales, price_fen AS priceFen, is_launched AS \`on\` FROM skus
         WHERE id IN (?) ORDER BY id`,
        [this.skuIds],
      ),
      db.sql<{ userId: number; skuId: number; count: number; on: number }>(
        `SELECT user_id AS userId, sku_id AS skuId, count, selected AS \`on\` FROM cart_lines
         WHERE user_id IN (?) ORDER BY sku_id`,
        [userIds],
      ),
      db.sql<OrderRow>(
        `SELECT CAST(o.id AS CHAR) AS id, o.user_id AS userId, o.status, o.total_fen AS totalFen,
                COALESCE(p.refunded_fen, 0) AS backFen
         FROM orders o LEFT JOIN payments p ON p.order_id = o.id WHERE o.user_id IN (?)`,
        [userIds],
      ),
    ]);
    return {
      skus: skus.map(({ on, ...sku }) => ({ ...sku, launched: on === 1 })),
      carts: userIds.map((id) =>
        lines
          .filter(({ userId }) => userId === id)
          .map(({ skuId, count, on }) => [this.skuIds.indexOf(skuId), count, on === 1] as const),
      ),
      orders: orders
        .sort((a, b) => this.orderIds.indexOf(a.id) - this.orderIds.indexOf(b.id))
        .map(({ userId, status, totalFen, backFen }) => ({
          user: userIds.indexOf(userId),
          status,
          totalFen,
          backFen,
        })),
    };
  }

  private buyer(user: number) {
    return this.buyers[user] as (typeof this.buyers)[number];
  }

  private sku(sku: number): number {
    return this.skuIds[sku] as number;
  }

  private order(order: number): string {
    return this.orderIds[order] as string;
  }
}

interface OrderRow {
  readonly id: string;
  readonly userId: number;
  readonly status: number;
  readonly totalFen: number;
  readonly backFen: number;
}

function said({ status, headers, body }: Answer): Said {
  return {
    status,
    ...(status < 400 ? {} : { code: body['code'] as string }),
    ...(headers.get('Idempotent-Replayed') === 'true' ? { replayed: true } : {}),
  };
}
