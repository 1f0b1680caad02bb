import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Sweeper } from '../../src/payment/closing/sweeper.js';
import { RefundRunner } from '../../src/payment/refunds/refund-runner.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { tellChecked } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import type { Way } from '../kit/shop.js';
import { blocked } from '../kit/transactions.js';

const PRICE_FEN = 649_900;
const STOCK = 5;

/** An order of one product with everything a test does to it. */
export interface Order {
  readonly id: string;
  readonly buyer: Buyer;
  readonly client: Client;
  readonly sku: number;
  /** All its products, `sku` the first of them. */
  readonly skus: readonly number[];
  /** The signed page on which it is paid. */
  payUrl(scene?: string): Promise<string>;
  status(): Promise<number>;
  stock(): Promise<number>;
  detail(): Promise<Record<string, unknown>>;
  verdicts(): Promise<string[]>;
}

/** One copy of a notify, as the shop answered it. */
export interface Copy {
  readonly status: number;
  readonly answer: string;
}

/** The shop beside the sandbox; every test begins with a clean sandbox and ends in order. */
export class Bench {
  shop: ShopWithSandbox;
  /** Tests after which the books were found in order. */
  private checked = 0;

  /** `balanced`: false where the books are spoiled on purpose. */
  constructor(overrides: Record<string, string> = {}, way?: Way, balanced = true) {
    beforeAll(async () => {
      this.shop = await startShopWithSandbox(overrides, way);
    });
    beforeEach(async () => {
      await this.control('reset');
      await this.control('notifies/hold', { hold: true });
      await this.parkEarlierWork();
    });
    afterEach(async () => {
      if (balanced) {
        expect(await violations(this.shop.db)).toEqual([]);
        expect(await this.doubts()).toEqual([]);
        this.checked += 1;
      }
    });
    afterAll(async () => {
      tellChecked(this.checked);
      await this.shop.close().catch((error: Error) => {
        if (balanced || !error.message.includes('breaks its rules')) {
          throw error;
        }
      });
    });
  }

