import type { Buyer } from '../kit/build.js';
import { tokenFor } from '../kit/client.js';

/** A buyer's order of the whole cart as it goes over the wire, with a token of the buyer's own. */
export function orderRequest({ id, addressId }: Buyer): Buffer {
  const body = JSON.stringify({ address: addressId, pay_method: 2 });
  return Buffer.from(
    [
      'POST /orders/ HTTP/1.1',
      'Host: 127.0.0.1',
      `Authorization: Bearer ${tokenFor(id)}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
