import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import { Problem } from './problem.mjs';

/** Below it are the ports of well-known servers, and one (10080) that no browser goes to. */
const LOWEST = 20_000;

/**
 * Tries to listen on a port and closes again at once.
 * @param {number} port
 * @param {string} [host] left out: every address, IPv6 and IPv4
 * @returns {Promise<void>}
 */
function bind(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** @returns {number} the first of the ports that the system makes connections from */
export function firstOutgoing() {
  try {
    const range = fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const first = Number.parseInt(range, 10);
    // Where nearly all of them are for connections, no others are left to choose from.
    return first > LOWEST + 1000 ? first : 65_536;
  } catch {
    return 32_768;
  }
}

/**
 * Takes a port for this process as long as it lives, by a UDP socket that nobody sends anything to:
 * it keeps no server from listening there, and every other taker from this port.
 * @param {number} port
 * @returns {Promise<boolean>} false when another process has it
 */
export function take(port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

/**
 * A port nobody listens on. It is this process's until its end: nobody else is given it here, and
 * no outgoing connection can have it, so a server may come back to it after minutes.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(LOWEST, firstOutgoing());
    if ((await take(port)) && (await isPortFree(port))) {
      return port;
    }
  }
}

/**
 * True when a server could listen on this port, on every address and on loopback alone.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isPortFree(port) {
  try {
    await bind(port, '127.0.0.1');
    await bind(port);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'EADDRINUSE' || code === 'EACCES') {
      return false;
    }
    throw error;
  }
}

/**
 * Reads a port number from a setting.
 * @param {string} setting the variable's name, for the message
 * @param {string | undefined} value
 * @param {number} fallback
 * @returns {number}
 * @throws {Problem} when the value is no port number
 */
export function readPort(setting, value, fallback) {
  if (value === undefined || value === '') {
    return fallback;
  }
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65535) {
    throw new Problem(`${setting} must be a port number from 1 to 65535, not "${value}".`);
  }
  return port;
}

/**
 * @param {string} setting the variable that chooses this port
 * @param {number} port
 * @throws {Problem} when another program listens there
 */
export async function requireFreePort(setting, port) {
  if (!(await isPortFree(port))) {
    const example = port < 65000 ? port + 100 : 8080;
    throw new Problem(
      `Port ${port} is taken by another program. Stop it, or choose another port ` +
        `beside your other settings, for example ${setting}=${example}.`,
    );
  }
}
