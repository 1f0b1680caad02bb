/** An answered request is garbage that the young generation gets rid of, so nothing big is ever collected. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedLoop } from '../bench/closed-loop.js';
import { HttpConnection } from '../bench/http-connection.js';
import { tokenFor } from '../kit/client.js';
import { type FreshDatabase, freshDatabase } from '../kit/database.js';
import { spawnShop } from '../kit/process.js';
import { seeded } from '../kit/seeded.js';

const CLIENTS = 64;
const BUYERS = 2000;
/** V8 has settled by then which code it compiles how. */
const WARM_UP = 10_000;
const REQUESTS = 20_000;

let db: FreshDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

it('needs no collection of the old generation for twenty thousand requests', async () => {
  expect(await collectionsUnderLoad()).toBe(0);
});

it('needs some when V8 puts objects of every request into the old generation', async () => {
  const pretenuring = seeded('test/fault/kit/pretenuring.mjs');
  expect(await collectionsUnderLoad(pretenuring)).toBeGreaterThan(0);
});

/** Collections of the old generation while a shop is asked for orders that it refuses at once. */
async function collectionsUnderLoad(overrides: Record<string, string> = {}): Promise<number> {
  const shop = await spawnShop(db.url, overrides);
  const connections = await Promise.all(
    Array.from({ length: CLIENTS }, () => HttpConnection.open(Number(new URL(shop.url).port))),
  );
  const drive = async (count: number) => {
    const { statuses } = await closedLoop(
      { clients: CLIENTS, from: 0, count, limitMs: Number.POSITIVE_INFINITY },
      (client, job) => connections[client]!.send(requests[job % BUYERS]!),
    );
    expect(statuses).toEqual({ 400: count });
  };
  try {
    await drive(WARM_UP);
    const before = await oldCollections(shop.url);
    await drive(REQUESTS);
    return (await oldCollections(shop.url)) - before;
  } finally {
    connections.forEach((connection) => connection.close());
    await shop.stop();
  }
}

const requests = Array.from({ length: BUYERS }, (_, i) => {
  const body = JSON.stringify({ address: 1, pay_method: 9 });
  return Buffer.from(
    [
      'POST /orders/ HTTP/1.1',
      'Host: 127.0.0.1',
      `Authorization: Bearer ${tokenFor(i + 1)}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
});

async function oldCollections(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = /^nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)$/m.exec(text)?.[1];
  return Number(count ?? 0);
}
