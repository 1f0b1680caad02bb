/**
 * What the original shop's pages do, done by small pages of our own in a real browser: axios across
 * the two origins, the cart in a cookie, texts where numbers are meant, and the members of an error
 * that the pages read. Chromium takes www.meiduo.site:8080 for the pages and api.meiduo.site:8000 for
 * the shop, so origins, cookies and CORS are those of the original set-up.
 */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { seedDemo } from '../../src/database/seed/demo.js';
import { Client, tokenFor } from '../kit/client.js';
import { DevelopmentLog } from '../kit/development-log.js';
import { violations } from '../kit/invariants.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import { PagesServer } from './pages-server.js';

const PAGES = 'http://www.meiduo.site:8080';
const API = 'http://api.meiduo.site:8000';
const PASSWORD = 'demo-pass-2026';

const executablePath = findChromium();
if (!executablePath) {
  console.log('Skipped what the original pages do: no Chromium was found.');
}

describe.skipIf(!executablePath)('the original pages', () => {
  const log = DevelopmentLog.read();
  let pages: PagesServer;
  let shop: ShopWithSandbox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the page has told in alerts, and what the console calls an error besides a refusal. */
  let alerts: string[];
  let errors: string[];
  let buyers = 0;

  beforeAll(async () => {
    pages = await PagesServer.start();
    shop = await startShopWithSandbox({
      PUBLIC_URL: API,
      ALIPAY_RETURN_URL: `${PAGES}/pay_success.html`,
      EMAIL_VERIFY_URL: `${PAGES}/success_verify_email.html`,
    });
    await seedDemo(shop.db.dataSource);
    const hosts = [
      `MAP www.meiduo.site:8080 127.0.0.1:${pages.port}`,
      `MAP api.meiduo.site:8000 127.0.0.1:${new URL(shop.url).port}`,
    ];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', `--host-resolver-rules=${hosts.join(', ')}`],
    });
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
    pages.close();
  });

  /** A new visitor with an empty browser. */
  async function visit(): Promise<void> {
    context = await browser.newContext({ locale: 'zh-CN' });
    page = await context.newPage();
    [alerts, errors] = [[], []];
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message());
      void dialog.accept();
    });
    page.on('console', (message) => {
      const refused = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !refused) {
        errors.push(message.text());
      }
    });
    page.on('pageerror', (error) => errors.push(error.message));
  }
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
    expect(await violations(shop.db)).toEqual([]);
  });

  const open = (path: string) => page.goto(`${PAGES}/${path}`, { waitUntil: 'networkidle' });
  /** Waits until the element says this. */
  const says = (id: string, text: string) =>
    page.locator(`#${id}`, { hasText: text }).first().waitFor();
  const items = (id: string) => page.locator(`#${id} > li`).allTextContents();
  /** Of every picture on the page; 0 where it could not be shown. */
  const widths = () =>
    page.evaluate<number[]>('[...document.images].map((image) => image.naturalWidth)');
  /** Clicks, and waits for the alert that follows. */
  async function told(click: string): Promise<string> {
    const alert = page.waitForEvent('dialog');
    await page.click(click);
    return (await alert).message();
  }
  async function put(sku: number, count: string): Promise<string> {
    await open(`goods.html?id=${sku}`);
    await page.fill('#count', count);
    return told('#add');
  }

  /** An account like that of the demonstration, of one's own. */
  async function newBuyer(): Promise<{ id: number; username: string; mobile: string }> {
    buyers += 1;
    const username = `visitor_${buyers}`;
    const mobile = `1360000${String(buyers).padStart(4, '0')}`;
    await shop.db.sql(
      `INSERT INTO users (username, mobile, password_hash)
       SELECT ?, ?, password_hash FROM users WHERE username = 'demo_buyer'`,
      [username, mobile],
    );
    const [user] = await shop.db.sql<{ id: number }>('SELECT id FROM users WHERE username = ?', [
      username,
    ]);
    const id = user?.id ?? 0;
    await shop.db.sql(
      `INSERT INTO addresses (user_id, title, receiver, province_id, city_id, district_id, place, mobile)
       VALUES (?, '家', '王小明', 110000, 110100, 110108, '中关村大街 1 号', ?)`,
      [id, mobile],
    );
    await shop.db.sql(
      `UPDATE users SET default_address_id = (SELECT MAX(id) FROM addresses) WHERE id = ?`,
      [id],
    );
    return { id, username, mobile };
  }

  async function login(username: string, password = PASSWORD): Promise<void> {
    await open('login.html');
    await page.fill('#username', username);
    await page.fill('#password', password);
    await page.click('#login');
  }
  async function loggedIn() {
    const buyer = await newBuyer();
    await login(buyer.username);
    await page.waitForURL('**/cart.html');
    return buyer;
  }
  /** Orders what is in the cart, by the radio button with this value; the order's id. */
  async function order(payMethod: '1' | '2'): Promise<string> {
    await open('place_order.html');
    await page.check(`[value="${payMethod}"]`);
    await page.click('#order');
    await page.waitForURL('**/order_success.html?**');
    return new URL(page.url()).searchParams.get('order_id') ?? '';
  }
  const rowOf = async (orderId: string) =>
    (
      await shop.db.sql('SELECT status, pay_method, total_fen FROM orders WHERE id = ?', [orderId])
    )[0];

  it('keep a visitor’s cart in a cookie, with “JWT undefined” and a count that is a text', async () => {
    await visit();
    const sent = page.waitForRequest((r) => r.url() === `${API}/cart/` && r.method() === 'POST');
    expect(await put(3, '2')).toBe('添加购物车成功');
    expect((await sent).headers()['authorization']).toBe('JWT undefined');
    expect((await sent).postDataJSON()).toEqual({ sku_id: 3, count: '2' });
    expect(await put(3, '1')).toBe('添加购物车成功');
    expect(await put(9, '1')).toBe('添加购物车成功');
    await shop.db.sql('UPDATE skus SET stock = 5, initial_stock = 5 WHERE id = 9');
    expect(await put(9, '5')).toBe('商品库存不足');
    await shop.db.sql('UPDATE skus SET stock = 1000, initial_stock = 1000 WHERE id = 9');
    expect((await context.cookies(API)).map(({ httpOnly }) => httpOnly)).toEqual([true]);

    await open('cart.html');
    expect(await items('lines')).toEqual([
      expect.stringMatching(/^3 Apple iPhone 8 Plus .* 3 已选$/),
      expect.stringMatching(/^9 华为 HUAWEI P10 Plus .* 1 已选$/),
    ]);
    await says('total', '合计 22885.00');
    expect((await widths()).every((width) => width > 0)).toBe(true);

    await page.fill('#sku', '3');
    await page.fill('#count', '5');
    await page.click('#set');
    await says('total', '合计 35883.00');
    await page.click('#none');
    await says('total', '合计 0.00');
    await page.click('#all');
    await says('total', '合计 35883.00');
    await page.click('#remove');
    await says('total', '合计 3388.00');
    expect(await items('lines')).toHaveLength(1);
  });

  it('find an empty cart when somebody has tampered with the cookie, and fill it again', async () => {
    await visit();
    await put(3, '2');
    const [cookie] = await context.cookies(API);
    const changed = `${cookie?.value.slice(0, 4)}${cookie?.value[4] === 'A' ? 'B' : 'A'}${cookie?.value.slice(5)}`;
    await context.addCookies([{ name: cookie?.name ?? '', value: changed, url: API }]);
    await open('cart.html');
    expect(await items('lines')).toEqual([]);
    expect(await put(9, '1')).toBe('添加购物车成功');
    await open('cart.html');
    expect(await items('lines')).toEqual([expect.stringContaining('9 华为')]);
  });

  it('register with the image, the SMS and a box that is the text “true”', async () => {
    await visit();
    const drawn = page.waitForResponse((r) => r.url().startsWith(`${API}/image_codes/`));
    await open('register.html');
    const image = new URL((await drawn).url()).pathname.split('/')[2] ?? '';
    expect((await widths()).every((width) => width > 0)).toBe(true);
    await page.fill('#username', 'demo_buyer');
    await page.fill('#password', 'new-pass-2026');
    await says('name_error', '用户名已存在');
    await page.fill('#username', 'neue_kundin');
    await page.fill('#password2', 'new-pass-2026');
    await says('name_error', '用户名可用');
    await page.fill('#mobile', '13800138000');
    await page.fill('#text', 'x');
    await says('mobile_error', '手机号已存在');
    await page.fill('#mobile', '13500000001');
    await page.fill('#text', log.imageCode(image));
    await says('mobile_error', '手机号可用');
    await page.click('#send');
    await says('sms_error', '已发送');
    await page.fill('#sms_code', log.smsCode('13500000001'));
    await page.click('#register');
    await says('done', '欢迎 neue_kundin');
    await open('user_center_info.html');
    await says('me', 'neue_kundin 13500000001');
  });

  it('show a wrong image code where they show it, and draw a new image', async () => {
    await visit();
    await open('register.html');
    await page.fill('#mobile', '13500000002');
    await page.fill('#text', '????');
    const drawn = page.waitForResponse((r) => r.url().startsWith(`${API}/image_codes/`));
    await page.click('#send');
    await says('sms_error', '图片验证码错误');
    expect((await drawn).status()).toBe(200);
  });

  it('log in by name and by mobile, keep the token, and take the visitor’s cart along', async () => {
    const { username, mobile } = await newBuyer();
    await visit();
    await put(3, '2');
    await login(username, 'wrong-pass-1');
    await says('error', '用户名或密码错误');
    await login(username);
    await page.waitForURL('**/cart.html');
    await says('lines', '3 Apple iPhone 8 Plus (A1864) 64GB');
    expect(await context.cookies(API)).toEqual([]);
    await visit();
    await put(3, '7');
    await login(mobile);
    await page.waitForURL('**/cart.html');
    // The cookie's count takes the place of the account's.
    await says('total', '合计 45493.00');
    expect(await page.evaluate('localStorage.username')).toBe(username);
  });

  it('order with a pay method that is a text, pay, come back, and show the same after a reload', async () => {
    await visit();
    const { id, username } = await loggedIn();
    await put(3, '1');
    await put(9, '2');
    await open('place_order.html');
    expect(await items('goods')).toEqual([
      expect.stringContaining('6499.00 × 1'),
      expect.stringContaining('3388.00 × 2'),
    ]);
    await says('freight', '运费 10.00');
    expect(await items('addresses')).toEqual(['王小明 北京市北京市海淀区']);
    const sent = page.waitForRequest((r) => r.url() === `${API}/orders/` && r.method() === 'POST');
    const orderId = await order('2');
    expect((await sent).postDataJSON()).toMatchObject({ pay_method: '2' });
    expect(orderId).toMatch(/^\d{19}$/);
    await says('order', `订单号 ${orderId}`);
    expect(await rowOf(orderId)).toEqual({ status: 1, pay_method: 2, total_fen: 1_328_500 });

    await page.click('#pay');
    await page.locator('#amount', { hasText: /13,?285\.00/ }).waitFor();
    await page.click('#pay');
    await page.waitForURL(`${PAGES}/pay_success.html?**`);
    await says('trade', '交易号 20');
    const first = await page.textContent('#trade');
    await page.reload({ waitUntil: 'networkidle' });
    expect(await page.textContent('#trade')).toBe(first);
    expect(await rowOf(orderId)).toMatchObject({ status: 2 });
    await open('pay_success.html?out_trade_no=1&sign=x');
    await says('trade', '非法请求');

    await put(12, '1');
    const cash = await order('1');
    expect(await told('#pay')).not.toBe('');
    expect(await rowOf(cash)).toMatchObject({ status: 2, pay_method: 1 });
    await open('user_center_order.html');
    expect(await items('orders')).toEqual([expect.stringContaining(`${cash} `)]);
    await says('pages', '共 2 单，还有下一页');
    await open('user_center_order.html?page=2');
    expect(await items('orders')).toEqual([
      expect.stringMatching(
        new RegExp(`^${orderId} .* 13285\\.00 支付宝 待发货 Apple .* × 1 华为 .* × 2$`),
      ),
    ]);

    const admin = new Client(shop.url, tokenFor(0, 'admin'));
    const parcel = { carrier: '顺丰速运', tracking_number: 'SF0001' };
    expect((await admin.post(`/admin/orders/${orderId}/shipment/`, parcel)).status).toBe(201);
    const buyer = new Client(shop.url, tokenFor(id));
    expect((await buyer.post(`/orders/${orderId}/receipt/`)).status).toBe(200);

    await open(`goods_judge.html?order_id=${orderId}`);
    expect(await items('goods')).toHaveLength(2);
    await page.fill('#comment', '很好用');
    await page.click('#judge');
    await page.locator('body[data-left="1"]').waitFor();
    await page.check('#anonymous');
    await page.fill('#score', '4');
    await page.click('#judge');
    await page.locator('body[data-left="0"]').waitFor();
    expect(await rowOf(orderId)).toMatchObject({ status: 5 });
    await open('goods.html?id=3');
    expect(await items('comments')).toEqual([`v***${username.at(-1)} 5: 很好用`]);
    // Two of SKU 9 were sold and one of SKU 3 and 12 each: hot at once.
    expect((await items('hot'))[0]).toContain('¥3388.00');
    await open('goods.html?id=9');
    expect(await items('comments')).toEqual(['匿***名 4: 很好用']);
  });

  it('alert data[0] when the stock is gone, and the cart stays as it was', async () => {
    await visit();
    await loggedIn();
    await put(16, '3');
    await shop.db.sql(
      'UPDATE skus SET stock = 1, initial_stock = 1 WHERE id = 16 AND sales = 0 AND restocked = 0',
    );
    await open('place_order.html');
    await page.check('[value="2"]');
    expect(await told('#order')).toContain('库存不足');
    expect(page.url()).toBe(`${PAGES}/place_order.html`);
    await open('cart.html');
    await says('lines', '16 华为');
    await page.click('#none');
    await says('total', '合计 0.00');
    await open('place_order.html');
    await page.check('[value="2"]');
    expect(await told('#order')).not.toBe('undefined');
  });

  it('add, change, rename and delete addresses, of areas that are asked for step by step', async () => {
    await visit();
    await loggedIn();
    await open('user_center_site.html');
    await page.fill('#receiver', '李雷');
    await page.fill('#place', '天府大道 2 号');
    await page.fill('#mobile', '13600009999');
    await page.selectOption('#province', '510000');
    await page.locator('#city option', { hasText: '成都市' }).waitFor({ state: 'attached' });
    await page.selectOption('#city', '510100');
    await page.locator('#district option', { hasText: '武侯区' }).waitFor({ state: 'attached' });
    await page.selectOption('#district', '510107');
    await page.click('#add');
    await says('addresses', '李雷 李雷 四川省 成都市 武侯区 天府大道 2 号');
    await page.fill('#place', '人民南路 3 号');
    await page.click('#edit');
    await says('addresses', '人民南路 3 号');
    await page.fill('#receiver', '公司');
    await page.click('#rename');
    await says('addresses', '公司 李雷');
    await page.click('#default');
    await says('addresses', '人民南路 3 号 默认');
    await page.click('#delete');
    await page.locator('#addresses > li').nth(1).waitFor({ state: 'detached' });
    expect(await items('addresses')).toEqual([expect.stringMatching(/^家 王小明 .* 1 号 $/)]);
  });

  it('remember what was looked at, newest first, and verify an e-mail address by its link', async () => {
    await visit();
    const { username, mobile } = await loggedIn();
    for (const sku of [1, 3, 9, 3]) {
      await open(`goods.html?id=${sku}`);
    }
    await open('user_center_info.html');
    expect((await items('seen')).map((text) => text.split(' ')[0])).toEqual(['3', '9', '1']);
    await page.fill('#email', 'buyer@example.test');
    await page.click('#save');
    await says('me', `${username} ${mobile} buyer@example.test 未验证`);
    await open('success_verify_email.html?token=nonsense');
    await says('result', '链接信息无效');
    await open(`success_verify_email.html?token=${log.mailedToken('buyer@example.test')}`);
    await says('result', '邮箱验证 OK');
    await open('user_center_info.html');
    await says('me', 'buyer@example.test 已验证');
  });

  it('change the password: the old token sends to the login page, the new password logs in', async () => {
    await visit();
    const { username } = await loggedIn();
    await open('user_center_pass.html');
    await page.fill('#old', PASSWORD);
    await page.fill('#new', 'another-pass-1');
    await page.fill('#again', 'another-pass-1');
    await page.click('#change');
    await says('result', '已修改');
    await open('user_center_order.html');
    await page.waitForURL('**/login.html');
    await login(username);
    await says('error', '用户名或密码错误');
    await login(username, 'another-pass-1');
    await page.waitForURL('**/cart.html');
  });
});
