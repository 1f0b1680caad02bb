import net from 'node:net';
import { Problem } from './problem.mjs';

const SHAPE = 'mysql://user:password@host:3306/name';

/**
 * @param {string} text
 * @returns {URL}
 * @throws {Problem} when it does not name a database of the MySQL family
 */
function parse(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !/^(mysql|mariadb):$/.test(url.protocol) ||
    !url.hostname ||
    url.pathname.length < 2
  ) {
    throw new Problem(`DATABASE_URL must look like ${SHAPE}.`);
  }
  return url;
}

/**
 * The same address without the password, to be shown.
 * @param {string} text
 */
export function withoutPassword(text) {
  const url = parse(text);
  url.password = '';
  return url.href;
}

/**
 * @param {string} host @param {number} port
 * @returns {Promise<string | undefined>} undefined when something listens there
 */
function reasonForSilence(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 5000 });
    const done = (/** @type {string | undefined} */ reason) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => done(undefined));
    socket.once('timeout', () => done('no answer within 5 seconds'));
    socket.once('error', (error) =>
      done(/** @type {NodeJS.ErrnoException} */ (error).code ?? error.message),
    );
  });
}

/**
 * Asks whether anything listens where DATABASE_URL points; needs no driver.
 * @param {string} text
 * @throws {Problem} in one sentence that holds no password
 */
export async function requireListening(text) {
  const url = parse(text);
  const port = Number(url.port || 3306);
  const reason = await reasonForSilence(url.hostname.replace(/^\[|\]$/g, ''), port);
  if (reason) {
    throw new Problem(
      `No database answers at ${url.hostname}:${port}, where DATABASE_URL points (${reason}).`,
    );
  }
}

/**
 * Logs in once, so that a wrong password or name is told in one sentence.
 * @param {string} text
 * @throws {Problem} in one sentence that holds no password
 */
export async function requireLogin(text) {
  const url = parse(text);
  const { createConnection } = await import('mysql2/promise');
  try {
    const uri = url.href.replace(/^mariadb:/, 'mysql:');
    const connection = await createConnection({ uri, connectTimeout: 10_000 });
    await connection.end();
  } catch (error) {
    const { message, code } = /** @type {NodeJS.ErrnoException} */ (error);
    const hint =
      code === 'ER_BAD_DB_ERROR' ? ' Create it with: CREATE DATABASE … CHARACTER SET utf8mb4;' : '';
    throw new Problem(`The database at ${url.host} refuses DATABASE_URL: ${message}.${hint}`);
  }
}
