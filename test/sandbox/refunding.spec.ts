/**
 * Goal: refunds, cancels, the other products and bills follow the gateway's rules, and no money is
 * made or lost by them. Method: the real SDK asks, the control API shows the money.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearOfMidnight } from '../kit/calendar.js';
import { call, login, pageUrl, pay, refused, startBench, type Bench, type Fields } from './kit.js';

interface Accounts {
  seller: { balance: string };
  buyers: { logon_id: string; balance: string }[];
}

const REFUND = 'alipay.trade.refund';
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query';
const BILL = 'alipay.data.dataservice.bill.downloadurl.query';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.control('POST', '/reset');
  bench.merchant.received.length = 0;
});

const accounts = (): Promise<Accounts> => bench.control('GET', '/accounts');

function refund(outTradeNo: string, amount: string, number?: string): Promise<Fields> {
  return call(bench, REFUND, {
    out_trade_no: outTradeNo,
    refund_amount: amount,
    out_request_no: number,
  });
}

/** Waits for every delivery under way and gives what the merchant received, oldest first. */
async function received(): Promise<Fields[]> {
  await bench.control('POST', '/notifies/flush', {});
  return bench.merchant.received.map(({ fields }) => fields);
}

describe('a refund', () => {
  it('in parts adds up to the total, closes the trade and moves the money back', async () => {
    await pay(bench, pageUrl(bench, 'F-1'));
    const first = await refund('F-1', '4.50', 'one');
    expect(first).toMatchObject({ code: '10000', fund_change: 'Y', refund_fee: '4.50' });
    const second = await refund('F-1', '14.50', 'two');
    expect(second).toMatchObject({ fund_change: 'Y', refund_fee: '19.00', send_back_fee: '14.50' });
    const query = await call(bench, 'alipay.trade.query', { out_trade_no: 'F-1' });
    expect(query['trade_status']).toBe('TRADE_CLOSED');
    expect((await accounts()).seller.balance).toBe('0.00');
    expect((await accounts()).buyers[0]?.balance).toBe('99999999.00');
  });

  it('is idempotent on its number: repeated nothing happens, changed it is refused', async () => {
    await pay(bench, pageUrl(bench, 'F-2'));
    await refund('F-2', '5.00', 'same');
    const again = await refund('F-2', '5.00', 'same');
    expect(again).toMatchObject({ code: '10000', fund_change: 'N', refund_fee: '5.00' });
    const changed = await refund('F-2', '6.00', 'same');
    expect(changed['sub_code']).toBe('ACQ.DISCORDANT_REPEAT_REQUEST');
    expect((await accounts()).seller.balance).toBe('14.00');
  });

  it('moves money once when many copies arrive together', async () => {
    await pay(bench, pageUrl(bench, 'F-3'));
    const copies = Array.from({ length: 10 }, () => refund('F-3', '19.00', 'together'));
    const changes = (await Promise.all(copies)).map((answer) => answer['fund_change']);
    expect(changes.filter((change) => change === 'Y')).toHaveLength(1);
    expect((await accounts()).seller.balance).toBe('0.00');
  });

  it.each([
    [
      'more than is left',
      { refund_amount: '19.01', out_request_no: 'x' },
      'REFUND_AMT_NOT_EQUAL_TOTAL',
    ],
    ['nothing', { refund_amount: '0.00', out_request_no: 'x' }, 'REASON_TRADE_REFUND_FEE_ERR'],
    ['half a fen', { refund_amount: '0.005', out_request_no: 'x' }, 'INVALID_PARAMETER'],
    ['a part without a number', { refund_amount: '1.00' }, 'INVALID_PARAMETER'],
  ])('of %s is refused', async (_name, biz, code) => {
    await pay(bench, pageUrl(bench, 'F-4'));
    const answer = await call(bench, REFUND, { out_trade_no: 'F-4', ...biz });
    expect(answer).toMatchObject({ code: '40004', sub_code: `ACQ.${code}` });
    expect((await accounts()).seller.balance).toBe('19.00');
  });

  it('is refused for unpaid, closed, finished and unknown trades', async () => {
    await login(bench, pageUrl(bench, 'F-5'));
    expect((await refund('F-5', '1.00', 'x'))['sub_code']).toBe('ACQ.TRADE_STATUS_ERROR');
    await call(bench, 'alipay.trade.close', { out_trade_no: 'F-5' });
    expect((await refund('F-5', '1.00', 'x'))['sub_code']).toBe('ACQ.TRADE_HAS_CLOSE');
    expect((await refund('none', '1.00', 'x'))['sub_code']).toBe('ACQ.TRADE_NOT_EXIST');
    await pay(bench, pageUrl(bench, 'F-6'));
    await bench.control('POST', '/clock/advance', { by: '91d' });
    expect((await refund('F-6', '1.00', 'x'))['sub_code']).toBe('ACQ.TRADE_HAS_FINISHED');
  });

  it('is refused while the seller has no money, and done later with the same number', async () => {
    await pay(bench, pageUrl(bench, 'F-7'));
    await bench.control('POST', '/seller/withdraw', { amount: '19.00' });
    const poor = await refund('F-7', '19.00', 'later');
    expect(poor['sub_code']).toBe('ACQ.SELLER_BALANCE_NOT_ENOUGH');
    await bench.control('POST', '/seller/deposit', { amount: '20.00' });
    expect((await refund('F-7', '19.00', 'later'))['fund_change']).toBe('Y');
    expect((await accounts()).seller.balance).toBe('1.00');
    const tooMuch = await refused(bench, '/seller/withdraw', { amount: '2.00' });
    expect(tooMuch.code).toBe('SELLER_BALANCE_NOT_ENOUGH');
  });

  it('is found by its number; an unknown one answers without refund_status', async () => {
    await pay(bench, pageUrl(bench, 'F-8'));
    await refund('F-8', '19.00');
    const biz = { out_trade_no: 'F-8', out_request_no: 'F-8', query_options: ['gmt_refund_pay'] };
    const found = await call(bench, REFUND_QUERY, biz);
    expect(found).toMatchObject({ refund_status: 'REFUND_SUCCESS', refund_amount: '19.00' });
    expect(found['gmt_refund_pay']).toMatch(/^\d{4}-/);
    const unknown = await call(bench, REFUND_QUERY, { ...biz, out_request_no: 'other' });
    expect(unknown['code']).toBe('10000');
    expect(unknown).not.toHaveProperty('refund_status');
  });

  it('in part notifies TRADE_SUCCESS with the sum; in full a page tells nothing', async () => {
    await pay(bench, pageUrl(bench, 'F-9'));
    await refund('F-9', '2.00', 'one');
    await refund('F-9', '3.00', 'two');
    await refund('F-9', '14.00', 'three');
    const notices = await received();
    const sums = new Set(notices.map((fields) => fields['refund_fee']));
    expect(notices).toHaveLength(3);
    expect(sums).toEqual(new Set([undefined, '2.00', '5.00']));
    const partial = notices.find((fields) => fields['refund_fee'] === '5.00');
    expect(partial).toMatchObject({ trade_status: 'TRADE_SUCCESS', out_biz_no: 'two' });
    expect(bench.sdk.checkNotifySignV2(partial)).toBe(true);
  });
});

