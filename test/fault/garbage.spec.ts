/** What a request leaves in memory is dead by the next collection of the young generation, and that is large. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import { closedLoop } from '../bench/closed-loop.js';
import { HttpConnection } from '../bench/http-connection.js';
import { orderRequest } from '../bench/order-request.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { tokenFor } from '../kit/client.js';
import { type FreshDatabase, freshDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';

const CLIENTS = 64;
const BUYERS = 2000;
/** Every buyer orders so often before V8 has settled what it compiles how, and while it is watched. */
const ROUNDS = { warmUp: 4, watched: 9 };
/** An order makes about ten times as much garbage. */
const ORDER_MAX_KB = 2;
/** Less than the hidden classes that one copy of options takes. */
const READ_MAX_KB = 0.2;
const GARBAGE_MB = 256;

const run = promisify(execFile);

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
  expect(await outlivingKb('trace-gc', orderRounds)).toBeLessThan(ORDER_MAX_KB);
});

// V8 decides for pretenuring when it happens to look, so it may take a second shop.
it.each(['pretenuring', 'open-requests'])('much does with %s', { retry: 2 }, async (bug) => {
  expect(await outlivingKb(bug, orderRounds)).toBeGreaterThan(ORDER_MAX_KB);
});

it('hardly anything of a read does', async () => {
  expect(await outlivingKb('trace-gc', readRounds)).toBeLessThan(READ_MAX_KB);
});

it('more does when the driver copies the options of its queries', async () => {
  expect(await outlivingKb('query-options', readRounds)).toBeGreaterThan(READ_MAX_KB);
});

it('the young generation is whole from the start, although nothing outlives it', async () => {
  expect(await collectionsOf(GARBAGE_MB, SHOP_OPTIONS)).toBeLessThan(GARBAGE_MB / 16);
});

it('left to itself it stays small', async () => {
  const options = SHOP_OPTIONS.filter((option) => !option.startsWith('--min-semi-space-size'));
  expect(options).toHaveLength(SHOP_OPTIONS.length - 1);
  expect(await collectionsOf(GARBAGE_MB, options)).toBeGreaterThan(GARBAGE_MB / 4);
});

/** How often the young generation of a new process is collected while so much garbage is made. */
async function collectionsOf(garbageMb: number, options: readonly string[]): Promise<number> {
  // An array of 1,024 small integers has four or eight kilobytes, as V8 was built.
  const program = `for (let i = 0; i < ${garbageMb * 128}; i += 1) globalThis.garbage = Array(1024).fill(i)`;
  const { stdout } = await run(process.execPath, [...options, '--trace-gc', '--eval', program]);
  return stdout.match(/ms: Scavenge /g)?.length ?? 0;
}

/** What a request adds to the memory that collections of the young generation do not free. */
async function outlivingKb(seed: string, drive: Drive): Promise<number> {
  const shop = await spawnShop(db.url, seeded(`test/fault/kit/${seed}.mjs`));
  const connections = await Promise.all(
    Array.from({ length: CLIENTS }, () => HttpConnection.open(Number(new URL(shop.url).port))),
  );
  const sendAll = async (requests: readonly Buffer[]) => {
    const { statuses } = await closedLoop(
      { clients: CLIENTS, from: 0, count: requests.length, limitMs: 60_000 },
      (client, job) => connections[client]!.send(requests[job]!),
    );
    return statuses;
  };
  try {
    await drive(sendAll, ROUNDS.warmUp);
    const before = shop.output().length;
    await drive(sendAll, ROUNDS.watched);
    const outlivingMb = outliving(shop.output().slice(before));
    expect(await violations(db)).toEqual([]);
    return (outlivingMb * 1024) / (ROUNDS.watched * BUYERS);
  } finally {
    connections.forEach((connection) => connection.close());
    await shop.stop();
  }
}

/** Lets every buyer send one request a round, by means of what sends requests and answers their statuses. */
type Drive = (
  sendAll: (requests: readonly Buffer[]) => Promise<Readonly<Record<number, number>>>,
  rounds: number,
) => Promise<void>;

async function orderRounds(sendAll: Parameters<Drive>[0], rounds: number): Promise<void> {
  const requests = buyers.map(orderRequest);
  for (let round = 0; round < rounds; round += 1) {
    await fillAll();
    expect(await sendAll(requests)).toEqual({ 201: BUYERS });
  }
}

async function readRounds(sendAll: Parameters<Drive>[0], rounds: number): Promise<void> {
  const requests = buyers.map(({ id }) =>
    Buffer.from(
      `GET /orders/settlement/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${tokenFor(id)}\r\n\r\n`,
    ),
  );
  await fillAll();
  for (let round = 0; round < rounds; round += 1) {
    expect(await sendAll(requests)).toEqual({ 200: BUYERS });
  }
}

async function fillAll(): Promise<void> {
  await db.sql('DELETE FROM cart_lines');
  await fillCarts(
    db,
    buyers.map(({ id }) => ({ userId: id, skuIds })),
  );
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
