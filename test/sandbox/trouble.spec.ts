/**
 * Goal: every fault is what the real SDK would meet on a bad day, faults after the work leave the
 * work done, warnings name doubtful merchants and leave good ones alone, and the books survive.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/alipay-sandbox/app.js';
import {
  APP_ID,
  SELLER_ID,
  call,
  newSdk,
  pageUrl,
  pay,
  startBench,
  type Bench,
  type Fields,
} from './kit.js';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.control('POST', '/reset'));

function addFault(kind: string, method = 'alipay.trade.query', times = 1): Promise<unknown> {
  return bench.control('POST', '/faults', { method, kind, times });
}

function query(outTradeNo: string): Promise<Fields> {
  return call(bench, 'alipay.trade.query', { out_trade_no: outTradeNo });
}

function refund(outTradeNo: string): Promise<Fields> {
  const biz = { out_trade_no: outTradeNo, refund_amount: '19.00', out_request_no: 'r' };
  return call(bench, 'alipay.trade.refund', biz);
}

async function sellerBalance(): Promise<string> {
  const { seller } = await bench.control<{ seller: { balance: string } }>('GET', '/accounts');
  return seller.balance;
}

describe('faults', () => {
  it.each(['bad_sign', 'foreign_sign', 'tamper'])('%s fails verification once', async (kind) => {
    await pay(bench, pageUrl(bench, 'T-1'));
    await addFault(kind);
    await expect(query('T-1')).rejects.toThrow('验签失败');
    expect((await query('T-1'))['trade_status']).toBe('TRADE_SUCCESS');
  });

  it('no_sign makes the SDK throw', async () => {
    await pay(bench, pageUrl(bench, 'T-2'));
    await addFault('no_sign');
    await expect(query('T-2')).rejects.toThrow();
  });

  it("replay verifies, but is another order's", async () => {
    await pay(bench, pageUrl(bench, 'T-3'));
    await addFault('replay', 'alipay.trade.query', 2);
    const answer = await query('unpaid');
    expect(answer).toMatchObject({ code: '10000', trade_status: 'TRADE_SUCCESS' });
    expect(answer['out_trade_no']).toBe('T-3');
    expect((await query('T-3'))['out_trade_no']).not.toBe('T-3');
  });

  it('unknown and system_error are signed answers', async () => {
    await addFault('unknown');
    expect(await query('x')).toMatchObject({ code: '20000', sub_code: 'isp.unknow-error' });
    await addFault('system_error');
    expect(await query('x')).toMatchObject({ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' });
  });

  it('http_500, garbage and reset make the SDK throw', async () => {
    await addFault('http_500');
    await expect(query('x')).rejects.toThrow('500');
    await addFault('garbage');
    await expect(query('x')).rejects.toThrow('格式错误');
    // The SDK's HTTP client sends a reset request once more by itself.
    await addFault('reset', 'alipay.trade.query', 2);
    await expect(query('x')).rejects.toThrow('HttpClient Request error');
    expect(await bench.control('GET', '/faults')).toEqual({ faults: [] });
  });

  it('hang lasts until the client gives up', async () => {
    const impatient = await newSdk(bench.sandbox, 300);
    await addFault('hang');
    const biz = { bizContent: { out_trade_no: 'x' } };
    await expect(impatient.exec('alipay.trade.query', biz)).rejects.toThrow('timeout');
  });

  it.each(['http_500', 'garbage', 'unknown', 'system_error', 'fund_change_n'])(
    '%s before a refund leaves it undone, %s_after leaves it done',
    async (kind) => {
      await pay(bench, pageUrl(bench, 'T-4'));
      await addFault(kind, 'alipay.trade.refund');
      await refund('T-4').catch(() => undefined);
      expect(await sellerBalance()).toBe('19.00');
      await addFault(`${kind}_after`, 'alipay.trade.refund');
      await refund('T-4').catch(() => undefined);
      expect(await sellerBalance()).toBe('0.00');
      expect(await refund('T-4')).toMatchObject({ code: '10000', fund_change: 'N' });
    },
  );

  it.each(['bad_sign', 'no_sign', 'foreign_sign', 'tamper'])(
    '%s after a refund leaves it done, %s_before leaves it undone',
    async (kind) => {
      await pay(bench, pageUrl(bench, 'T-4'));
      await addFault(`${kind}_before`, 'alipay.trade.refund');
      await expect(refund('T-4')).rejects.toThrow();
      expect(await sellerBalance()).toBe('19.00');
      await addFault(kind, 'alipay.trade.refund');
      await expect(refund('T-4')).rejects.toThrow();
      expect(await sellerBalance()).toBe('0.00');
      expect(await refund('T-4')).toMatchObject({ code: '10000', fund_change: 'N' });
    },
  );

  it('hit only the order they name', async () => {
    const fault = { method: '*', kind: 'unknown', out_trade_no: 'T-5' };
    await bench.control('POST', '/faults', fault);
    expect((await query('other'))['code']).toBe('40004');
    expect((await query('T-5'))['code']).toBe('20000');
  });

  it('hit the payment page too', async () => {
    await addFault('http_500', 'alipay.trade.page.pay');
    expect((await fetch(pageUrl(bench, 'T-6'))).status).toBe(500);
  });

  it('are refused when their kind is none', async () => {
    await expect(addFault('flood')).rejects.toThrow('400');
  });
});

describe('warnings', () => {
  interface Seen {
    warnings: { code: string; about: string; count: number }[];
    notes: { code: string }[];
  }
  const seen = (): Promise<Seen> => bench.control('GET', '/warnings');

  it('are empty for a merchant that does all it should', async () => {
    const url = pageUrl(bench, 'good');
    await pay(bench, url);
    await bench.control('POST', '/notifies/flush', {});
    await query('good');
    await refund('good');
    expect((await seen()).warnings).toEqual([]);
  });

  it('name what is missing, and count repetitions', async () => {
    const sloppy = bench.sdk.pageExecute('alipay.trade.page.pay', 'GET', {
      bizContent: {
        out_trade_no: 'bad',
        total_amount: 19.9,
        subject: 'a=b',
        product_code: 'FAST_INSTANT_TRADE_PAY',
      },
      returnUrl: 'http://shop.example/back?method=x',
    });
    await fetch(sloppy);
    await pay(bench, sloppy);
    const part = { out_trade_no: 'bad', refund_amount: '1.00' };
    await call(bench, 'alipay.trade.refund', { ...part, out_request_no: '1' });
    await call(bench, 'alipay.trade.refund', { ...part, out_request_no: '2' });
    await call(bench, 'alipay.trade.refund', part);
    const { warnings, notes } = await seen();
    const counts = Object.fromEntries(warnings.map(({ code, count }) => [code, count]));
    expect(counts).toEqual({
      no_time_expire: 2,
      amount_form: 2,
      no_notify_url: 2,
      return_url_method: 2,
      refunds_too_close: 1,
      refund_without_number: 1,
    });
    expect(notes.map(({ code }) => code)).toContain('subject_characters');
    await bench.control('DELETE', '/warnings');
    expect((await seen()).warnings).toEqual([]);
  });

  it('tell plain http to another machine and an answer that is not success', async () => {
    const url = bench.sdk.pageExecute('alipay.trade.page.pay', 'GET', {
      bizContent: {
        out_trade_no: 'far',
        total_amount: '1.00',
        subject: 's',
        product_code: 'FAST_INSTANT_TRADE_PAY',
        timeout_express: '5m',
      },
      notifyUrl: 'http://shop.example/notify',
    });
    await fetch(url);
    bench.merchant.answer = () => ({ status: 200, body: '{"code":0,"data":"success"}' });
    await pay(bench, pageUrl(bench, 'json'));
    await bench.control('POST', '/notifies/flush', {});
    const codes = (await seen()).warnings.map(({ code, about }) => [code, about]);
    expect(codes).toEqual([
      ['notify_url_not_https', 'far'],
      ['notify_answer_not_success', 'json'],
    ]);
  });
});

describe('the house', () => {
  it('keeps private keys private and makes them once', async () => {
    const { keysDir } = bench.sandbox;
    const before = await readFile(join(keysDir, 'app_private_key.pem'), 'utf8');
    expect(before).toContain('BEGIN PRIVATE KEY');
    expect((await readdir(keysDir)).sort()).toEqual([
      'alipay_private_key.pem',
      'alipay_public_key.pem',
      'app_private_key.pem',
      'app_public_key.pem',
    ]);
    for (const name of ['app', 'alipay']) {
      const { mode } = await stat(join(keysDir, `${name}_private_key.pem`));
      expect(mode & 0o777).toBe(0o600);
    }
    await bench.restart();
    expect(await readFile(join(keysDir, 'app_private_key.pem'), 'utf8')).toBe(before);
  });

  it('keeps its books when killed in the middle of a line', async () => {
    await pay(bench, pageUrl(bench, 'K-1'));
    await fetch(pageUrl(bench, 'K-2'));
    await killAndRestart('{"trades":[{"id":"torn","ord');
    // The login is the first line after the torn one: it must not be lost with it.
    await bench.control('POST', '/trades/login', { out_trade_no: 'K-2' });
    await killAndRestart();
    const { trades } = await bench.control<{ trades: Fields[] }>('GET', '/trades');
    expect(trades.map((trade) => [trade['out_trade_no'], trade['trade_status']])).toEqual([
      ['K-1', 'TRADE_SUCCESS'],
      ['K-2', 'WAIT_BUYER_PAY'],
    ]);
    expect(await sellerBalance()).toBe('19.00');
  });

  it('refuses a taken port and leaves the books of the first alone', async () => {
    const port = Number(new URL(bench.sandbox.url).port);
    const second = startSandbox({
      port,
      host: '127.0.0.1',
      dataDir: bench.dataDir,
      appId: 'x',
      sellerId: 'y',
    });
    await expect(second).rejects.toThrow('EADDRINUSE');
    await pay(bench, pageUrl(bench, 'K-3'));
    await bench.restart();
    expect(await bench.control('GET', '/trades/K-3')).toMatchObject({ total_amount: '19.00' });
  });

  it('stops although a request hangs', async () => {
    const patient = await newSdk(bench.sandbox, 30_000);
    await addFault('hang');
    const hanging = patient
      .exec('alipay.trade.query', { bizContent: { out_trade_no: 'x' } })
      .then(String, (error: Error) => error.message);
    await expect
      .poll(async () => (await bench.control<{ requests: object[] }>('GET', '/requests')).requests)
      .toHaveLength(1);
    await bench.restart();
    expect(await hanging).toContain('HttpClient Request error');
    expect(await hanging).not.toContain('timeout');
  });

  it('does not let a foreign web page press its buttons', async () => {
    for (const path of ['/sandbox/reset', '/home/reset']) {
      const response = await fetch(`${bench.sandbox.url}${path}`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      expect(response.status).toBe(403);
    }
  });

  it('answers control calls without or with odd bodies with 4xx, never 5xx', async () => {
    const paths = ['trades/pay', 'trades/finish', 'notifies/flush', 'notifies/resend', 'faults'];
    for (const path of [...paths, 'clock/advance', 'seller/withdraw', 'notifies/hold']) {
      for (const body of [undefined, '[]', '{"x":1}', '{', 'null']) {
        const headers = body ? { 'content-type': 'application/json' } : undefined;
        const options = { method: 'POST', headers, body };
        const { status } = await fetch(`${bench.sandbox.url}/sandbox/${path}`, options);
        expect(status, `${path} ${body}`).toBeLessThan(500);
      }
    }
  });

  it('answers control calls about an order it does not know with 404', async () => {
    for (const path of ['trades/pay', 'trades/login', 'trades/finish', 'trades/hide-from-bill']) {
      const { status } = await fetch(`${bench.sandbox.url}/sandbox/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"out_trade_no":"nobody-knows"}',
      });
      expect([path, status]).toEqual([path, 404]);
    }
  });

  /** Leaves the journal as a kill at this moment would, not as a clean stop does. */
  async function killAndRestart(tornLine = ''): Promise<void> {
    const { dataDir } = bench;
    const journal = join(dataDir, 'journal.jsonl');
    const atTheKill = await readFile(journal, 'utf8');
    await bench.sandbox.close();
    await writeFile(journal, atTheKill + tornLine);
    const port = Number(new URL(bench.sandbox.url).port);
    const options = { port, host: '127.0.0.1', dataDir, appId: APP_ID, sellerId: SELLER_ID };
    bench.sandbox = await startSandbox(options);
  }
});
