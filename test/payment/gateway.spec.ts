/**
 * One call to a gateway that misbehaves on the wire: it ends at its deadline, whatever comes meanwhile,
 * and is sent once. The outcome is unknown then (Q3 of the matrix in docs/alipay.md).
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
afterEach(() => server.close());

/** A gateway that does `answer` with every connection on which something was sent. */
async function gatewayThat(
  answer: (socket: Socket) => void | Promise<void>,
): Promise<{ gateway: AlipayGateway; sockets: Socket[] }> {
  const sockets: Socket[] = [];
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
  return { gateway: new AlipayGateway(readConfig(environment)), sockets };
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
  'a gateway that trickles %s is left at the deadline [Q3]',
  async (_, beginning) => {
    const { gateway, sockets } = await gatewayThat((socket) => {
      socket.write(beginning);
      return trickle(socket);
    });
    await expect(gateway.query('1')).rejects.toThrow(GatewayUnknownError);
    expect(sockets).toHaveLength(1);
    const [socket] = sockets as [Socket];
    if (!socket.destroyed) {
      await once(socket, 'close');
    }
  },
  20_000,
);

it.each([
  ['breaks the connection', (socket: Socket) => void socket.resetAndDestroy()],
  [
    'points elsewhere',
    (socket: Socket) => {
      const away = `http://127.0.0.1:${socket.localPort}/elsewhere`;
      socket.end(`HTTP/1.1 307 Away\r\nLocation: ${away}\r\nContent-Length: 0\r\n\r\n`);
    },
  ],
])('a gateway that %s is not sent the same again by itself [Q3]', async (_, answer) => {
  const { gateway, sockets } = await gatewayThat(answer);
  await expect(
    gateway.refund({ orderId: '1', outRequestNo: '1-1', amountFen: 1, reason: 'test' }),
  ).rejects.toThrow(GatewayUnknownError);
  expect(sockets).toHaveLength(1);
});
