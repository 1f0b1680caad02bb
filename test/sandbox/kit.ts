import { AlipaySdk } from 'alipay-sdk';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type RunningSandbox } from '../../src/alipay-sandbox/app.js';

export const APP_ID = '9021000000000001';
export const SELLER_ID = '2088000000000001';

export type Fields = Record<string, string>;

/** A merchant's notify address: it keeps what it got and answers what the test tells it to. */
export interface Merchant {
  notifyUrl: string;
  returnUrl: string;
  received: { fields: Fields; body: string; contentType: string }[];
  /** Answers the next and all later notifications; `success` to begin with. */
  answer: (fields: Fields) => { status: number; body: string; location?: string };
  close(): Promise<void>;
}

export interface Bench {
  sandbox: RunningSandbox;
  dataDir: string;
  sdk: AlipaySdk;
  merchant: Merchant;
  /** Calls the control API and gives the parsed answer; throws on a refusal. */
  control<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T>;
  /** Stops and starts the sandbox again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A sandbox in a folder of its own, a merchant, and the real SDK between them. */
export async function startBench(): Promise<Bench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'alipay-sandbox-'));
  const open = (port = 0): Promise<RunningSandbox> =>
    startSandbox({ port, host: '127.0.0.1', dataDir, appId: APP_ID, sellerId: SELLER_ID });
  const sandbox = await open();
  const merchant = await startMerchant();
  const bench: Bench = {
    sandbox,
    dataDir,
    merchant,
    sdk: await newSdk(sandbox),
    control: (method, path, body) => control(bench.sandbox.url, method, path, body),
    restart: async () => {
      await bench.sandbox.close();
      bench.sandbox = await open(Number(new URL(bench.sandbox.url).port));
    },
    stop: async () => {
      await merchant.close();
      await bench.sandbox.close();
      await rm(dataDir, { recursive: true });
    },
  };
  return bench;
}

/** The real SDK with the sandbox's own keys, as a shop would set it up. */
export async function newSdk(sandbox: RunningSandbox, timeout = 5000): Promise<AlipaySdk> {
  return new AlipaySdk({
    appId: APP_ID,
    privateKey: await readFile(join(sandbox.keysDir, 'app_private_key.pem'), 'utf8'),
    keyType: 'PKCS8',
    alipayPublicKey: await readFile(join(sandbox.keysDir, 'alipay_public_key.pem'), 'utf8'),
    gateway: `${sandbox.url}/gateway.do`,
    camelcase: false,
    timeout,
  });
}

/** A signed page.pay URL with everything a good merchant sends; `biz` overrides parts of it. */
export function pageUrl(
  bench: Bench,
  outTradeNo: string,
  biz: Record<string, unknown> = {},
): string {
  return bench.sdk.pageExecute('alipay.trade.page.pay', 'GET', {
    bizContent: {
      out_trade_no: outTradeNo,
      total_amount: '19.00',
      subject: '美多商城订单',
      product_code: 'FAST_INSTANT_TRADE_PAY',
      timeout_express: '30m',
      ...biz,
    },
    notifyUrl: bench.merchant.notifyUrl,
    returnUrl: bench.merchant.returnUrl,
  });
}

/** Pays through the control API and gives its answer. */
export function pay(bench: Bench, url: string, buyer?: string): Promise<Record<string, string>> {
  return bench.control('POST', '/trades/pay', { page_url: url, buyer });
}

/** Opens the page, logs in with the button that does not pay, and leaves the trade unpaid. */
export function login(bench: Bench, url: string, buyer?: string): Promise<Record<string, string>> {
  return bench.control('POST', '/trades/login', { page_url: url, buyer });
}

/** The words of a text, as a list. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** A V2 call with the answer's signature checked. */
export async function call(bench: Bench, method: string, biz: object): Promise<Fields> {
  return bench.sdk.exec(method, { bizContent: biz }, { validateSign: true });
}

/** A call to the control API whose refusal is the thing to look at. */
export async function refused(
  bench: Bench,
  path: string,
  body: object,
): Promise<{ status: number; code: string }> {
  const response = await send(bench.sandbox.url, 'POST', path, body);
  const { code } = (await response.json()) as { code: string };
  return { status: response.status, code };
}

async function control<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const response = await send(url, method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

function send(url: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${url}/sandbox${path}`, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
}

async function startMerchant(): Promise<Merchant> {
  const received: Merchant['received'] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const fields = Object.fromEntries(new URLSearchParams(body));
      received.push({ fields, body, contentType: request.headers['content-type'] ?? '' });
      const answer = merchant.answer(fields);
      if (answer.location) response.setHeader('location', answer.location);
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const merchant: Merchant = {
    notifyUrl: `http://127.0.0.1:${port}/notify`,
    returnUrl: `http://127.0.0.1:${port}/return`,
    received,
    answer: () => ({ status: 200, body: 'success' }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return merchant;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
