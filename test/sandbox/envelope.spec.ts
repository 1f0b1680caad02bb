/**
 * Goal: requests that are signed wrongly or lack something get the real gateway's answers, and
 * answers are signed over their exact characters. Method: the SDK's requests, changed by hand.
 */
import { generateKeyPairSync } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APP_ID, call, pageUrl, pay, startBench, type Bench } from './kit.js';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.control('POST', '/reset'));

describe('the envelope', () => {
  it('names the missing or wrong parameter with the code of the real gateway', async () => {
    const ask = async (params: Record<string, string>): Promise<Record<string, string>> => {
      const query = new URLSearchParams(params).toString();
      const response = await fetch(`${bench.sandbox.url}/gateway.do?${query}`);
      const body = (await response.json()) as Record<string, Record<string, string>>;
      return body['alipay_trade_query_response'] ?? body['error_response'] ?? {};
    };
    const good = signedParams('alipay.trade.query');
    const { app_id: _appId, ...noApp } = good;
    expect(await ask(noApp)).toMatchObject({ code: '40001', sub_code: 'isv.missing-app-id' });
    const strange = { ...good, app_id: '1' };
    expect(await ask(strange)).toMatchObject({ code: '40002', sub_code: 'isv.invalid-app-id' });
    const changed = { ...good, biz_content: '{"out_trade_no":"<x>"}' };
    const answer = await ask(changed);
    expect(answer).toMatchObject({ code: '40002', sub_code: 'isv.invalid-signature' });
    expect(answer['sub_msg']).toContain(
      '&amp;biz_content={&quot;out_trade_no&quot;:&quot;&lt;x&gt;',
    );
    const unknown = await ask(signedParams('alipay.trade.nothing'));
    expect(unknown['sub_code']).toBe('isv.invalid-method');
    const constructor = await ask(signedParams('constructor'));
    expect(constructor['sub_code']).toBe('isv.invalid-method');
  });

  it('refuses a request signed with another key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const stranger = new AlipaySdk({
      appId: APP_ID,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      keyType: 'PKCS8',
      alipayPublicKey: bench.sdk.config.alipayPublicKey,
      gateway: bench.sdk.config.gateway,
      camelcase: false,
    });
    const biz = { bizContent: { out_trade_no: 'x' } };
    const answer = await stranger.exec('alipay.trade.query', biz, { validateSign: true });
    expect(answer).toMatchObject({ code: '40002', sub_code: 'isv.invalid-signature' });
  });

  it('drops empty parameters before verifying, so a client that signs them fails', async () => {
    const params = { bizContent: { out_trade_no: 'x' }, appAuthToken: '' };
    const answer = await bench.sdk.exec('alipay.trade.query', params);
    expect(answer).toMatchObject({ sub_code: 'isv.invalid-signature' });
  });

  it('answers page.pay problems with an HTML page and opens nothing', async () => {
    const url = `${pageUrl(bench, 'C-1')}&extra=1`;
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    expect(page).toContain('调试错误，请回到请求来源地，重新发起请求。');
    expect(page).toContain('错误代码 invalid-signature');
    const bad = await (await fetch(pageUrl(bench, 'C-2', { total_amount: '1.005' }))).text();
    expect(bad).toContain('total_amount');
    expect(await bench.control('GET', '/sessions')).toEqual({ sessions: [] });
  });

  it('escapes slashes in answers, and the signature covers them as sent', async () => {
    await pay(bench, pageUrl(bench, 'C-3', { subject: 'a/b "c"' }));
    const params = signedParams('alipay.trade.query', { out_trade_no: 'C-3' });
    const query = new URLSearchParams(params).toString();
    const text = await (await fetch(`${bench.sandbox.url}/gateway.do?${query}`)).text();
    expect(text).toContain('a\\/b \\"c\\"');
    const answer = await call(bench, 'alipay.trade.query', { out_trade_no: 'C-3' });
    expect(answer['subject']).toBe('a/b "c"');
  });
});

/** The parameters of a V2 request as the SDK signs them. */
function signedParams(method: string, biz: object = { out_trade_no: 'x' }): Record<string, string> {
  const order = bench.sdk.sdkExecute(method, { bizContent: biz });
  return Object.fromEntries(new URLSearchParams(order));
}
