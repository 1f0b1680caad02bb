import type { Buyer } from '../kit/build.js';
import { answer } from './ask.js';
import { closedLoop, type Driven, type Load } from './closed-loop.js';
import { usage } from './cpu.js';
import { HttpConnection } from './http-connection.js';
import { orderRequest } from './order-request.js';

/** The load generator: a process of its own that sends the orders of many buyers. */

let requests: Buffer[] = [];

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
  ...usage,
});
