import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Problem } from './problem.mjs';
import { ROOT } from './project.mjs';
import { apiEnvironment } from './settings.mjs';

/** Made by the sandbox at its first start, which is later. */
const SANDBOX_KEYS = /^ALIPAY_(PRIVATE|PUBLIC)_KEY(_FILE)?:/;

/**
 * Has the built shop check its settings before anything is brought up for it. What this start will
 * make itself is left out.
 * @param {import('./settings.d.mts').Settings} settings
 * @param {string} jwtSecret
 * @param {NodeJS.ProcessEnv} env
 * @throws {Problem} with everything the shop would say
 */
export async function requireShopSettings(settings, jwtSecret, env) {
  const password = randomBytes(24).toString('hex');
  const parts = {
    databaseUrl: settings.databaseUrl ?? `mysql://meiduo:${password}@127.0.0.1/meiduo`,
    redisUrl: settings.redisUrl ?? `redis://:${password}@127.0.0.1`,
    jwtSecret,
  };
  const file = path.join(ROOT, 'dist/src/config/read-config.js');
  const { ConfigError, readConfig } = await import(pathToFileURL(file).href);
  try {
    readConfig(apiEnvironment(settings, parts, env));
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const { problems } = /** @type {{ problems: string[] }} */ (error);
    const told = problems.filter(
      (problem) => !(settings.needsSandbox && SANDBOX_KEYS.test(problem)),
    );
    if (told.length > 0) {
      throw new Problem(new ConfigError(told).message);
    }
  }
}