describe('cancel', () => {
  it('closes an unpaid trade, refunds a paid one, and finds nothing to do otherwise', async () => {
    await login(bench, pageUrl(bench, 'X-1'));
    const cancel = (outTradeNo: string): Promise<Fields> =>
      call(bench, 'alipay.trade.cancel', { out_trade_no: outTradeNo });
    expect(await cancel('X-1')).toMatchObject({ code: '10000', action: 'close', retry_flag: 'N' });
    await pay(bench, pageUrl(bench, 'X-2'));
    expect(await cancel('X-2')).toMatchObject({ code: '10000', action: 'refund' });
    expect((await accounts()).seller.balance).toBe('0.00');
    const nothing = await cancel('X-3');
    expect(nothing).toMatchObject({ code: '10000', out_trade_no: 'X-3' });
    expect(nothing).not.toHaveProperty('action');
    expect(await cancel('X-2')).not.toHaveProperty('action');
  });
});

describe('other products', () => {
  it('wap pays like page, with its own return method, and tells a timeout', async () => {
    const wapUrl = (outTradeNo: string): string =>
      bench.sdk.pageExecute('alipay.trade.wap.pay', 'GET', {
        bizContent: {
          out_trade_no: outTradeNo,
          total_amount: '8.00',
          subject: '书',
          product_code: 'QUICK_WAP_WAY',
          timeout_express: '10m',
          quit_url: bench.merchant.returnUrl,
        },
        notifyUrl: bench.merchant.notifyUrl,
        returnUrl: bench.merchant.returnUrl,
      });
    const { return_url } = await pay(bench, wapUrl('W-1'));
    const params = Object.fromEntries(new URL(return_url ?? '').searchParams);
    expect(params['method']).toBe('alipay.trade.wap.pay.return');
    expect(bench.sdk.checkNotifySignV2(params)).toBe(true);
    await login(bench, wapUrl('W-2'));
    await bench.control('POST', '/clock/advance', { by: '11m' });
    const closed = (await received()).find((fields) => fields['out_trade_no'] === 'W-2') ?? {};
    expect(closed).toMatchObject({ trade_status: 'TRADE_CLOSED' });
    expect(closed).toHaveProperty('gmt_close');
    expect(closed).not.toHaveProperty('refund_fee');
    expect(closed).not.toHaveProperty('gmt_payment');
  });

  it('app pays an order string and hands back a result the SDK verifies', async () => {
    const order_string = bench.sdk.sdkExecute('alipay.trade.app.pay', {
      bizContent: {
        out_trade_no: 'app-1',
        total_amount: '8.00',
        subject: '书',
        product_code: 'QUICK_MSECURITY_PAY',
      },
      notifyUrl: bench.merchant.notifyUrl,
    });
    const paid = await bench.control<{ app_result: { resultStatus: string; result: string } }>(
      'POST',
      '/trades/pay',
      { order_string },
    );
    expect(paid.app_result.resultStatus).toBe('9000');
    const { result } = paid.app_result;
    const { sign } = JSON.parse(result) as { sign: string };
    const signed = bench.sdk.getSignStr(result, 'alipay_trade_app_pay_response');
    expect(bench.sdk.rsaCheck(signed, sign, 'RSA2')).toBe(true);
    const forged = order_string.replace('8.00', '0.01');
    expect((await refused(bench, '/trades/pay', { order_string: forged })).code).toBe(
      'isv.invalid-signature',
    );
  });

  it('precreate gives a QR address that creates the trade when a buyer scans it', async () => {
    const biz = { out_trade_no: 'Q-1', total_amount: '8.00', subject: '书' };
    const answer = await call(bench, 'alipay.trade.precreate', biz);
    expect(answer).toMatchObject({ code: '10000', out_trade_no: 'Q-1' });
    const before = await call(bench, 'alipay.trade.query', { out_trade_no: 'Q-1' });
    expect(before['sub_code']).toBe('ACQ.TRADE_NOT_EXIST');
    const page = await (await fetch(answer['qr_code'] ?? '')).text();
    expect(page).toContain('id="pay"');
    await pay(bench, answer['qr_code'] ?? '');
    const again = await call(bench, 'alipay.trade.precreate', biz);
    expect(again['sub_code']).toBe('ACQ.TRADE_HAS_SUCCESS');
  });
});

