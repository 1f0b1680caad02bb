import path from 'node:path';
import { Programs } from './programs.mjs';
import { ensureBuilt, ensureDependencies, stopForeground } from './project.mjs';
import {
  lockDataDir,
  provideDatabase,
  provideRedis,
  requireFreeDataDir,
  requirePorts,
  requireServers,
} from './provide.mjs';
import { keptSecret } from './secrets.mjs';
import { readEnvironment, readSettings } from './settings.mjs';
import { requireShopSettings } from './shop-settings.mjs';
import { Shop } from './shop.mjs';
import { watchShopWindow } from './shop-window.mjs';
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
  requireFreeDataDir(settings);
  await requirePorts(settings);
  const lock = await lockDataDir(settings, programs);
  await requireServers(settings);
  await ensureDependencies();
  programs.signal.throwIfAborted();
  const jwtSecret = keptSecret(path.join(settings.dataDir, 'jwt-secret'));
  if (!watch) {
    await ensureBuilt();
    programs.signal.throwIfAborted();
    await requireShopSettings(settings, jwtSecret, env);
  }
  const database = await provideDatabase(settings, programs);
  const parts = {
    databaseUrl: database.url,
    redisUrl: await provideRedis(settings, programs),
    jwtSecret,
  };
  const shop = new Shop(settings, parts, env, programs.signal);
  programs.add('The shop', () => shop.stop());
  const ready = () => announce(settings, shop, database, since);
  if (watch) {
    await watchShop(shop, programs, ready, lock);
    return;
  }
  await shop.start((child, ended) => {
    lock.adopt(child.pid);
    ended.addEventListener('abort', () => programs.end(ended.reason));
  });
  ready();
}

/**
 * @param {Shop} shop @param {Programs} programs @param {() => void} ready
 * @param {import('./private-server.mjs').Lock} lock
 */
async function watchShop(shop, programs, ready, lock) {
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
  lock.adopt(compiler.pid);
  programs.add('The last restart', () => turn);
  programs.add('The compiler', () => compiler.stop());
  const pages = await watchShopWindow();
  programs.add('The builder of the shop window', () => pages.stop());
}

/** @param {NodeJS.ProcessEnv} env of the API @returns {boolean} whether it has the shop window at / */
function hasWindow({ NODE_ENV, SHOP_WINDOW_ENABLED }) {
  return (SHOP_WINDOW_ENABLED ?? String(NODE_ENV !== 'production')) === 'true';
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
    ...(hasWindow(shop.apiEnv) ? [`  Shop window    ${url}/`] : []),
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
