/**
 * The whole line in a real browser: from a cart over HTTP to the cashier page in Chromium, and back
 * to the shop's own page that waits until the payment is confirmed.
 */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';

const executablePath = findChromium();
if (!executablePath) {
  console.log('Skipped the purchase in a browser: no Chromium was found.');
}

describe.skipIf(!executablePath)('in Chromium', () => {
  let shop: ShopWithSandbox;
  let browser: Browser;
  beforeAll(async () => {
    shop = await startShopWithSandbox();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
  });

  async function ordered() {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: await buildSkus(shop.db, 1) }]);
    const client = new Client(shop.url, tokenFor(buyer.id));
    const wish = { address: buyer.addressId, pay_method: '2' };
    const { body } = await client.post('/orders/', wish);
    const path = `/orders/${body['order_id'] as string}/`;
    const pay = await client.get(`${path}payment/`);
    return { client, path, url: pay.body['alipay_url'] as string };
  }

  it('a buyer pays with one click and comes back to a paid order', async () => {
    const { client, path, url } = await ordered();
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    expect(await page.textContent('#amount')).toContain('20.00');
    await page.click('#pay');
    await page.waitForURL('**/pay-result?**');
    await page.getByText('支付成功').waitFor();
    expect(errors).toEqual([]);
    expect((await client.get(path)).body).toMatchObject({ status: 2 });
    await page.close();
    expect(await violations(shop.db)).toEqual([]);
  });

  it('the page says “in progress” while nobody knows, and turns to paid by itself', async () => {
    const { client, path, url } = await ordered();
    await shop.sandbox.post('/sandbox/faults', {
      method: 'alipay.trade.query',
      kind: 'http_500',
      times: 1,
    });
    const page = await browser.newPage();
    await page.goto(url);
    await page.click('#pay');
    await page.getByText('支付处理中').waitFor();
    await page.getByText('支付成功').waitFor();
    expect((await client.get(path)).body).toMatchObject({ status: 2 });
    await page.close();
  });
});
