import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './problem.mjs';
import { readPort } from './ports.mjs';
import { ROOT } from './project.mjs';

/** @typedef {import('./settings.d.mts').Settings} Settings */

/**
 * An address that is a secret, given by name or, as `NAME_FILE`, by the path of a file.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @returns {string | undefined}
 */
function secretUrl(env, name) {
  const file = env[`${name}_FILE`];
  if (!file) {
    return env[name];
  }
  if (env[name]) {
    throw new Problem(`${name} and ${name}_FILE are both given; leave one out.`);
  }
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    throw new Problem(`${name}_FILE names ${file}, which cannot be read.`);
  }
}

/**
 * Reads the settings of `npm start` from an environment without empty values.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 * @throws {Problem} naming the setting that cannot be used
 */
export function readSettings(env) {
  const port = readPort('PORT', env.PORT, 3000);
  const sandboxPort = readPort('SANDBOX_PORT', env.SANDBOX_PORT, 3001);
  const needsSandbox = !env.ALIPAY_GATEWAY;
  if (needsSandbox && port === sandboxPort) {
    throw new Problem(`PORT and SANDBOX_PORT are both ${port}; they must differ.`);
  }
  return {
    port,
    sandboxPort,
    dataDir: path.resolve(ROOT, env.DATA_DIR ?? '.data'),
    databaseUrl: secretUrl(env, 'DATABASE_URL'),
    redisUrl: secretUrl(env, 'REDIS_URL'),
    needsRedis: env.ORDER_STRATEGY === 'queue',
    needsSandbox,
  };
}

/**
 * The environment without the variables that are set to nothing, so that `PORT= npm start` means
 * the default everywhere.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutEmpty(env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** @returns {NodeJS.ProcessEnv} the environment, with what `.env` adds to it */
export function readEnvironment() {
  const file = path.join(ROOT, '.env');
  if (fs.existsSync(file)) {
    process.loadEnvFile(file);
  }
  return withoutEmpty(process.env);
}

/** Where the original shop's static pages are served. */
const ORIGINAL_PAGES = 'http://www.meiduo.site:8080';
const APP_ID = '9021000000000001';
const SELLER_ID = '2088000000000001';

/** @param {Settings} settings @returns {string} the folder where the sandbox keeps its keys */
function sandboxDir({ dataDir }) {
  return path.join(dataDir, 'sandbox');
}

/**
 * The environment of the sandbox.
 * @param {Settings} settings
 * @param {NodeJS.ProcessEnv} env what the person set; it wins
 * @returns {NodeJS.ProcessEnv}
 */
export function sandboxEnvironment(settings, env) {
  return {
    SANDBOX_DATA_DIR: sandboxDir(settings),
    SANDBOX_APP_ID: env.ALIPAY_APP_ID ?? APP_ID,
    SANDBOX_SELLER_ID: env.ALIPAY_SELLER_ID ?? SELLER_ID,
    ...env,
    SANDBOX_PORT: String(settings.sandboxPort),
  };
}

/**
 * The environment of the API.
 * @param {Settings} settings
 * @param {import('./settings.d.mts').Parts} parts what this start has brought up or made
 * @param {NodeJS.ProcessEnv} env what the person set; it wins
 * @returns {NodeJS.ProcessEnv}
 */
export function apiEnvironment(settings, { databaseUrl, redisUrl, ...secrets }, env) {
  const url = `http://localhost:${settings.port}`;
  // These were read for the settings, and the shop refuses what is given twice.
  const { DATABASE_URL_FILE: _database, REDIS_URL_FILE: _redis, ...given } = env;
  return {
    NODE_ENV: 'development',
    ...(env.JWT_SECRET_FILE ? {} : { JWT_SECRET: secrets.jwtSecret }),
    PUBLIC_URL: url,
    CORS_ORIGINS: ORIGINAL_PAGES,
    ALIPAY_NOTIFY_URL: `${url}/payment/alipay/notify/`,
    ALIPAY_RETURN_URL: `${url}/pay-result`,
    ...(settings.needsSandbox ? sandboxAsGateway(settings, env) : {}),
    ...given,
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    PORT: String(settings.port),
    DATABASE_URL: databaseUrl,
  };
}

/** @param {Settings} settings @param {NodeJS.ProcessEnv} env @returns {NodeJS.ProcessEnv} */
function sandboxAsGateway(settings, env) {
  const keys = path.join(env.SANDBOX_DATA_DIR ?? sandboxDir(settings), 'keys');
  const keyFile = (/** @type {string} */ name, /** @type {string} */ file) =>
    env[name] ? {} : { [`${name}_FILE`]: path.join(keys, file) };
  return {
    ALIPAY_APP_ID: APP_ID,
    ALIPAY_SELLER_ID: SELLER_ID,
    ALIPAY_KEY_TYPE: 'PKCS8',
    ALIPAY_GATEWAY: `http://localhost:${settings.sandboxPort}/gateway.do`,
    ...keyFile('ALIPAY_PRIVATE_KEY', 'app_private_key.pem'),
    ...keyFile('ALIPAY_PUBLIC_KEY', 'alipay_public_key.pem'),
  };
}
