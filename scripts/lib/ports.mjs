import net from 'node:net';
import { Problem } from './problem.mjs';

/**
 * Tries to listen on a port and closes again at once.
 * @param {number} port 0 asks the system for any free one
 * @param {string} [host] left out: every address, IPv6 and IPv4
 * @returns {Promise<number>} the port that was bound
 */
function bind(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const bound = /** @type {net.AddressInfo} */ (server.address()).port;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * A port nobody listens on at this moment.
 * @param {string} [host]
 * @returns {Promise<number>}
 */
export function freePort(host = '127.0.0.1') {
  return bind(0, host);
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
      `Port ${port} is taken by another program. Stop it, or choose another port: ` +
        `${setting}=${example} npm start`,
    );
  }
}
