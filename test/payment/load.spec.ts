/** Many at once: cases L1 and S3 of the matrix in docs/alipay.md. */
import { describe, expect, it } from 'vitest';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { figure } from '../kit/figure.js';
import { insist } from '../kit/insist.js';
import { Bench } from './kit.js';

const ORDERS = 400;

describe('a day of sale', () => {
  const bench = new Bench();

  it('400 orders paid at once: none lost, none doubled, nothing doubtful [L1, S3]', async () => {
    const { db, url, sandbox } = bench.shop;
    const buyers = await buildBuyers(db, ORDERS);
    const [sku = 0] = await buildSkus(db, 1, { stock: ORDERS, priceFen: 900 });
    await fillCarts(
      db,
      buyers.map(({ id }) => ({ userId: id, skuIds: [sku] })),
    );
    await bench.control('notifies/hold', { hold: false });
    const orders = await Promise.all(
      buyers.map(async ({ id, addressId }) => {
        const client = new Client(url, tokenFor(id));
        const wish = { address: addressId, pay_method: 2 };
        const { body } = await insist(() => client.post('/orders/', wish));
        const path = `/orders/${body['order_id'] as string}/payment/`;
        const page = await insist(() => client.get(path));
        await sandbox.post('/sandbox/trades/pay', { page_url: page.body['alipay_url'] });
        return body['order_id'] as string;
      }),
    );
    await bench.shop.flush();
    expect(new Set(orders).size).toBe(ORDERS);
    expect(
      await db.sql(
        `SELECT o.status, COUNT(*) AS n, SUM(p.amount_fen) / 100 AS yuan
         FROM orders o JOIN payments p ON p.order_id = o.id AND p.status = 2 GROUP BY o.status`,
      ),
    ).toEqual([{ status: 2, n: ORDERS, yuan: '7600.0000' }]);
    expect(await bench.sellerBalance()).toBe('7600.00');
    expect((await bench.look<{ warnings: object[] }>('warnings')).warnings).toEqual([]);
    figure('L1', 'orders paid at once', '400, none lost, none doubled', `${ORDERS}, none, none`);
  });
});