  /** Presses a switch of the sandbox's control API. */
  async control<T = Record<string, unknown>>(path: string, body: object = {}): Promise<T> {
    const answer = await this.shop.sandbox.post<T>(`/sandbox/${path}`, body);
    if (answer.status >= 400) {
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Reads something of the sandbox. */
  async look<T>(path: string): Promise<T> {
    return (await this.shop.sandbox.get<T>(`/sandbox/${path}`)).body;
  }

  async unpaid({ payMethod = 2, count = 1, kinds = 1 } = {}): Promise<Order> {
    const { db, url } = this.shop;
    const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
    const skus = await buildSkus(db, kinds, { stock: STOCK, priceFen: PRICE_FEN });
    const [sku = 0] = skus;
    await fillCarts(db, [{ userId: buyer.id, skuIds: skus }], count);
    const client = new Client(url, tokenFor(buyer.id));
    const wish = { address: buyer.addressId, pay_method: payMethod };
    const id = (await client.post('/orders/', wish)).body['order_id'] as string;
    const detail = async () => (await client.get(`/orders/${id}/`)).body;
    return {
      id,
      buyer,
      client,
      sku,
      skus,
      detail,
      payUrl: async (scene = 'page') => {
        const { body } = await client.get(`/orders/${id}/payment/?scene=${scene}`);
        return body['alipay_url'] as string;
      },
      status: async () => (await detail())['status'] as number,
      stock: async () =>
        (await db.sql<{ stock: number }>('SELECT stock FROM skus WHERE id = ?', [sku]))[0]?.stock ??
        -1,
      verdicts: async () =>
        (
          await db.sql<{ verdict: string }>(
            'SELECT verdict FROM alipay_notices WHERE out_trade_no = ? ORDER BY id',
            [id],
          )
        ).map(({ verdict }) => verdict),
    };
  }

  /** A paid order, and where the browser came back to. */
  async paid(options?: {
    count?: number;
    kinds?: number;
  }): Promise<Order & { tradeNo: string; returnUrl: string }> {
    const order = await this.unpaid(options);
    const { trade_no, return_url } = await this.shop.pay(await order.payUrl());
    await this.shop.flush();
    expect(await order.status()).toBe(2);
    return { ...order, tradeNo: trade_no, returnUrl: return_url };
  }

  /** An order that is paid at the gateway, and nobody has told the shop. */
  async paidAtGateway(): Promise<Order> {
    const order = await this.unpaid();
    await this.shop.pay(await order.payUrl());
    return order;
  }

  /** An administrator's client. */
  async admin(): Promise<Client> {
    const [{ id }] = (await buildBuyers(this.shop.db, 1)) as [Buyer];
    await this.shop.db.sql(`UPDATE users SET role = 'admin' WHERE id = ?`, [id]);
    return new Client(this.shop.url, tokenFor(id, 'admin'));
  }

  /** Takes the browser's way back, as the shop's page does. */
  confirm(returnUrl: string) {
    return new Client(this.shop.url).put(`/payment/status/${new URL(returnUrl).search}`, {});
  }

  async resend(outTradeNo: string, more: Record<string, unknown> = {}): Promise<Copy[]> {
    const { copies } = await this.control<{ copies: Copy[] }>('notifies/resend', {
      out_trade_no: outTradeNo,
      ...more,
    });
    return copies;
  }

  /** Spoils the next answers of the gateway to one method. */
  async fault(method: string, kind: string, times = 1): Promise<void> {
    await this.control('faults', { method: `alipay.${method}`, kind, times });
  }

  /** How often the gateway was asked for a method about an order. */
  async calls(method: string, outTradeNo: string): Promise<number> {
    const { requests } = await this.look<{ requests: Record<string, string>[] }>('requests');
    return requests.filter(
      (one) => one['method'] === `alipay.${method}` && one['out_trade_no'] === outTradeNo,
    ).length;
  }

  /** Doubtful things the sandbox saw us do. A notify refused on purpose is none. */
  async doubts(): Promise<string[]> {
    const { warnings } = await this.look<{ warnings: { code: string; detail: string }[] }>(
      'warnings',
    );
    return warnings
      .filter(({ code }) => code !== 'notify_answer_not_success')
      .map(({ code, detail }) => `${code}: ${detail}`);
  }

  /** Lets the order expire, by the database's clock, and the gateway's time pass with it. */
  async expire(order: Pick<Order, 'id'>, gatewayTime = '40m'): Promise<void> {
    const { db } = this.shop;
    const past = (column: string) => `${column} = UTC_TIMESTAMP(3) - INTERVAL 10 MINUTE`;
    await db.sql(`UPDATE orders SET ${past('expires_at')} WHERE id = ?`, [order.id]);
    await db.sql(
      `UPDATE payments SET ${past('expires_at')}, ${past('next_check_at')} WHERE order_id = ?`,
      [order.id],
    );
    await this.control('clock/advance', { by: gatewayTime });
  }

  /** Makes the pending payments and the refunds of an order due now. */
  due(order: Order): Promise<void> {
    return this.dueAll([order.id]);
  }

  /** The same for several orders. */
  async dueAll(ids: readonly string[]): Promise<void> {
    await this.shop.db.sql(
      `UPDATE payments SET next_check_at = UTC_TIMESTAMP(3), refund_free_at = UTC_TIMESTAMP(3)
       WHERE order_id IN (?)`,
      [ids],
    );
    await this.shop.db.sql(
      `UPDATE refunds r JOIN payments p ON p.id = r.payment_id
       SET r.next_try_at = UTC_TIMESTAMP(3) WHERE p.order_id IN (?)`,
      [ids],
    );
  }

  async sweep(): Promise<void> {
    await this.shop.app.get(Sweeper).sweep();
  }

  runRefunds(): Promise<number> {
    return this.shop.app.get(RefundRunner).runDue();
  }

  /** Waits until so many transactions wait for a lock. */
  blocked(count: number): Promise<void> {
    return blocked(this.shop.db, count);
  }

  /** What the seller has, in yuan. */
  async sellerBalance(): Promise<string> {
    const { seller } = await this.look<{ seller: { balance: string } }>('accounts');
    return seller.balance;
  }

  /** The orders of earlier tests are unknown to a sandbox that was reset: nothing is due of them. */
  private async parkEarlierWork(): Promise<void> {
    const later = 'UTC_TIMESTAMP(3) + INTERVAL 1 YEAR';
    await this.shop.db.sql(`UPDATE payments SET next_check_at = ${later}`);
    await this.shop.db.sql(`UPDATE refunds SET next_try_at = ${later}`);
    await this.shop.db.sql(`UPDATE odd_refunds SET next_try_at = ${later}`);
    await this.shop.db.sql(`UPDATE orders SET expires_at = ${later} WHERE status = 1`);
  }
}
