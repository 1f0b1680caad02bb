/**
 * Goal: a merchant with the real SDK cannot tell the sandbox from the gateway while a buyer pays.
 * Method: the SDK signs and verifies, plain HTTP stands in for the browser.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  APP_ID,
  call,
  login,
  pageUrl,
  pay,
  refused,
  startBench,
  words,
  type Bench,
} from './kit.js';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.control('POST', '/reset');
  bench.merchant.received.length = 0;
  bench.merchant.answer = () => ({ status: 200, body: 'success' });
});

/** Follows a payment URL to the cashier and gives the cashier's address. */
async function openCashier(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '', bench.sandbox.url).href;
}

function press(cashier: string, button: 'pay' | 'login', form: object = {}): Promise<Response> {
  const fields = { account: 'buyer@sandbox.example', password: '111111', ...form };
  return fetch(`${cashier}/${button}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  });
}

describe('the cashier', () => {
  it('shows number, subject, amount and deadline of the signed request, escaped', async () => {
    const subject = '手机 <b>"100%"</b> + 🎁 R&amp;D';
    const biz = { subject, total_amount: '6499.00', time_expire: '2037-01-02 03:04:05' };
    const page = await (await fetch(pageUrl(bench, 'A-1', biz))).text();
    expect(page).toContain('6,499.00');
    expect(page).toContain('A-1');
    expect(page).toContain('2037-01-02 03:04:05');
    expect(page).toContain('手机 &lt;b&gt;&quot;100%&quot;&lt;/b&gt; + 🎁 R&amp;amp;D');
    expect(page).not.toContain('<b>"100%"');
  });

  it('forbids scripts and frames from elsewhere', async () => {
    const response = await fetch(pageUrl(bench, 'A-2'));
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('pays with one click and sends the browser back with verifiable parameters', async () => {
    const cashier = await openCashier(pageUrl(bench, 'A-3'));
    const response = await press(cashier, 'pay');
    expect(response.status).toBe(303);
    const back = new URL(response.headers.get('location') ?? '');
    const params = Object.fromEntries(back.searchParams);
    expect(back.href.startsWith(`${bench.merchant.returnUrl}?`)).toBe(true);
    expect(Object.keys(params).sort()).toEqual(
      words(`app_id auth_app_id charset method out_trade_no seller_id sign sign_type timestamp
        total_amount trade_no version`),
    );
    expect(params).toMatchObject({ out_trade_no: 'A-3', total_amount: '19.00', app_id: APP_ID });
    expect(bench.sdk.checkNotifySignV2(params)).toBe(true);
  });

  it("keeps the merchant's own query in the return URL, outside the signature", async () => {
    const returnUrl = `${bench.merchant.returnUrl}?from=shop#top`;
    const url = bench.sdk.pageExecute('alipay.trade.page.pay', 'GET', {
      bizContent: {
        out_trade_no: 'A-4',
        total_amount: '1.00',
        subject: 's',
        product_code: 'FAST_INSTANT_TRADE_PAY',
      },
      returnUrl,
    });
    const back = new URL((await pay(bench, url))['return_url'] ?? '');
    const { from, ...signed } = Object.fromEntries(back.searchParams);
    expect(from).toBe('shop');
    expect(back.hash).toBe('#top');
    expect(bench.sdk.checkNotifySignV2(signed)).toBe(true);
    expect(bench.sdk.checkNotifySignV2({ ...signed, from })).toBe(false);
  });

  it('takes the POST form of the SDK too, subject with quotes included', async () => {
    const form = bench.sdk.pageExecute('alipay.trade.page.pay', 'POST', {
      bizContent: {
        out_trade_no: 'A-5',
        total_amount: '2.00',
        subject: '书 "一" + 100%',
        product_code: 'FAST_INSTANT_TRADE_PAY',
      },
    });
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const inputs = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
    const fields = inputs.map(([, name = '', value = '']): [string, string] => [
      name,
      value.replaceAll('&quot;', '"'),
    ]);
    const response = await fetch(action, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toMatch(/^\/cashier\/[0-9a-f]{32}$/);
  });

  it('refuses a wrong password and an unknown page, and charges nothing', async () => {
    const cashier = await openCashier(pageUrl(bench, 'A-6'));
    const wrong = await press(cashier, 'pay', { password: '123456' });
    expect(wrong.status).toBe(409);
    expect(await wrong.text()).toContain('支付密码不正确');
    const missing = await press(`${bench.sandbox.url}/cashier/${'0'.repeat(32)}`, 'pay');
    expect(missing.status).toBe(404);
    const bodyless = await fetch(`${cashier}/pay`, { method: 'POST', redirect: 'manual' });
    expect(bodyless.status).toBe(409);
    expect(await bench.control('GET', '/trades')).toEqual({ trades: [] });
  });

  it('pays once when the button is clicked twice at the same moment', async () => {
    const cashier = await openCashier(pageUrl(bench, 'A-7'));
    const [one, two] = await Promise.all([press(cashier, 'pay'), press(cashier, 'pay')]);
    expect([one.status, two.status]).toEqual([303, 303]);
    const { seller } = await bench.control<{ seller: object }>('GET', '/accounts');
    expect(seller).toMatchObject({ balance: '19.00' });
  });

  it('leaves the order payable when the buyer goes away', async () => {
    const cashier = await openCashier(pageUrl(bench, 'A-8'));
    const page = await (await fetch(`${cashier}/cancel`)).text();
    expect(page).toContain('没有扣款');
    expect((await press(cashier, 'pay')).status).toBe(303);
  });

  it('speaks English when asked', async () => {
    const cashier = await openCashier(pageUrl(bench, 'A-9'));
    const page = await (await fetch(`${cashier}?lang=en`)).text();
    expect(page).toContain('Merchant order number');
  });
});

