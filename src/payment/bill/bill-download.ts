import { BillError } from './bill-rules.js';

const DOWNLOAD_TIMEOUT_MS = 30_000;
const ALIPAY = /(^|\.)alipay(dev)?\.com$/;

/**
 * Fetches the archive of a bill from where the gateway's answer says, as long as that is the gateway
 * itself or a machine of Alipay (which names plain http and another host than its gateway); whatever
 * redirects is not followed. The archive may have `maxBytes`. Throws BillError, and what `fetch` throws.
 */
export async function downloadBill(
  url: string,
  gateway: string,
  maxBytes: number,
): Promise<Buffer> {
  if (!isExpected(url, new URL(gateway))) {
    throw new BillError('the bill lies where neither the gateway is nor Alipay');
  }
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new BillError(`the bill cannot be fetched: status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new BillError('the bill is too large');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isExpected(text: string, gateway: URL): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    (url.host === gateway.host || (ALIPAY.test(url.hostname) && url.port === ''))
  );
}
