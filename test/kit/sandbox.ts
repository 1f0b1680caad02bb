import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { startSandbox } from '../../src/alipay-sandbox/app.js';
import { Client } from './client.js';
import { type Shop, startBareShop, type Way } from './shop.js';

export interface Paid {
  readonly trade_no: string;
  /** Where the buyer's browser would be sent, with the signed parameters. */
  readonly return_url: string;
}

/** A notification as the sandbox's control API shows it. */
export interface Notice {
  readonly notify_id: string;
  readonly out_trade_no: string;
  readonly acknowledged: boolean;
}

/** The shop with the sandbox beside it: two real servers that speak Alipay's protocol. */
export interface ShopWithSandbox extends Shop {
  readonly sandbox: Client;
  /** Pays what a signed page URL asks for, as the cashier's button does. */
  pay(pageUrl: string): Promise<Paid>;
  /** Delivers all notifications that wait. */
  flush(order?: 'asc' | 'desc'): Promise<void>;
  /** The settings of the sandbox, for shops in processes of their own. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts both. Notifications are held until a test asks for them, so nothing has to be awaited. */
export async function startShopWithSandbox(
  overrides: Record<string, string> = {},
  way?: Way,
): Promise<ShopWithSandbox> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meiduo-sandbox-'));
  const running = await startSandbox({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    appId: '9021000000000001',
    sellerId: '2088000000000001',
  });
  const port = await freePort();
  const settings = {
    ALIPAY_GATEWAY: `${running.url}/gateway.do`,
    ALIPAY_PRIVATE_KEY_FILE: join(running.keysDir, 'app_private_key.pem'),
    ALIPAY_PUBLIC_KEY_FILE: join(running.keysDir, 'alipay_public_key.pem'),
    ALIPAY_NOTIFY_URL: `http://127.0.0.1:${port}/payment/alipay/notify/`,
    ALIPAY_RETURN_URL: `http://127.0.0.1:${port}/pay-result`,
    ...overrides,
  };
  const shop = await startBareShop({ PORT: String(port), ...settings }, way);
  const sandbox = new Client(running.url);
  await sandbox.post('/sandbox/notifies/hold', { hold: true });
  return {
    ...shop,
    sandbox,
    settings,
    pay: async (pageUrl) =>
      (await sandbox.post('/sandbox/trades/pay', { page_url: pageUrl })).body as unknown as Paid,
    flush: async (order = 'asc') => {
      await sandbox.post('/sandbox/notifies/flush', { order });
    },
    close: async () => {
      try {
        await shop.close();
      } finally {
        await running.close();
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
}
