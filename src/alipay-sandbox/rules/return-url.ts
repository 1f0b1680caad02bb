import type { KeyObject } from 'node:crypto';
import { formatBeijing } from './beijing-time.js';
import { yuan } from './money.js';
import { signNotice, type Params } from './signing.js';
import type { Trade } from './trade.js';

/**
 * The full address the buyer's browser is sent to after paying. There is no `trade_status` in it,
 * and the merchant's own query parameters stay in the address but are not part of the signature.
 */
export function signedReturnUrl(
  trade: Trade,
  returnUrl: string,
  seller: { appId: string; sellerId: string; nowMs: number },
  alipayPrivateKey: KeyObject,
): string {
  const params: Params = {
    charset: 'utf-8',
    out_trade_no: trade.order.outTradeNo,
    method: `alipay.trade.${trade.order.product === 'wap' ? 'wap' : 'page'}.pay.return`,
    total_amount: yuan(trade.order.totalFen),
    trade_no: trade.id,
    auth_app_id: seller.appId,
    version: '1.0',
    app_id: seller.appId,
    sign_type: 'RSA2',
    seller_id: seller.sellerId,
    timestamp: formatBeijing(seller.nowMs),
  };
  return appendQuery(returnUrl, signNotice(params, alipayPrivateKey));
}

/** Appends parameters without touching what the merchant wrote, and before any `#fragment`. */
function appendQuery(url: string, params: Params): string {
  const hash = url.indexOf('#');
  const base = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? '' : url.slice(hash);
  const joint = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&';
  return `${base}${joint}${new URLSearchParams(params).toString()}${fragment}`;
}
