import { randomFrom } from '../bench/random.js';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import type { TestDatabase } from '../kit/database.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';
import { audit, type Verdict } from './audit.js';
import { type Habit, HABITS, purchase } from './buyer.js';
import type { ProveOptions, Strategy } from './options.js';

/** One line of the table. */
export interface Proof extends Verdict {
  readonly strategy: Strategy;
  /** Deadlocks the database saw meanwhile; undefined where it does not count them. */
  readonly deadlocks?: number;
  /** Transactions the shop ran again. */
  readonly retries: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
}

/** Nothing was sold twice, lost or doubled, and every buyer was told the truth. */
export function isExact({ oversold, lost, duplicated, wrong }: Verdict): boolean {
  return oversold === 0 && lost === 0 && duplicated === 0 && wrong.length === 0;
}

/**
 * Lets all buyers order at once at several processes of the built shop, and compares what they were
 * told with what is in the database (which must be empty before).
 */
export async function prove(
  db: TestDatabase,
  redisUrl: string,
  strategy: Strategy,
  { buyers: buyerCount, units, processes, carts, seedBug }: Omit<ProveOptions, 'strategies'>,
): Promise<Proof> {
  const random = randomFrom(buyerCount);
  const buyers = await buildBuyers(db, buyerCount);
  const skus = await buildSkus(db, carts.max, { stock: units });
  // Repeats wait for each other at the cart, which would hide that nobody waits at the product.
  const habits: readonly Habit[] = seedBug ? ['once'] : HABITS;
  const wishes = buyers.map((buyer, i) => ({
    buyer,
    userId: buyer.id,
    skuIds: random.distinct(skus, random.between(carts.min, carts.max)),
    habit: habits[i % habits.length] ?? 'once',
    at: i % processes,
  }));
  await fillCarts(db, wishes);
  const settings = { ORDER_STRATEGY: strategy, REDIS_URL: redisUrl };
  const bug = seedBug ? await seed(db) : {};
  const shops = await startShops(processes, () => spawnShop(db.url, { ...settings, ...bug }));
  try {
    const urlAt = (i: number) => shops[i % processes]?.url ?? '';
    const deadlocksBefore = await deadlocks(db);
    const startMs = performance.now();
    const purchases = await Promise.all(
      wishes.map(({ buyer, skuIds, habit, at }) =>
        purchase(buyer, skuIds, habit, [urlAt(at), urlAt(at + 1)]),
      ),
    );
    const seconds = (performance.now() - startMs) / 1000;
    const verdict = await audit(db, purchases, units);
    const deadlocksAfter = await deadlocks(db);
    return {
      strategy,
      ...verdict,
      ...(deadlocksBefore === undefined || deadlocksAfter === undefined
        ? {}
        : { deadlocks: deadlocksAfter - deadlocksBefore }),
      retries: await retries(shops),
      seconds,
    };
  } finally {
    await Promise.all(shops.map((shop) => shop.stop()));
  }
}

/** All of them or none: when one does not start, the others are stopped. */
async function startShops(
  count: number,
  start: () => Promise<ShopProcess>,
): Promise<readonly ShopProcess[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, start));
  const shops = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  process.once('exit', () => shops.forEach(({ child }) => child.kill('SIGKILL')));
  const failure = started.find((one) => one.status === 'rejected');
  if (failure) {
    await Promise.all(shops.map((shop) => shop.stop()));
    throw failure.reason;
  }
  return shops;
}

/**
 * Breaks the shop: its processes lose the lock and the version check, and the database what would
 * still stop them, the CHECK of the stock and the foreign key that locks a product as well.
 */
async function seed(db: TestDatabase): Promise<Record<string, string>> {
  await db.sql('ALTER TABLE skus DROP CONSTRAINT ck_skus_stock');
  await db.sql('ALTER TABLE order_lines DROP FOREIGN KEY fk_order_lines_sku');
  return seeded('test/prove/seed-bug.mjs');
}

async function deadlocks(db: TestDatabase): Promise<number | undefined> {
  const [row] = await db.sql<{ Value: string }>(`SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'`);
  return row && Number(row.Value);
}

/** The sum of the processes' own counters. */
async function retries(shops: readonly ShopProcess[]): Promise<number> {
  const texts = await Promise.all(
    shops.map(async ({ url }) => (await fetch(new URL('/metrics', url))).text()),
  );
  return texts
    .flatMap((text) => [...text.matchAll(/^transaction_retries_total\{.*\} (\d+)$/gm)])
    .reduce((sum, [, count]) => sum + Number(count), 0);
}
