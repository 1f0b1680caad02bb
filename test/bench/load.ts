import type { Buyer } from '../kit/build.js';
import { tokenFor } from '../kit/client.js';
import { answer } from './ask.js';
import { closedLoop, type Driven, type Load } from './closed-loop.js';
import { HttpConnection } from './http-connection.js';

/** The load generator: a process of its own that sends the orders of many buyers. */

let requests: Buffer[] = [];

/** Each buyer's request as it goes over the wire, with a token of the buyer's own. */
function orderRequest({ id, addressId }: Buyer): Buffer {
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

async function drive({ ports, ...load }: Load & { ports: readonly number[] }): Promise<Driven> {
  const connections = await Promise.all(
    Array.from({ length: load.clients }, (_, i) =>
      HttpConnection.open(ports[i % ports.length] ?? 0),
    ),
  );
  try {
    return await closedLoop(load, (client, job) => {
      const connection = connections[client];
      const request = requests[job];
      return connection && request
        ? connection.send(request)
        : Promise.reject(new Error(`there is no client ${client} or buyer ${job}`));
    });
  } finally {
    connections.forEach((connection) => connection.close());
  }
}

answer({
  prepare: (buyers: readonly Buyer[]) => {
    requests = buyers.map(orderRequest);
  },
  drive,
});