describe('the bill', () => {
  /** Downloads a day's bill, unpacks it and gives the text of its files. */
  async function billOf(billDate: string): Promise<string> {
    const biz = { bill_type: 'trade', bill_date: billDate };
    const answer = await call(bench, BILL, biz);
    const response = await fetch(answer['bill_download_url'] ?? '');
    expect(response.headers.get('content-type')).toContain('application/zip');
    const files = unzip(Buffer.from(await response.arrayBuffer()));
    return files.map((bytes) => new TextDecoder('gbk').decode(bytes)).join('');
  }

  async function beijingToday(): Promise<string> {
    await clearOfMidnight();
    const { beijing } = await bench.control<{ beijing: string }>('GET', '/clock');
    return beijing.slice(0, 10);
  }

  it('of yesterday lists payments and refunds in GBK, but no hidden trade', async () => {
    const day = await beijingToday();
    await pay(bench, pageUrl(bench, 'Z-1', { subject: '金色,手机' }));
    await pay(bench, pageUrl(bench, 'Z-2'));
    await pay(bench, pageUrl(bench, 'Z-3'));
    await refund('Z-1', '9.00', 'back-1');
    await bench.control('POST', '/trades/hide-from-bill', { out_trade_no: 'Z-3' });
    const early = await call(bench, BILL, { bill_type: 'trade', bill_date: day });
    expect(early['sub_code']).toBe('isp.bill_not_exist');
    await bench.control('POST', '/clock/advance', { by: '1d' });
    const text = await billOf(day);
    const rows = text.split('\r\n').filter((line) => /^\d{28}\t,/.test(line));
    const cells = rows.map((row) => row.split(',').map((cell) => cell.trim()));
    expect(cells.map((row) => [row[1], row[2], row[11]])).toEqual([
      ['Z-1', '交易', '19.00'],
      ['Z-2', '交易', '19.00'],
      ['Z-1', '退款', '-9.00'],
    ]);
    expect(cells[0]?.[3]).toBe('金色 手机');
    expect(cells[2]?.[21]).toBe('back-1');
    expect(new Set(cells.map((row) => row.length))).toEqual(new Set([25]));
    expect(text).toContain('#交易合计：2笔，商家实收共38.00元');
    expect(text).toContain('#支付宝业务汇总查询');
  });

  it('link dies after 30 seconds', async () => {
    await bench.control('POST', '/clock/advance', { by: '1d' });
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const answer = await call(bench, BILL, { bill_type: 'trade', bill_date: day });
    await bench.control('POST', '/clock/advance', { by: '31s' });
    expect((await fetch(answer['bill_download_url'] ?? '')).status).toBe(404);
  });
});

/** Reads the files of a zip archive by its directory at the end, as an unpacking program does. */
function unzip(zip: Buffer): Buffer[] {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const files: Buffer[] = [];
  let entry = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    expect(zip.readUInt32LE(entry)).toBe(0x02014b50);
    const [checksum, packedSize] = [zip.readUInt32LE(entry + 16), zip.readUInt32LE(entry + 20)];
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = inflateRawSync(zip.subarray(start, start + packedSize));
    expect(crc32(data)).toBe(checksum);
    files.push(data);
    entry += 46 + zip.readUInt16LE(entry + 28);
  }
  expect(entry).toBe(end);
  return files;
}