describe('a trade', () => {
  it('does not exist before the buyer logs in, and is WAIT_BUYER_PAY after that', async () => {
    const url = pageUrl(bench, 'B-1');
    await openCashier(url);
    const before = await call(bench, 'alipay.trade.query', { out_trade_no: 'B-1' });
    expect(before).toMatchObject({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
    const early = await call(bench, 'alipay.trade.close', { out_trade_no: 'B-1' });
    expect(early).toMatchObject({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
    await login(bench, url);
    const after = await call(bench, 'alipay.trade.query', { out_trade_no: 'B-1' });
    expect(after).toMatchObject({ code: '10000', trade_status: 'WAIT_BUYER_PAY' });
  });

  it('is answered by query with amount, buyer and time once paid', async () => {
    const paid = await pay(bench, pageUrl(bench, 'B-2', { total_amount: '19' }));
    const answer = await call(bench, 'alipay.trade.query', { trade_no: paid['trade_no'] });
    expect(answer).toMatchObject({
      out_trade_no: 'B-2',
      trade_no: paid['trade_no'],
      trade_status: 'TRADE_SUCCESS',
      total_amount: '19.00',
      buyer_logon_id: 'buy***@sandbox.example',
    });
    expect(answer['send_pay_date']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('cannot be paid twice, whichever of many signed URLs is used', async () => {
    const urls = [pageUrl(bench, 'B-3'), pageUrl(bench, 'B-3')];
    await pay(bench, urls[0] ?? '');
    const again = await refused(bench, '/trades/pay', { page_url: urls[1] });
    expect(again).toEqual({ status: 409, code: 'TRADE_HAS_SUCCESS' });
    const page = await (await fetch(urls[1] ?? '')).text();
    expect(page).toContain('交易已被支付');
  });

  it('refuses another amount or subject under the same number', async () => {
    await login(bench, pageUrl(bench, 'B-4'));
    const other = pageUrl(bench, 'B-4', { total_amount: '0.01' });
    const answer = await refused(bench, '/trades/pay', { page_url: other });
    expect(answer.code).toBe('CONTEXT_INCONSISTENT');
  });

  it('belongs to the buyer who logged in first', async () => {
    await login(bench, pageUrl(bench, 'B-5'), 'first@sandbox.example');
    const body = { page_url: pageUrl(bench, 'B-5'), buyer: 'second@sandbox.example' };
    expect((await refused(bench, '/trades/pay', body)).code).toBe('TRADE_BUYER_NOT_MATCH');
  });

  it('is closed by the merchant before payment, and then refuses the payment', async () => {
    const url = pageUrl(bench, 'B-6');
    await login(bench, url);
    const closed = await call(bench, 'alipay.trade.close', { out_trade_no: 'B-6' });
    expect(closed['code']).toBe('10000');
    expect((await refused(bench, '/trades/pay', { page_url: url })).code).toBe('TRADE_HAS_CLOSE');
    const again = await call(bench, 'alipay.trade.close', { out_trade_no: 'B-6' });
    expect(again['sub_code']).toBe('ACQ.REASON_TRADE_STATUS_INVALID');
  });

  it('cannot be closed once paid', async () => {
    await pay(bench, pageUrl(bench, 'B-7'));
    const answer = await call(bench, 'alipay.trade.close', { out_trade_no: 'B-7' });
    expect(answer['sub_code']).toBe('ACQ.REASON_TRADE_STATUS_INVALID');
  });

  it('has exactly one winner when payment and close meet, 50 times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const outTradeNo = `race-${round}`;
      const url = pageUrl(bench, outTradeNo);
      await login(bench, url);
      const [paid, closed] = await Promise.all([
        bench.control('POST', '/trades/pay', { page_url: url }).then(
          () => true,
          () => false,
        ),
        call(bench, 'alipay.trade.close', { out_trade_no: outTradeNo }),
      ]);
      expect([paid, closed['code'] === '10000'].filter(Boolean)).toHaveLength(1);
    }
  });

  it('closes by itself at time_expire, a Beijing time', async () => {
    const { beijing } = await bench.control<{ beijing: string }>('GET', '/clock');
    const inAnHour = new Date(Date.parse(`${beijing.replace(' ', 'T')}Z`) + 3_600_000);
    const time_expire = inAnHour.toISOString().slice(0, 19).replace('T', ' ');
    const url = pageUrl(bench, 'B-8', { time_expire });
    await login(bench, url);
    await bench.control('POST', '/clock/advance', { by: '59m' });
    const open = await call(bench, 'alipay.trade.query', { out_trade_no: 'B-8' });
    expect(open['trade_status']).toBe('WAIT_BUYER_PAY');
    await bench.control('POST', '/clock/advance', { by: '2m' });
    const closed = await call(bench, 'alipay.trade.query', { out_trade_no: 'B-8' });
    expect(closed['trade_status']).toBe('TRADE_CLOSED');
    expect((await refused(bench, '/trades/pay', { page_url: url })).code).toBe('TRADE_HAS_CLOSE');
  });

  it('is never made from a page whose time is over', async () => {
    const url = pageUrl(bench, 'B-9', { timeout_express: '5m' });
    const cashier = await openCashier(url);
    await bench.control('POST', '/clock/advance', { by: '6m' });
    const response = await press(cashier, 'pay');
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('NOW_TIME_AFTER_EXPIRE_TIME_ERROR');
    expect(await bench.control('GET', '/trades')).toEqual({ trades: [] });
  });
});
