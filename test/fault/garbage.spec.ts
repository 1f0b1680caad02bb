/** What an order leaves in memory is dead by the next collection of the young generation. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedLoop } from '../bench/closed-loop.js';
import { HttpConnection } from '../bench/http-connection.js';
import { orderRequest } from '../bench/order-request.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type FreshDatabase, freshDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';

const CLIENTS = 64;
const BUYERS = 2000;
/** Every buyer orders so often before V8 has settled what it compiles how, and while it is watched. */
const ROUNDS = { warmUp: 4, watched: 9 };
/** An order makes about ten times as much garbage. */
const OUTLIVING_MAX_KB = 2;

let db: FreshDatabase;
let buyers: readonly Buyer[];
let skuIds: readonly number[];
beforeAll(async () => {
  db = await freshDatabase();
  buyers = await buildBuyers(db, BUYERS);
  skuIds = await buildSkus(db, 1, { stock: 1_000_000 });
});
afterAll(() => db.close());

it('hardly anything of an order outlives the collection after it', async () => {
  expect(await outlivingKb('trace-gc')).toBeLessThan(OUTLIVING_MAX_KB);
});

// V8 decides for pretenuring when it happens to look, so it may take a second shop.
it.each(['pretenuring', 'open-requests'])('much does with %s', { retry: 2 }, async (bug) => {
  expect(await outlivingKb(bug)).toBeGreaterThan(OUTLIVING_MAX_KB);
});

/** What an order adds to the memory that collections of the young generation do not free. */
async function outlivingKb(seed: string): Promise<number> {
  await db.sql('DELETE FROM cart_lines');
  const shop = await spawnShop(db.url, seeded(`test/fault/kit/${seed}.mjs`));
  try {
    await orderRounds(shop, ROUNDS.warmUp);
    const before = shop.output().length;
    await orderRounds(shop, ROUNDS.watched);
    const outlivingMb = outliving(shop.output().slice(before));
    expect(await violations(db)).toEqual([]);
    return (outlivingMb * 1024) / (ROUNDS.watched * BUYERS);
  } finally {
    await shop.stop();
  }
}

async function orderRounds({ url }: ShopProcess, rounds: number): Promise<void> {
  const connections = await Promise.all(
    Array.from({ length: CLIENTS }, () => HttpConnection.open(Number(new URL(url).port))),
  );
  const requests = buyers.map(orderRequest);
  try {
    for (let round = 0; round < rounds; round += 1) {
      await fillCarts(
        db,
        buyers.map(({ id }) => ({ userId: id, skuIds })),
      );
      const { statuses } = await closedLoop(
        { clients: CLIENTS, from: 0, count: BUYERS, limitMs: 60_000 },
        (client, job) => connections[client]!.send(requests[job]!),
      );
      expect(statuses).toEqual({ 201: BUYERS });
    }
  } finally {
    connections.forEach((connection) => connection.close());
  }
}

/** Megabytes that outlived a collection of the young generation: how much more there is after it than after the one before. */
function outliving(trace: string): number {
  const collections = [
    ...trace.matchAll(/ms: (Scavenge|Mark-Compact)\D* [\d.]+ \([\d.]+\) -> ([\d.]+)/g),
  ].map(([, kind, left]) => ({ kind, leftMb: Number(left) }));
  expect(collections.length).toBeGreaterThan(3);
  return collections.reduce((sum, { kind, leftMb }, i) => {
    const before = collections[i - 1];
    return before && kind === 'Scavenge' ? sum + leftMb - before.leftMb : sum;
  }, 0);
}
