import { expiryOfTimeout, parseBeijing } from './beijing-time.js';
import { BizError } from './errors.js';
import { parseYuan } from './money.js';
import type { OrderRequest, Product } from './trade.js';

const DEFAULT_TIMEOUT = '15d';
const MAX_TOTAL_FEN = 100_000_000_00;
const QR_CODE_LIFE_MS = 2 * 3_600_000;

const PRODUCT_CODES: Record<Product, readonly string[]> = {
  page: ['FAST_INSTANT_TRADE_PAY'],
  wap: ['QUICK_WAP_WAY', 'QUICK_WAP_PAY'],
  app: ['QUICK_MSECURITY_PAY'],
  precreate: ['FACE_TO_FACE_PAYMENT', 'QR_CODE_OFFLINE'],
};

/**
 * Reads the `biz_content` of a paying method, throwing ACQ.INVALID_PARAMETER with the field's name.
 * Limits are those of the V2 model comments; `time_expire` wins over `timeout_express`.
 */
export function readOrder(
  product: Product,
  biz: Record<string, unknown>,
  urls: { notifyUrl?: string; returnUrl?: string },
  nowMs: number,
): OrderRequest {
  const totalFen = parseYuan(biz['total_amount']);
  if (totalFen === undefined || totalFen < 1 || totalFen > MAX_TOTAL_FEN) invalid('total_amount');
  checkProductCode(product, biz['product_code']);
  return {
    product,
    outTradeNo: requiredText(biz, 'out_trade_no', /^[0-9A-Za-z_-]{1,64}$/),
    totalFen,
    subject: requiredText(biz, 'subject', /^.{1,256}$/su),
    body: optionalText(biz, 'body', 400),
    passbackParams: optionalText(biz, 'passback_params', 512),
    quitUrl: httpUrl(optionalText(biz, 'quit_url', 400), 'quit_url'),
    expiresMs: readExpiry(product, biz, nowMs),
    notifyUrl: httpUrl(urls.notifyUrl, 'notify_url'),
    returnUrl: httpUrl(urls.returnUrl, 'return_url'),
  };
}

function readExpiry(product: Product, biz: Record<string, unknown>, nowMs: number): number {
  const until = optionalText(biz, 'time_expire', 32);
  const timeout = optionalText(biz, 'timeout_express', 6) ?? DEFAULT_TIMEOUT;
  const expiresMs = until === undefined ? expiryOfTimeout(timeout, nowMs) : parseBeijing(until);
  if (expiresMs === undefined) invalid(until === undefined ? 'timeout_express' : 'time_expire');
  return product === 'precreate' ? Math.min(expiresMs, nowMs + QR_CODE_LIFE_MS) : expiresMs;
}

function checkProductCode(product: Product, code: unknown): void {
  const optional = product === 'app' || product === 'precreate';
  if (code === undefined && optional) return;
  if (!PRODUCT_CODES[product].includes(String(code))) invalid('product_code');
}

function requiredText(biz: Record<string, unknown>, name: string, shape: RegExp): string {
  const value = biz[name];
  if (typeof value !== 'string' || !shape.test(value)) invalid(name);
  return value;
}

function optionalText(biz: Record<string, unknown>, name: string, max: number): string | undefined {
  const value = biz[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > max) invalid(name);
  return value;
}

/** Only web addresses are kept: the cashier will put them into links and redirects. */
function httpUrl(value: string | undefined, name: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  const protocol = URL.canParse(value) ? new URL(value).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') invalid(name);
  return value;
}

function invalid(name: string): never {
  throw new BizError('ACQ.INVALID_PARAMETER', name);
}
