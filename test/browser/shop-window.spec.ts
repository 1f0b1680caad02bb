/**
 * The shop window as a person uses it: everything is clicked and typed in Chromium, on the shop's
 * real pages, with the real sandbox behind them. What the page shows is compared with the database.
 */
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { seedDemo } from '../../src/database/seed/demo.js';
import { RefundStatus } from '../../src/orders/refund-view.js';
import { en } from '../../src/shop-window/texts/en.js';
import { zh } from '../../src/shop-window/texts/zh.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { violations } from '../kit/invariants.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import { faintTexts, namelessControls, sidewaysPx } from './page-checks.mjs';
import { startVisit, takePicture, type Visit, type Visitor } from './visit.js';

const executablePath = findChromium();
if (!executablePath) {
  console.log('Skipped the shop window: no Chromium was found.');
}

describe.skipIf(!executablePath)('the shop window', () => {
  let shop: ShopWithSandbox;
  let browser: Browser;
  const visits: Visit[] = [];
  beforeAll(async () => {
    shop = await startShopWithSandbox({ JOBS: 'on' });
    await seedDemo(shop.db.dataSource);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((started) => started.close()));
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
  });

  async function visit(visitor: Visitor): Promise<Visit> {
    const started = await startVisit(browser, shop.url, visitor);
    visits.push(started);
    return started;
  }

  /** A buyer with one product in the cart, who looks at a page. */
  async function buyerAt(path: string, { width = 1280, stock = 10 } = {}) {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const skuIds = await buildSkus(shop.db, 1, { stock });
    await shop.db.sql("UPDATE skus SET default_image = '/pictures/3.svg' WHERE id = ?", skuIds);
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds }]);
    const visiting = await visit({ width, buyerId: buyer.id });
    await visiting.open(path);
    const stockLeft = async () =>
      (await shop.db.sql<{ stock: number }>('SELECT stock FROM skus WHERE id = ?', skuIds))[0]
        ?.stock;
    const orders = () =>
      shop.db.sql<{ id: string; status: number }>(
        'SELECT id, status FROM orders WHERE user_id = ?',
        [buyer.id],
      );
    return { ...visiting, buyer, stockLeft, orders };
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  describe.each([
    ['a wide screen in Chinese', 'wide-zh', { width: 1280, locale: 'zh-CN' }, zh],
    ['a wide screen in English', 'wide-en', { width: 1280, locale: 'en-US' }, en],
    ['a phone in Chinese', 'phone-zh', { width: 390, locale: 'zh-CN' }, zh],
    ['a phone in English', 'phone-en', { width: 390, locale: 'en-GB' }, en],
  ] as const)('on %s', (_name, id, visitor, t) => {
    it('leads from the shelf to a paid order, and back to the money', async () => {
      const { page, faults, open } = await visit(visitor);
      await open('/');
      await page.getByText('MacBook Pro').first().waitFor();
      await takePicture(page, `products-${id}`);

      await page.getByRole('link', { name: t.logIn, exact: true }).click();
      await takePicture(page, `login-${id}`);
      await button(page, t.logIn).click();
      await page.getByText(t.loggedIn.replace('{name}', 'demo_buyer')).waitFor();

      await open('/products/3');
      await button(page, t.more).click();
      await takePicture(page, `product-${id}`);
      await button(page, t.addToCart).click();
      await page.getByRole('link', { name: t.toCart }).click();
      await page.getByText(t.selectedCount.replace('{n}', '2')).waitFor();
      expect(await page.locator('.summary .price').textContent()).toBe('¥12998.00');
      await takePicture(page, `cart-${id}`);

      await page.getByRole('link', { name: t.checkout, exact: true }).click();
      await writeAddress(page, t);
      expect(await page.locator('.summary .price').last().textContent()).toBe('¥13008.00');
      await takePicture(page, `checkout-${id}`);
      await button(page, t.placeOrder).click();
      await page.getByRole('heading', { name: t.status1 }).waitFor();
      const orderId = page.url().split('/').at(-1) ?? '';
      await takePicture(page, `unpaid-${id}`);

      await pay(page, t, visitor.width);
      await page.getByRole('heading', { name: t.status2 }).waitFor();
      const [order] = await shop.db.sql('SELECT status, total_fen FROM orders WHERE id = ?', [
        orderId,
      ]);
      expect(order).toEqual({ status: 2, total_fen: 1_300_800 });
      await takePicture(page, `paid-${id}`);

      await button(page, t.refundOrder).click();
      await page.getByLabel(t.reason).fill('不想要了');
      await button(page, t.confirmRefund).click();
      await page.getByText(t.refund_done, { exact: true }).waitFor();
      await page.getByText(t.status6RefundedHint).waitFor();
      const refunds = await shop.db.sql(
        `SELECT r.amount_fen, r.status FROM refunds r JOIN payments p ON p.id = r.payment_id
         WHERE p.order_id = ?`,
        [orderId],
      );
      expect(refunds).toEqual([{ amount_fen: 1_300_800, status: RefundStatus.Done }]);

      await open('/orders');
      await page.getByText(orderId).waitFor();
      await takePicture(page, `orders-${id}`);
      expect(await page.locator('.badge').first().textContent()).toBe(t.status6);
      expect(faults).toEqual([]);
      expect(await violations(shop.db)).toEqual([]);
    });
  });

  type Texts = typeof zh | typeof en;

  async function writeAddress(page: Page, t: Texts): Promise<void> {
    await button(page, t.newAddress).click();
    await page.getByLabel(t.receiver).fill('小多');
    await page.getByLabel(t.mobile).fill('13700137000');
    await page.getByLabel(t.province).selectOption('浙江省');
    await page.getByLabel(t.city).selectOption('杭州市');
    await page.getByLabel(t.district).selectOption('西湖区');
    await page.getByLabel(t.place, { exact: true }).fill('文三路 1 号');
    await button(page, t.saveAddress).click();
    await page.getByRole('radio', { name: '文三路', checked: true }).first().waitFor();
  }

  /** On a wide screen the cashier opens beside the order; on a phone it comes and goes. */
  async function pay(page: Page, t: Texts, width: number): Promise<void> {
    const payButton = button(page, t.payWithAlipay.replace('{amount}', '13008.00'));
    if (width > 768) {
      const [cashier] = await Promise.all([page.waitForEvent('popup'), payButton.click()]);
      await page.getByText(t.waiting).waitFor();
      await takePicture(page, `waiting-${t === zh ? 'zh' : 'en'}`);
      await cashier.click('#pay');
      await page.getByText(t.paidToast).first().waitFor();
      await cashier.close();
    } else {
      await payButton.click();
      await page.click('#pay');
      await page.waitForURL('**/pay-result?**');
      await page.getByText(t === zh ? '支付成功' : 'Paid', { exact: true }).waitFor();
      await takePicture(page, `result-${t === zh ? 'zh' : 'en'}`);
      await page.getByRole('link', { name: t === zh ? '查看订单' : 'See the order' }).click();
    }
  }

  it('cancels an unpaid order after asking, and the goods are back', async () => {
    const { page, faults, stockLeft, orders } = await buyerAt('/checkout');
    await button(page, zh.placeOrder).click();
    await button(page, zh.cancelOrder).click();
    await button(page, zh.keepOrder).click();
    expect(await orders()).toEqual([{ id: expect.any(String), status: 1 }]);
    expect(await stockLeft()).toBe(9);
    await button(page, zh.cancelOrder).click();
    await takePicture(page, 'cancel');
    await page.getByRole('dialog').getByRole('button', { name: zh.cancelOrder }).click();
    await page.getByText(zh.status6Hint).waitFor();
    expect(await orders()).toEqual([{ id: expect.any(String), status: 6 }]);
    expect(await stockLeft()).toBe(10);
    expect(faults).toEqual([]);
  });

  it('places an order for cash on delivery, which asks for no payment', async () => {
    const { page, orders } = await buyerAt('/checkout');
    await page.getByLabel(zh.cash).check();
    await button(page, zh.placeOrder).click();
    await page.getByText(zh.status2CashHint).waitFor();
    expect(await page.getByRole('button', { name: /支付宝付款|申请退款/ }).count()).toBe(0);
    expect(await orders()).toEqual([{ id: expect.any(String), status: 2 }]);
  });

  it('says in the API’s words that the stock is gone, and nothing was ordered', async () => {
    const { page, faults, orders, stockLeft } = await buyerAt('/checkout', { stock: 1 });
    await shop.db.sql('UPDATE skus SET stock = 0, initial_stock = 0 WHERE stock = 1');
    await button(page, zh.placeOrder).click();
    const notice = page.getByRole('alert');
    await notice.waitFor();
    await takePicture(page, 'stock-gone');
    expect(await notice.textContent()).toContain('商品库存不足');
    expect(await notice.textContent()).toContain('STOCK_INSUFFICIENT');
    expect(await orders()).toEqual([]);
    expect(await stockLeft()).toBe(0);
    expect(faults).toEqual([expect.stringContaining('409')]);
    expect(await button(page, zh.placeOrder).isEnabled()).toBe(true);
  });

  it('sends the same key again when the answer was lost, and it stays one order', async () => {
    const { page, orders, stockLeft } = await buyerAt('/checkout');
    const keys: (string | undefined)[] = [];
    await page.route('**/orders/', async (route) => {
      if (route.request().method() !== 'POST') {
        return route.continue();
      }
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) {
        return route.continue();
      }
      await route.fetch();
      return route.abort();
    });
    await button(page, zh.placeOrder).click();
    await page.getByText(zh.safeToRetry).waitFor();
    await button(page, zh.placeAgain).click();
    await page.getByRole('heading', { name: zh.status1 }).waitFor();
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(await orders()).toHaveLength(1);
    expect(await stockLeft()).toBe(9);
  });

  it('shows at each field what the API finds wrong with a new address', async () => {
    const { page, buyer } = await buyerAt('/checkout');
    await button(page, zh.newAddress).click();
    // The form takes the focus itself, a moment after it is there.
    await page.getByLabel(zh.receiver).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('小多');
    expect(await page.getByLabel(zh.receiver).inputValue()).toBe('小多');
    await page.getByLabel(zh.mobile).fill('123');
    await page.getByLabel(zh.province).selectOption('浙江省');
    await page.getByLabel(zh.city).selectOption('杭州市');
    await page.getByLabel(zh.district).selectOption('西湖区');
    await page.getByLabel(zh.place, { exact: true }).fill('文三路 1 号');
    await button(page, zh.saveAddress).click();
    await page.getByText('手机号格式错误').waitFor();
    await takePicture(page, 'address-form');
    expect(await page.getByLabel(zh.mobile).getAttribute('aria-invalid')).toBe('true');
    const rows = await shop.db.sql('SELECT id FROM addresses WHERE user_id = ?', [buyer.id]);
    expect(rows).toHaveLength(1);
  });

  it('changes the cart as the API has it, and says what it refuses', async () => {
    const { page, faults, buyer } = await buyerAt('/cart', { stock: 2 });
    const lines = () =>
      shop.db.sql('SELECT count, selected FROM cart_lines WHERE user_id = ?', [buyer.id]);
    await button(page, zh.more).click();
    await page.getByText(zh.selectedCount.replace('{n}', '2')).waitFor();
    await button(page, zh.more).click();
    await page.getByRole('alert').getByText('商品库存不足').waitFor();
    expect(await page.locator('.stepper output').textContent()).toBe('2');
    await page.getByLabel(zh.selectAll).click();
    await page.getByText(zh.selectedCount.replace('{n}', '0')).waitFor();
    expect(await lines()).toEqual([{ count: 2, selected: 0 }]);
    expect(await button(page, zh.checkout).isDisabled()).toBe(true);
    await page.getByRole('button', { name: /^删除/ }).click();
    await page.getByText(zh.cartEmpty).waitFor();
    expect(await lines()).toEqual([]);
    expect(faults).toEqual([expect.stringContaining('400')]);
  });

  it('is logged into with the keyboard alone, and goes on where the login was asked for', async () => {
    const { page, faults, open } = await visit({ width: 1280 });
    await open('/login?next=%2Forders');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe(zh.skip);
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('demo_buyer');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('demo-pass-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/orders');
    await page.getByText('demo_buyer', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('says that a login is wrong, and asks for one when the token is dead', async () => {
    const { page, open, kept } = await visit({ width: 1280 });
    await open('/login');
    await page.getByLabel(zh.password).fill('wrong-pass');
    await button(page, zh.logIn).click();
    await page.getByRole('alert').getByText('用户名或密码错误').waitFor();
    expect(await kept('session')).toBeUndefined();
    const dead = JSON.stringify({ token: 'x.y.z', username: 'gone' });
    await page.evaluate(`localStorage.setItem('meiduo.session', '${dead}')`);
    await page.reload();
    await page.goto(`${shop.url}/#/orders`);
    await page.waitForURL('**/#/login?next=%2Forders');
    expect(await kept('session')).toBeUndefined();
  });

  it('speaks the language of the browser until the person chooses, and then remembers', async () => {
    const { page, open } = await visit({ width: 1280, locale: 'en-US' });
    await open('/');
    await page.getByRole('heading', { name: en.heroTitle }).waitFor();
    await button(page, '切换到中文').click();
    await page.getByRole('heading', { name: zh.heroTitle }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await page.reload();
    await page.getByRole('heading', { name: zh.heroTitle }).waitFor();
    await open('/products/999999');
    await page.getByRole('alert').getByText('未找到').waitFor();
  });

  it('finds, sorts and filters products', async () => {
    const { page, faults, open } = await visit({ width: 1280 });
    await open('/');
    await page.getByRole('link', { name: '笔记本', exact: true }).click();
    await page.getByText(zh.resultCount.replace('{n}', '2')).waitFor();
    await page.getByLabel(zh.sort).selectOption('-price');
    await page.waitForURL('**ordering=-price');
    await page.locator('.card .price', { hasText: '11398.00' }).waitFor();
    expect(await page.locator('.card .price').allTextContents()).toEqual([
      '¥11398.00',
      '¥11388.00',
    ]);
    await page.getByLabel(zh.search).fill('华为 128GB');
    await page.keyboard.press('Enter');
    await page.getByText(zh.resultCount.replace('{n}', '4')).waitFor();
    await page.getByLabel(zh.search).fill('没有这种东西');
    await page.keyboard.press('Enter');
    await page.getByText(zh.noProducts).waitFor();
    expect(faults).toEqual([]);
  });

  it.each(['zh-CN', 'en-US'])(
    'fits 360 pixels, names every control and is readable on every page (%s)',
    async (locale) => {
      const { orders, buyer } = await buyerAt('/checkout').then(async (at) => {
        await button(at.page, zh.placeOrder).click();
        await at.page.getByRole('heading', { name: zh.status1 }).waitFor();
        return at;
      });
      await fillCarts(shop.db, [{ userId: buyer.id, skuIds: [1, 3] }]);
      const [order] = await orders();
      const { page, open, faults } = await visit({ width: 360, locale, buyerId: buyer.id });
      const paths = [
        '/',
        '/products/3',
        '/cart',
        '/checkout',
        '/orders',
        `/orders/${order?.id}`,
        '/login',
        '/x',
      ];
      for (const path of paths) {
        await open(path);
        if (path === '/checkout') {
          await button(page, locale === 'zh-CN' ? zh.newAddress : en.newAddress).click();
        }
        if (path.startsWith('/orders/')) {
          await button(page, locale === 'zh-CN' ? zh.cancelOrder : en.cancelOrder).click();
        }
        await takePicture(page, `360-${locale}-${path.replace(/\W+/g, '_')}`);
        expect(await page.evaluate(sidewaysPx), path).toBe(0);
        expect(await page.evaluate(namelessControls), path).toEqual([]);
        expect(await page.evaluate(faintTexts), path).toEqual([]);
      }
      expect(faults).toEqual([]);
    },
  );
});
