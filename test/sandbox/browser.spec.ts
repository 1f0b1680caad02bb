/**
 * Goal: a person in a real browser pays with one click, also without JavaScript, and the overview's
 * buttons work. Skipped, saying so, where there is no Chromium.
 */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pageUrl, pay, startBench, type Bench } from './kit.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env['CHROMIUM_PATH'] ?? CHROMIUM.find((path) => existsSync(path));
if (!executablePath) console.log('Skipped the sandbox in a browser: no Chromium was found.');

describe.skipIf(!executablePath)('in Chromium', () => {
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    bench = await startBench();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await bench.stop();
  });
  beforeEach(async () => {
    await bench.control('POST', '/reset');
    bench.merchant.received.length = 0;
  });

  async function openPage(options: object, url: string): Promise<{ page: Page; said: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    await page.goto(url);
    return { page, said };
  }

  it.each([
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', { viewport: { width: 375, height: 700 } }],
    ['a browser without JavaScript', { javaScriptEnabled: false }],
  ])('the cashier takes one click on %s', async (_name, options) => {
    const { page, said } = await openPage(options, pageUrl(bench, 'U-1', { subject: '<i>手机' }));
    expect(await page.textContent('#subject')).toBe('<i>手机');
    expect(await page.textContent('#amount')).toBe('¥19.00');
    const { width = 1280 } = page.viewportSize() ?? {};
    expect((await page.locator('body').boundingBox())?.width).toBeLessThanOrEqual(width);
    expect(said).toEqual([]);
    await page.click('#pay');
    await page.waitForURL(`${bench.merchant.returnUrl}?**`);
    const params = Object.fromEntries(new URL(page.url()).searchParams);
    expect(bench.sdk.checkNotifySignV2(params)).toBe(true);
    await page.context().close();
  });

  it('the cashier logs in first when asked, then pays, and cancel leads back', async () => {
    const { page } = await openPage({}, pageUrl(bench, 'U-2'));
    await page.fill('#account', 'other@sandbox.example');
    await page.click('#login');
    expect(await page.textContent('#logged-in')).toContain('other@sandbox.example');
    expect(await page.inputValue('#account')).toBe('other@sandbox.example');
    await page.click('#cancel');
    expect(await page.getAttribute('#back', 'href')).toBe(
      `${new URL(bench.merchant.returnUrl).origin}/`,
    );
    await page.click('#continue');
    await page.fill('#password', 'wrong');
    await page.click('#pay');
    expect(await page.textContent('#error')).toContain('支付密码不正确');
    await page.click('#pay');
    await page.waitForURL(`${bench.merchant.returnUrl}?**`);
    await page.context().close();
  });

  it('the overview shows what happens by itself, and its buttons work', async () => {
    bench.merchant.answer = () => ({ status: 500, body: '' });
    const { page, said } = await openPage({}, bench.sandbox.url);
    await pay(bench, pageUrl(bench, 'U-3'));
    await page.waitForSelector('#trades >> text=U-3');
    await page.waitForSelector('#notifies >> text=U-3');
    bench.merchant.answer = () => ({ status: 200, body: 'success' });
    await page.click('text=+4m');
    await page.waitForSelector('#notifies >> text=acknowledged');
    await page.click('text=×2');
    await page.waitForSelector('#notifies >> text=acknowledged');
    expect(bench.merchant.received).toHaveLength(4);
    await page.selectOption('select[name=kind]', 'hang');
    await page.click('text=add');
    await page.waitForSelector('#faults >> text=hang');
    await page.click('text=withdraw all');
    await page.waitForSelector('#tiles >> text=¥0.00');
    await page.click('text=deposit');
    await page.waitForSelector('#tiles >> text=¥10000.00');
    await page.click('text=· hold');
    expect(await page.textContent('button.current')).toContain('hold');
    await pay(bench, pageUrl(bench, 'U-5'));
    await page.click('#notifies >> text=drop');
    await page.waitForSelector('#notifies >> text=dropped');
    expect(said).toEqual([]);
    await page.context().close();
  });

  it.each([1280, 375])('the overview fits into %i pixels, whatever is in it', async (width) => {
    await pay(bench, pageUrl(bench, 'U-6', { subject: 'x'.repeat(200) }));
    bench.merchant.answer = () => ({ status: 200, body: '<html>'.repeat(50) });
    await pay(bench, pageUrl(bench, `U-7-${'7'.repeat(50)}`));
    bench.merchant.answer = () => ({ status: 200, body: 'success' });
    const { page } = await openPage({ viewport: { width, height: 800 } }, bench.sandbox.url);
    await page.waitForSelector('#notifies >> text=U-7');
    const inside = await page.evaluate<boolean>(
      `[document.documentElement, ...document.querySelectorAll('.card')].every(
        (box) => box.scrollWidth <= box.clientWidth)`,
    );
    expect(inside).toBe(true);
    await page.context().close();
  });

  it('the overview opens the cashier for an order string, and refuses a wrong one', async () => {
    const { page } = await openPage({}, bench.sandbox.url);
    await page.fill('textarea', 'app_id=1');
    await page.click('text=Open the cashier');
    await page.waitForSelector('[role=alert]');
    const order = bench.sdk.sdkExecute('alipay.trade.app.pay', {
      bizContent: { out_trade_no: 'U-4', total_amount: '5.00', subject: '书' },
    });
    await page.fill('textarea', order);
    await page.click('text=Open the cashier');
    await page.click('#pay');
    await page.waitForSelector('#paid');
    await page.context().close();
  });
});
