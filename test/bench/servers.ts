import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, startDatabase } from '../../scripts/lib/mariadb.mjs';
import { type Redis, startRedis } from '../../scripts/lib/redis.mjs';

export interface Servers {
  readonly database: Database;
  readonly redis: Redis;
}

/**
 * Runs `work` with a private database server and a private Redis, whose data lies in a new folder
 * below `parent` and is gone afterwards, also when the work fails or is interrupted.
 */
export async function withServers<T>(
  { parent, durable }: { readonly parent: string; readonly durable: boolean },
  work: (servers: Servers) => Promise<T>,
): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'bench-'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.splice(0).map((one) => one()));
    rmSync(dir, { recursive: true, force: true });
  };
  const interrupted = () => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const database = await startDatabase({ dir: join(dir, 'db'), durable, createDatabases: true });
    stops.push(() => database.stop());
    const redis = await startRedis({ dir: join(dir, 'redis') });
    stops.push(() => redis.stop());
    return await work({ database, redis });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stop();
  }
}
