import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { seedDemo } from '../../src/database/seed/demo.js';
import { freshDatabase, type TestDatabase } from './database.js';
import { violations } from './invariants.js';
import { testSettings } from './settings.js';

/** A running shop: exactly the app that is shipped, on a database of its own. */
export interface Shop {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly db: TestDatabase;
  /** Stops the app and throws when its rows break a rule of the checker; the database is gone. */
  close(): Promise<void>;
}

/** Starts the shop with areas, demo catalogue and demo accounts, on a free port. */
export async function startShop(overrides: Record<string, string> = {}): Promise<Shop> {
  const db = await freshDatabase();
  await seedDemo(db.dataSource);
  return listen(db, overrides);
}

/** By which URL a shop reaches its database, where that is not the straight way. */
export type Way = (databaseUrl: string) => Promise<string>;

/** The same with an empty database, for tests that build their own buyers and products. */
export async function startBareShop(
  overrides: Record<string, string> = {},
  way?: Way,
): Promise<Shop> {
  return listen(await freshDatabase(), overrides, way);
}

async function listen(
  db: TestDatabase,
  overrides: Record<string, string>,
  way: Way = (url) => Promise.resolve(url),
): Promise<Shop> {
  const config = testSettings(await way(db.url), overrides);
  const app = await createApp(config);
  await app.listen(config.PORT, '127.0.0.1');
  return {
    url: await app.getUrl(),
    app,
    db,
    close: async () => {
      await app.close();
      const wrong = await violations(db);
      await db.close();
      if (wrong.length > 0) {
        throw new Error(`the tests left a shop that breaks its rules:\n${wrong.join('\n')}`);
      }
    },
  };
}
