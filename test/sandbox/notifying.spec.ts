/**
 * Goal: notifications arrive as genuine ones do, are repeated at Alipay's times until the merchant
 * answers exactly `success`, survive a restart, and can be lost, doubled, reordered and forged.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { login, pageUrl, pay, refused, startBench, words, type Bench, type Fields } from './kit.js';

interface Notify {
  notify_id: string;
  out_trade_no: string;
  state: string;
  attempts: number;
}
interface Copies {
  acknowledged: number;
  copies: { status: number; acknowledged: boolean }[];
}

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

async function notifies(): Promise<Notify[]> {
  return (await bench.control<{ notifies: Notify[] }>('GET', '/notifies')).notifies;
}

/** Pays and waits until the first delivery has been answered. */
async function payAndWait(outTradeNo: string, biz: object = {}): Promise<Notify> {
  await pay(bench, pageUrl(bench, outTradeNo, { ...biz }));
  const { notifies: sent } = await bench.control<{ notifies: Notify[] }>(
    'POST',
    '/notifies/flush',
    { out_trade_no: outTradeNo },
  );
  return sent[0] ?? ((await notifies()).at(-1) as Notify);
}

const received = (): Fields[] => bench.merchant.received.map(({ fields }) => fields);

describe('a notification', () => {
  it('has the fields of a genuine one, and the SDK verifies it', async () => {
    await payAndWait('N-1', {
      subject: '100% <好>+ 🎁',
      passback_params: 'a%3D1%26b',
      body: 'x/y',
    });
    const [fields = {}] = received();
    expect(bench.sdk.checkNotifySignV2(fields)).toBe(true);
    expect(Object.keys(fields).sort()).toEqual(
      words(`app_id auth_app_id body buyer_id buyer_logon_id buyer_pay_amount charset
        fund_bill_list gmt_create gmt_payment invoice_amount notify_id notify_time notify_type
        out_trade_no passback_params point_amount receipt_amount seller_email seller_id sign
        sign_type subject total_amount trade_no trade_status version`),
    );
    expect(fields).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      total_amount: '19.00',
      subject: '100% <好>+ 🎁',
      passback_params: 'a%3D1%26b',
    });
    expect(bench.merchant.received[0]?.contentType).toContain('application/x-www-form-urlencoded');
  });

  it('comes once when it is answered with success', async () => {
    const notify = await payAndWait('N-2');
    await bench.control('POST', '/clock/advance', { by: '30h' });
    expect(bench.merchant.received).toHaveLength(1);
    expect((await notifies())[0]).toMatchObject({ state: 'acknowledged', attempts: 1 });
    expect(notify.out_trade_no).toBe('N-2');
  });

  it('comes eight times at 4m 10m 10m 1h 2h 6h 15h with one notify_id, then no more', async () => {
    bench.merchant.answer = () => ({ status: 500, body: '' });
    await payAndWait('N-3');
    await bench.control('POST', '/clock/advance', { by: '48h' });
    const times = received().map((fields) => Date.parse(`${fields['notify_time']}Z`) / 60_000);
    const waits = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
    expect(waits).toEqual([4, 10, 10, 60, 120, 360, 900]);
    expect(new Set(received().map((fields) => fields['notify_id'])).size).toBe(1);
    expect(received().every((fields) => bench.sdk.checkNotifySignV2(fields))).toBe(true);
    expect((await notifies())[0]).toMatchObject({ state: 'given_up', attempts: 8 });
  });

  it.each([
    ['white space', { status: 200, body: 'success\n' }],
    ['JSON', { status: 200, body: '"success"' }],
    ['fail', { status: 200, body: 'fail' }],
    ['an error with the right word', { status: 500, body: 'success' }],
    ['a redirect', { status: 302, body: 'success', location: '/elsewhere' }],
  ])('is not acknowledged by %s', async (_name, answer) => {
    bench.merchant.answer = () => answer;
    await payAndWait('N-4');
    expect((await notifies())[0]).toMatchObject({ state: 'due', attempts: 1 });
    expect(bench.merchant.received).toHaveLength(1);
  });

  it('is still due after a restart, and nothing else is lost either', async () => {
    bench.merchant.answer = () => ({ status: 500, body: '' });
    const { trade_no } = await pay(bench, pageUrl(bench, 'N-5'));
    await bench.control('POST', '/notifies/flush', {});
    await bench.restart();
    bench.merchant.answer = () => ({ status: 200, body: 'success' });
    const trade = await bench.control('GET', '/trades/N-5');
    expect(trade).toMatchObject({ trade_no, trade_status: 'TRADE_SUCCESS' });
    await bench.control('POST', '/clock/advance', { by: '5m' });
    expect(await notifies()).toMatchObject([{ out_trade_no: 'N-5', state: 'acknowledged' }]);
    const { seller } = await bench.control<{ seller: object }>('GET', '/accounts');
    expect(seller).toMatchObject({ balance: '19.00' });
  });

  it('is not sent for a page that was only logged in at or closed', async () => {
    await login(bench, pageUrl(bench, 'N-6'));
    await bench.control('POST', '/clock/advance', { by: '31m' });
    expect(await bench.control('GET', '/trades/N-6')).toMatchObject({
      trade_status: 'TRADE_CLOSED',
    });
    expect(await notifies()).toEqual([]);
  });
});

