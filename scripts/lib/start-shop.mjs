import fs from 'node:fs';
import path from 'node:path';
import { requireListening, requireLogin, withoutPassword } from './database-url.mjs';
import { LockedError, acquireLock } from './lock.mjs';
import { startDatabase } from './mariadb.mjs';
import { requireFreePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { Programs } from './programs.mjs';
import { ROOT, ensureBuilt, ensureDependencies, stopForeground } from './project.mjs';
import { startRedis } from './redis.mjs';
import { keptSecret } from './secrets.mjs';
import { readSettings, withoutEmpty } from './settings.mjs';
import { Shop } from './shop.mjs';
import { watchBuild } from './watch.mjs';

const DEMO_ACCOUNT = 'demo_buyer / demo-pass-2026';

/**
 * Brings up everything the shop needs, in order, and stays until a signal or a failure; then
 * takes it down in the reverse order.
 * @param {{ watch: boolean }} options
 */
export async function startShop({ watch }) {
  const programs = new Programs();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (!programs.signal.aborted) {
        console.log('\nStopping ...');
      }
      programs.end();
      stopForeground();
    });
  }
  endWithNpm(programs);
  try {
    await bringUp(programs, watch);
  } catch (error) {
    programs.end(error);
  }
  await programs.finish();
}

/**
 * npm may be ended without a word to us; nobody would then be left to stop us.
 * @param {Programs} programs
 */
function endWithNpm(programs) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && programs.end(), 500).unref();
  }
}

/** @param {Programs} programs @param {boolean} watch */
async function bringUp(programs, watch) {
  const since = Date.now();
  const env = readEnvironment();
  const settings = readSettings(env);
  const lock = await lockDataDir(settings.dataDir, programs);
  await requirePorts(settings);
  if (settings.databaseUrl) {
    await requireListening(settings.databaseUrl);
  }
  await ensureDependencies();
  programs.signal.throwIfAborted();
  if (!watch) {
    await ensureBuilt();
    programs.signal.throwIfAborted();
  }
  const database = await provideDatabase(settings, programs);
  const parts = {
    databaseUrl: database.url,
    redisUrl: await provideRedis(settings, programs),
    jwtSecret: keptSecret(path.join(settings.dataDir, 'jwt-secret')),
    cookieSecret: keptSecret(path.join(settings.dataDir, 'cookie-secret')),
  };
  const shop = new Shop(settings, parts, env, programs.signal);
  programs.add('The shop', () => shop.stop());
  const ready = () => announce(settings, shop, database, since);
  if (watch) {
    watchShop(shop, programs, ready);
    return;
  }
  await shop.start((child, ended) => {
    lock.adopt(child.pid);
    ended.addEventListener('abort', () => programs.end(ended.reason));
  });
  ready();
}

/** @returns {NodeJS.ProcessEnv} the environment, with what `.env` adds to it */
function readEnvironment() {
  const file = path.join(ROOT, '.env');
  if (fs.existsSync(file)) {
    process.loadEnvFile(file);
  }
  return withoutEmpty(process.env);
}

/** @param {string} dataDir @param {Programs} programs */
async function lockDataDir(dataDir, programs) {
  fs.mkdirSync(dataDir, { recursive: true });
  try {
    const lock = await acquireLock(path.join(dataDir, 'lock.json'));
    programs.add('The lock', () => lock.release());
    return lock;
  } catch (error) {
    if (error instanceof LockedError) {
      throw new Problem(
        `The shop is already running on ${dataDir} (process ${error.pid}). For a second one, ` +
          'set DATA_DIR, PORT and SANDBOX_PORT.',
      );
    }
    throw error;
  }
}

/** @param {import('./settings.d.mts').Settings} settings */
async function requirePorts({ port, sandboxPort, needsSandbox }) {
  await requireFreePort('PORT', port);
  if (needsSandbox) {
    await requireFreePort('SANDBOX_PORT', sandboxPort);
  }
}

/**
 * @param {import('./settings.d.mts').Settings} settings @param {Programs} programs
 * @returns {Promise<{ url: string, note: string }>} the note may be shown, the address may not
 */
async function provideDatabase({ databaseUrl, dataDir }, programs) {
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

/** @param {import('./settings.d.mts').Settings} settings @param {Programs} programs */
async function provideRedis({ needsRedis, redisUrl, dataDir }, programs) {
  if (redisUrl || !needsRedis) {
    return redisUrl;
  }
  const redis = await startRedis({ dir: path.join(dataDir, 'redis') });
  programs.addServer('Redis', redis);
  programs.signal.throwIfAborted();
  return redis.url;
}

/** @param {Shop} shop @param {Programs} programs @param {() => void} ready */
function watchShop(shop, programs, ready) {
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();
  let isFirst = true;
  const again = async () => {
    await shop.stop();
    await shop.start(() => {});
    if (isFirst) {
      ready();
    } else {
      console.log('\nThe shop runs with your change.\n');
    }
    isFirst = false;
  };
  const compiler = watchBuild(() => {
    turn = turn.then(again).catch((error) => {
      if (!programs.signal.aborted) {
        console.error(`${error.message} Waiting for a change.`);
      }
    });
  });
  programs.add('The last restart', () => turn);
  programs.add('The compiler', () => compiler.stop());
}

/**
 * @param {import('./settings.d.mts').Settings} settings @param {Shop} shop
 * @param {{ note: string }} database @param {number} since
 */
function announce({ port, sandboxPort, needsSandbox }, shop, database, since) {
  const url = shop.apiEnv.PUBLIC_URL ?? `http://localhost:${port}`;
  const lines = [
    `The shop is ready after ${((Date.now() - since) / 1000).toFixed(1)} s.`,
    '',
    `  API            ${url}`,
    `  Documentation  ${url}/docs`,
    ...(needsSandbox ? [`  Alipay sandbox http://localhost:${sandboxPort}`] : []),
    `  Database       ${database.note}`,
    `  Demo buyer     ${DEMO_ACCOUNT}`,
    '',
    'Ctrl-C stops everything.',
  ];
  console.log(`\n${lines.join('\n')}\n`);
}
