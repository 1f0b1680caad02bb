import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { requireListening } from './database-url.mjs';
import { runningDatabase } from './mariadb.mjs';
import { isPortFree } from './ports.mjs';
import { Problem, report } from './problem.mjs';
import { ROOT, ensureBuilt, ensureDependencies, run, stopForeground } from './project.mjs';
import { withPortsOfRunning } from './provide.mjs';
import { apiEnvironment, readEnvironment, readSettings } from './settings.mjs';

const START = 'Start the shop first, with npm start in another terminal';

/**
 * Runs a built program of the shop with the settings `npm start` gives to the API, so that it works
 * on the same database and gateway: those of the running shop, on whatever ports it is, unless others
 * are named. Sets the exit code: the program's own, or 2 when it cannot be run.
 * @param {string} file inside dist/src
 * @param {{ callsAlipay?: boolean }} [options]
 */
export async function runShopProgram(file, { callsAlipay = false } = {}) {
  try {
    const env = await environment(callsAlipay);
    process.once('SIGINT', stopForeground);
    const program = path.join(ROOT, 'dist/src', file);
    process.exitCode = await run(process.execPath, [program, ...process.argv.slice(2)], env);
  } catch (error) {
    report(error);
    process.exitCode = 2;
  }
}

/** @param {boolean} callsAlipay @returns {Promise<NodeJS.ProcessEnv>} */
async function environment(callsAlipay) {
  const env = readEnvironment();
  const settings = withPortsOfRunning(readSettings(env), env);
  const running = settings.databaseUrl ?? runningDatabase(path.join(settings.dataDir, 'database'));
  if (!running) {
    throw new Problem(`The shop's database does not run. ${START}, or name DATABASE_URL.`);
  }
  if (settings.databaseUrl) {
    await requireListening(settings.databaseUrl);
  }
  if (callsAlipay && settings.needsSandbox && (await isPortFree(settings.sandboxPort))) {
    throw new Problem(`The sandbox does not run. ${START}, or name ALIPAY_GATEWAY and its keys.`);
  }
  await ensureDependencies();
  await ensureBuilt();
  // Nobody is given a token here, so any secret will do.
  const unused = randomBytes(32).toString('hex');
  const parts = {
    databaseUrl: running,
    redisUrl: settings.redisUrl ?? 'redis://127.0.0.1:9',
    jwtSecret: unused,
  };
  return apiEnvironment(settings, parts, env);
}
