import { Redis } from 'ioredis';
import type { Config } from '../../../config/config.js';
import { ConfigError } from '../../../config/read-config.js';

const TIMEOUT_MS = 2000;

/** What INFO and CONFIG must say, and what is wrong otherwise. */
const RULES: readonly (readonly [name: string, demanded: string, problem: string])[] = [
  ['aof_enabled', '1', 'has no append-only file (appendonly yes)'],
  ['maxmemory_policy', 'noeviction', 'may throw jobs away (maxmemory-policy noeviction)'],
  ['appendfsync', 'always', 'answers before a job is on the disk (appendfsync always)'],
];

/**
 * Refuses to start a production whose queue lies in a Redis that may forget what it acknowledged: an
 * order that was answered 202 would be gone. Throws ConfigError.
 */
export async function checkRedisOf(config: Config): Promise<void> {
  if (config.NODE_ENV !== 'production' || config.ORDER_STRATEGY !== 'queue') {
    return;
  }
  const facts = await factsOf(config.REDIS_URL);
  const problems = facts
    ? RULES.filter(([name, demanded]) => (facts.get(name) ?? demanded) !== demanded).map(
        ([, , problem]) => `REDIS_URL: this Redis ${problem}: accepted orders could be lost`,
      )
    : ['REDIS_URL: this Redis cannot be asked: it is down, or refuses the password or INFO'];
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/** What a Redis tells of itself; undefined when it cannot be asked. Where CONFIG is closed it is believed. */
async function factsOf(url: string): Promise<ReadonlyMap<string, string> | undefined> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  }).on('error', () => undefined);
  try {
    await redis.connect();
    const [, sync = 'always'] = (await redis
      .config('GET', 'appendfsync')
      .catch(() => [])) as string[];
    const lines = `${await redis.info()}\nappendfsync:${sync}`.split(/\r?\n/);
    return new Map(lines.map((line) => line.split(':', 2) as [string, string]));
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}
