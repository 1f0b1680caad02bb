import fs from 'node:fs';
import path from 'node:path';
import { requireListening, requireLogin, withoutPassword } from './database-url.mjs';
import { makeFolder } from './folder.mjs';
import { LockedError, acquireLock, holderOf } from './lock.mjs';
import { ensureServer, startDatabase } from './mariadb.mjs';
import { requireFreePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { ensureRedis, startRedis } from './redis.mjs';

/** @param {string} dataDir @returns {string} */
function lockFile(dataDir) {
  return path.join(dataDir, 'lock.json');
}

/** @param {string} dataDir @returns {string} where a running shop says which ports it has */
function portsFile(dataDir) {
  return path.join(dataDir, 'ports.json');
}

/** @param {string} dataDir @param {number} pid @returns {Problem} */
function runsAlready(dataDir, pid) {
  return new Problem(
    `The shop is already running on ${dataDir} (process ${pid}). For a second one, ` +
      'set DATA_DIR, PORT and SANDBOX_PORT.',
  );
}

/**
 * Refuses a second start on a data folder, before anything is made or asked for.
 * @param {import('./settings.d.mts').Settings} settings
 * @throws {Problem} when another start runs on it
 */
export function requireFreeDataDir({ dataDir }) {
  const holder = holderOf(lockFile(dataDir));
  if (holder !== undefined) {
    throw runsAlready(dataDir, holder);
  }
}

/**
 * Takes the data folder for this start alone, and says in it which ports this start has.
 * @param {import('./settings.d.mts').Settings} settings
 * @param {import('./programs.mjs').Programs} programs
 * @throws {Problem} at once when another start runs on it
 */
export async function lockDataDir({ dataDir, port, sandboxPort }, programs) {
  makeFolder(dataDir, 'DATA_DIR');
  try {
    const lock = await acquireLock(lockFile(dataDir));
    programs.add('The lock', () => {
      fs.rmSync(portsFile(dataDir), { force: true });
      lock.release();
    });
    fs.writeFileSync(portsFile(dataDir), JSON.stringify({ port, sandboxPort }));
    return lock;
  } catch (error) {
    if (error instanceof LockedError) {
      throw runsAlready(dataDir, error.pid);
    }
    throw error;
  }
}

/**
 * The settings with the ports of the shop that runs on their data folder, where the person named none.
 * @param {import('./settings.d.mts').Settings} settings
 * @param {NodeJS.ProcessEnv} env what the person set; it wins
 * @returns {import('./settings.d.mts').Settings}
 */
export function withPortsOfRunning(settings, env) {
  const file = portsFile(settings.dataDir);
  if (holderOf(lockFile(settings.dataDir)) === undefined || !fs.existsSync(file)) {
    return settings;
  }
  const { port, sandboxPort } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return {
    ...settings,
    port: env.PORT ? settings.port : port,
    sandboxPort: env.SANDBOX_PORT ? settings.sandboxPort : sandboxPort,
  };
}

/**
 * @param {import('./settings.d.mts').Settings} settings
 * @throws {Problem} naming the port and its setting when another program listens there
 */
export async function requirePorts({ port, sandboxPort, needsSandbox }) {
  await requireFreePort('PORT', port);
  if (needsSandbox) {
    await requireFreePort('SANDBOX_PORT', sandboxPort);
  }
}

/**
 * What cannot be had is told before the slow steps, not after them.
 * @param {import('./settings.d.mts').Settings} settings
 */
export async function requireServers({ databaseUrl, needsRedis, redisUrl }) {
  if (databaseUrl) {
    await requireListening(databaseUrl);
  } else {
    await ensureServer();
  }
  if (needsRedis && !redisUrl) {
    await ensureRedis();
  }
}

/**
 * The database that was named, or a private one.
 * @param {import('./settings.d.mts').Settings} settings
 * @param {import('./programs.mjs').Programs} programs
 * @returns {Promise<{ url: string, note: string }>} the note may be shown, the address may not
 */
export async function provideDatabase({ databaseUrl, dataDir }, programs) {
  if (databaseUrl) {
    await requireLogin(databaseUrl);
    return { url: databaseUrl, note: withoutPassword(databaseUrl) };
  }
  const dir = path.join(dataDir, 'database');
  const database = await startDatabase({ dir });
  programs.addServer('The database', database);
  programs.signal.throwIfAborted();
  const note = `${withoutPassword(database.url)} (password in ${path.join(dir, 'password')})`;
  return { url: database.url, note };
}

/**
 * Lends the database of the shop, whether the shop runs or not: the one that was named, or the
 * private one, which is started for the time of `work` unless it runs.
 * @template T
 * @param {import('./settings.d.mts').Settings} settings
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Problem} when there is none
 */
export async function withDatabase({ databaseUrl, dataDir }, work) {
  if (databaseUrl) {
    await requireListening(databaseUrl);
    return work(databaseUrl);
  }
  const dir = path.join(dataDir, 'database');
  if (!fs.existsSync(path.join(dir, 'data'))) {
    throw new Problem(`There is no shop in ${dataDir} yet: npm start makes one.`);
  }
  if (holderOf(path.join(dir, 'lock.json')) !== undefined) {
    const file = path.join(dir, 'url');
    if (!fs.existsSync(file)) {
      throw new Problem(`The database in ${dir} is just starting or stopping; try again.`);
    }
    return work(fs.readFileSync(file, 'utf8'));
  }
  const database = await startDatabase({ dir });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
  }
}

/**
 * The Redis that was named, or a private one where the strategy needs one.
 * @param {import('./settings.d.mts').Settings} settings
 * @param {import('./programs.mjs').Programs} programs
 * @returns {Promise<string | undefined>} its address
 */
export async function provideRedis({ needsRedis, redisUrl, dataDir }, programs) {
  if (redisUrl || !needsRedis) {
    return redisUrl;
  }
  const redis = await startRedis({ dir: path.join(dataDir, 'redis') });
  programs.addServer('Redis', redis);
  programs.signal.throwIfAborted();
  return redis.url;
}
