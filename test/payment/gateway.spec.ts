/**
 * One call to a gateway that misbehaves on the wire: it ends at its deadline, whatever comes meanwhile.
 * The outcome is unknown then (Q3 of the matrix in docs/alipay.md).
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.js';
import { AlipayGateway } from '../../src/payment/gateway/alipay.gateway.js';
import { GatewayUnknownError } from '../../src/payment/gateway/payment-gateway.js';
import { testEnvironment } from '../kit/settings.js';

const DEADLINE_MS = 500;
const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 9999\r\n\r\n';

let server: Server;
let sockets: Socket[];
afterEach(() => {
  sockets.forEach((socket) => socket.destroy());
  server.close();
});

/** A gateway that does `answer` with every connection on which something was sent. */
async function gatewayThat(
  answer: (socket: Socket) => void | Promise<void>,
): Promise<AlipayGateway> {
  sockets = [];
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    socket.once('data', () => void answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const environment = testEnvironment('mysql://a:b@127.0.0.1/c', {
    ALIPAY_GATEWAY: `http://127.0.0.1:${port}/gateway.do`,
    ALIPAY_TIMEOUT_MS: String(DEADLINE_MS),
  });
  return new AlipayGateway(readConfig(environment));
}

/** Sends a byte now and then until the other side has gone, so that no wait for the next one is long. */
async function trickle(socket: Socket): Promise<void> {
  while (!socket.destroyed) {
    socket.write(' ');
    await delay(DEADLINE_MS / 10);
  }
}

it.each([
  ['its answer', HEAD],
  ['the head of its answer', `${HEAD.trimEnd()}\r\nX-Slow:`],
])(
  'a gateway that trickles %s is waited for until the deadline [Q3]',
  async (_, beginning) => {
    const gateway = await gatewayThat((socket) => {
      socket.write(beginning);
      return trickle(socket);
    });
    await expect(gateway.query('1')).rejects.toThrow(GatewayUnknownError);
    expect(sockets.every((socket) => socket.destroyed)).toBe(false);
  },
  20_000,
);
