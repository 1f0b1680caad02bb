import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, ensureServer, startDatabase } from '../../scripts/lib/mariadb.mjs';
import { ensureRedis, type Redis, startRedis } from '../../scripts/lib/redis.mjs';
import { exitCodeOf } from '../../scripts/lib/signals.mjs';

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
  await ensureServer();
  await ensureRedis();
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'bench-'));
  const database = startDatabase({ dir: join(dir, 'db'), durable, createDatabases: true });
  const redis = startRedis({ dir: join(dir, 'redis') });
  // Once only, and the folder last: a server that is still stopping, or starting, writes into it.
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= Promise.allSettled([database, redis])
      .then((started) =>
        Promise.all(
          started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.stop()] : [])),
        ),
      )
      .then(() => rmSync(dir, { recursive: true, force: true })));
  // The work fails as its servers go; nobody is told, since the process ends first.
  const interrupted = (signal: NodeJS.Signals) =>
    void stop().finally(() => process.exit(exitCodeOf(signal)));
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    const [db, queue] = await Promise.all([database, redis]);
    return await work({ database: db, redis: queue });
  } finally {
    await stop();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}
