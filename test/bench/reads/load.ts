import { answer } from '../ask.js';
import { closedLoop, type Driven } from '../closed-loop.js';
import { HttpConnection } from '../http-connection.js';
import type { Read } from './routes.js';

/** The load generator: a process of its own that asks the same questions again and again. */

export interface ReadLoad {
  readonly port: number;
  readonly clients: number;
  readonly reads: readonly Read[];
  readonly limitMs: number;
}

async function drive({ port, clients, reads, limitMs }: ReadLoad): Promise<Driven> {
  const requests = reads.map(wire);
  const connections = await Promise.all(
    Array.from({ length: clients }, () => HttpConnection.open(port)),
  );
  try {
    const load = { clients, from: 0, count: Number.MAX_SAFE_INTEGER, limitMs };
    return await closedLoop(load, (client, job) => {
      const connection = connections[client];
      const request = requests[job % requests.length];
      return connection && request
        ? connection.send(request)
        : Promise.reject(new Error(`there is no client ${client} or no request`));
    });
  } finally {
    connections.forEach((connection) => connection.close());
  }
}

function wire({ path, token }: Read): Buffer {
  const authorization = token === undefined ? [] : [`Authorization: Bearer ${token}`];
  return Buffer.from(
    [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...authorization, '', ''].join('\r\n'),
  );
}

answer({ drive });
