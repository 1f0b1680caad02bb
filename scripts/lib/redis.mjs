import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './child.mjs';
import { installPackages } from './packages.mjs';
import { freePort } from './ports.mjs';
import { runUntilReady, withServerFolder } from './private-server.mjs';
import { Problem } from './problem.mjs';
import { keptSecret } from './secrets.mjs';

const HOST = '127.0.0.1';
const FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

const NO_REDIS = [
  'ORDER_STRATEGY=queue needs Redis, and none was found or could be installed. Choose one:',
  '  - use a Redis you have:     REDIS_URL=redis://:password@host:6379 ORDER_STRATEGY=queue npm start',
  '  - install a server:         apt-get install redis-server   (macOS: brew install redis)',
  '  - order without a queue:    ORDER_STRATEGY=pessimistic npm start',
].join('\n');

/**
 * Finds the Redis server's binary. In Debian it lives in redis-tools under another name, and is a
 * server when it is called `redis-server`; the package redis-server would also start a service.
 * @returns {string | undefined} absolute path
 */
export function findRedis() {
  return findProgram(['redis-server', 'redis-check-rdb'], FOLDERS);
}

/**
 * Finds a Redis server's binary, or installs one with the system's package manager, without
 * starting a service.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} absolute path
 * @throws {Problem} naming the choices when there is none and none can be installed
 */
export async function ensureRedis({ log = console.log } = {}) {
  const file = findRedis() ?? ((await installPackages(['redis-tools'], log)) && findRedis());
  if (!file) {
    throw new Problem(NO_REDIS);
  }
  return file;
}

/**
 * Starts a private Redis with its data below `dir`, reachable on loopback only, and comes back
 * when it takes commands. With `appendonly` nothing acknowledged is lost by a crash.
 * @param {import('./redis.d.mts').RedisOptions} options
 * @returns {Promise<import('./redis.d.mts').Redis>}
 * @throws {Problem} at once when a living process uses this folder, or when the server fails
 */
export async function startRedis(options) {
  const dir = path.resolve(options.dir);
  return withServerFolder(dir, 'Redis', (lock) => launch(dir, lock, options));
}

/**
 * @param {string} dir
 * @param {import('./private-server.mjs').Lock} lock
 * @param {import('./redis.d.mts').RedisOptions} options
 * @returns {Promise<import('./redis.d.mts').Redis>}
 */
async function launch(dir, lock, options) {
  const program = linkProgram(dir, await ensureRedis({ log: options.log }));
  const password = keptSecret(path.join(dir, 'password'));
  const port = options.port ?? (await freePort());
  const configFile = path.join(dir, 'redis.conf');
  fs.writeFileSync(configFile, config(dir, port, password, options), { mode: 0o600 });
  const child = await runUntilReady(
    { name: 'Redis', program, args: [configFile], dir, ready: /Ready to accept connections/ },
    lock,
  );
  return {
    host: HOST,
    port,
    password,
    url: `redis://:${password}@${HOST}:${port}`,
    pid: child.pid,
    exited: child.exited,
    kill: (signal = 'SIGKILL') => void child.process.kill(signal),
    async stop() {
      await child.stop();
      lock.release();
    },
  };
}

/** @param {string} dir @param {string} file @returns {string} the binary under its server name */
function linkProgram(dir, file) {
  if (path.basename(file) === 'redis-server') {
    return file;
  }
  const link = path.join(dir, 'redis-server');
  fs.rmSync(link, { force: true });
  fs.symlinkSync(file, link);
  return link;
}

/**
 * @param {string} dir @param {number} port @param {string} password
 * @param {import('./redis.d.mts').RedisOptions} options
 */
function config(dir, port, password, { appendonly = true }) {
  return [
    `bind ${HOST}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${dir}"`,
    `appendonly ${appendonly ? 'yes' : 'no'}`,
    // A job is acknowledged to us only once it is on the disk.
    'appendfsync always',
    'save ""',
    // BullMQ's keys must never be evicted.
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}