describe('the controls', () => {
  it('hold keeps notifications back, and flush sends them in the order asked for', async () => {
    await bench.control('POST', '/notifies/hold', { hold: true });
    for (const outTradeNo of ['H-1', 'H-2', 'H-3']) await pay(bench, pageUrl(bench, outTradeNo));
    await bench.control('POST', '/clock/advance', { by: '30h' });
    expect(bench.merchant.received).toHaveLength(0);
    await bench.control('POST', '/notifies/flush', { order: 'desc' });
    expect(received().map((fields) => fields['out_trade_no'])).toEqual(['H-3', 'H-2', 'H-1']);
  });

  it('hold off lets go of what was held', async () => {
    await bench.control('POST', '/notifies/hold', { hold: true });
    await pay(bench, pageUrl(bench, 'H-4'));
    await bench.control('POST', '/notifies/hold', { hold: false });
    await bench.control('POST', '/notifies/flush', {});
    expect(bench.merchant.received).toHaveLength(1);
  });

  it('drop loses a notification for good', async () => {
    await bench.control('POST', '/notifies/hold', { hold: true });
    await pay(bench, pageUrl(bench, 'H-5'));
    await bench.control('POST', '/notifies/drop', { out_trade_no: 'H-5' });
    await bench.control('POST', '/notifies/hold', { hold: false });
    await bench.control('POST', '/clock/advance', { by: '30h' });
    expect(bench.merchant.received).toHaveLength(0);
    await bench.control('PATCH', '/settings', { notify_mode: 'drop' });
    await pay(bench, pageUrl(bench, 'H-6'));
    await bench.control('POST', '/clock/advance', { by: '30h' });
    expect(bench.merchant.received).toHaveLength(0);
  });

  it('resend posts 30 parallel copies that all verify', async () => {
    await payAndWait('R-1');
    const sent = await bench.control<Copies>('POST', '/notifies/resend', {
      out_trade_no: 'R-1',
      times: 30,
    });
    expect(sent.acknowledged).toBe(30);
    expect(bench.merchant.received).toHaveLength(31);
    expect(received().every((fields) => bench.sdk.checkNotifySignV2(fields))).toBe(true);
  });

  it('resend lies with a good signature (before) and with a broken one (after)', async () => {
    await payAndWait('R-2');
    const change = { total_amount: '0.01', new: '值' };
    await bench.control('POST', '/notifies/resend', { out_trade_no: 'R-2', before: change });
    await bench.control('POST', '/notifies/resend', { out_trade_no: 'R-2', after: change });
    const [, before = {}, after = {}] = received();
    expect(before).toMatchObject(change);
    expect(bench.sdk.checkNotifySignV2(before)).toBe(true);
    expect(after).toMatchObject(change);
    expect(bench.sdk.checkNotifySignV2(after)).toBe(false);
  });

  it('resend forges: foreign key, no sign, sign twice, empty, GBK', async () => {
    await payAndWait('R-3');
    const resend = (options: object): Promise<Copies> =>
      bench.control('POST', '/notifies/resend', { out_trade_no: 'R-3', ...options });
    await resend({ foreign_key: true });
    await resend({ omit: ['sign'] });
    await resend({ duplicate: ['sign'] });
    await resend({ empty: true });
    await resend({ charset: 'gbk' });
    const [, foreign, unsigned, twice, empty, gbk] = bench.merchant.received;
    expect(bench.sdk.checkNotifySignV2(foreign?.fields)).toBe(false);
    expect(unsigned?.fields).not.toHaveProperty('sign');
    expect(twice?.body.match(/(^|&)sign=/g)).toHaveLength(2);
    expect(empty?.body).toBe('');
    expect(gbk?.contentType).toContain('charset=GBK');
    const subject = /(?:^|&)%73%75%62%6a%65%63%74=([^&]*)/.exec(gbk?.body ?? '')?.[1] ?? '';
    const bytes = Buffer.from(subject.replaceAll('%', ''), 'hex');
    expect(new TextDecoder('gbk').decode(bytes)).toBe('美多商城订单');
  });

  it('resend can build the form without sending it', async () => {
    await payAndWait('R-4');
    const { forms } = await bench.control<{ forms: { url: string; body: string }[] }>(
      'POST',
      '/notifies/resend',
      { out_trade_no: 'R-4', dry_run: true },
    );
    const fields = Object.fromEntries(new URLSearchParams(forms[0]?.body));
    expect(bench.sdk.checkNotifySignV2(fields)).toBe(true);
    expect(bench.merchant.received).toHaveLength(1);
  });

  it('refuse options they do not know and things that are not there', async () => {
    const unknown = await fetch(`${bench.sandbox.url}/sandbox/notifies/resend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"foreignKey":true}',
    });
    expect(unknown.status).toBe(400);
    expect(await unknown.text()).toContain('foreignKey');
    const missing = await refused(bench, '/notifies/resend', { out_trade_no: 'none' });
    expect(missing).toEqual({ status: 404, code: 'NOT_FOUND' });
    const noPage = await refused(bench, '/trades/pay', { out_trade_no: 'none' });
    expect(noPage.status).toBe(404);
  });

  it('policy all tells every state, also WAIT_BUYER_PAY and a late TRADE_FINISHED', async () => {
    await bench.control('PATCH', '/settings', { notify_policy: 'all' });
    const url = pageUrl(bench, 'P-1');
    await login(bench, url);
    await pay(bench, url);
    await bench.control('POST', '/trades/finish', { out_trade_no: 'P-1' });
    await bench.control('POST', '/notifies/flush', {});
    expect((await notifies()).map((entry) => entry.state)).toEqual(
      Array.from({ length: 3 }, () => 'acknowledged'),
    );
    expect(new Set(received().map((fields) => fields['trade_status']))).toEqual(
      new Set(['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED']),
    );
  });
});
