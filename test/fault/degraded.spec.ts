/**
 * What takes the orders away and leaves the reads: the probe says so by name, and stays green, since
 * the instance serves what can be served.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startRedis } from '../../scripts/lib/redis.mjs';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app.js';
import { PacketDataSource } from '../../src/database/packet-data-source.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { testSettings } from '../kit/settings.js';
import { OwnDatabase } from './kit/own-database.js';

let db: OwnDatabase;
let buyer: Buyer;
beforeAll(async () => {
  // A server that was started without a limit takes none later.
  db = await OwnDatabase.start({ options: ['--max-user-connections=100'] });
  [buyer] = (await buildBuyers(db, 1)) as [Buyer];
  await fillCarts(db, [{ userId: buyer.id, skuIds: await buildSkus(db, 1) }]);
});
afterAll(() => db.close());

/** Runs a shop, and ends it whatever becomes of `test`. */
async function withShop(
  settings: Record<string, string>,
  test: (client: Client, packets: DataSource) => Promise<void>,
): Promise<void> {
  const app = await createApp(testSettings(db.url, settings));
  await app.listen(0, '127.0.0.1');
  try {
    const client = new Client(await app.getUrl(), tokenFor(buyer.id));
    await test(client, app.get<DataSource>(PacketDataSource));
    expect(await violations(db)).toEqual([]);
  } finally {
    await app.close();
  }
}

/** Waits until the probe says so, green as ever. */
async function probed(client: Client, body: object): Promise<void> {
  await vi.waitFor(
    async () => {
      const ready = await client.get('/health/ready/');
      expect([ready.status, ready.body]).toEqual([200, body]);
    },
    { timeout: 60_000, interval: 100 },
  );
}

/** Orders are refused, reads are served. */
async function onlyReads(client: Client): Promise<void> {
  const order = await client.post('/orders/', { address: buyer.addressId, pay_method: 2 });
  expect(order.status).toBe(503);
  expect((await client.get('/cart/')).body).toHaveLength(1);
  expect(await db.sql('SELECT id FROM orders')).toEqual([]);
}

it('a read-only database: degraded, and ok when it takes writes again', async () => {
  await withShop({}, async (client) => {
    await probed(client, { status: 'ok' });
    await db.asAdmin('SET GLOBAL read_only = 1');
    try {
      await probed(client, { status: 'degraded', reasons: ['database_read_only'] });
      await onlyReads(client);
    } finally {
      await db.asAdmin('SET GLOBAL read_only = 0');
    }
    await probed(client, { status: 'ok' });
  });
});

it('an account with too many connections for those of orders: degraded, and ok when there is room', async () => {
  await withShop({}, async (client, packets) => {
    await probed(client, { status: 'ok' });
    const open = await packets.query<{ id: number }[]>('SELECT CONNECTION_ID() AS id');
    await db.asAdmin('SET GLOBAL max_user_connections = 1', `KILL ${open[0]?.id}`);
    try {
      await probed(client, { status: 'degraded', reasons: ['order_connections_unavailable'] });
      await onlyReads(client);
    } finally {
      await db.asAdmin('SET GLOBAL max_user_connections = 100');
    }
    await probed(client, { status: 'ok' });
  });
});

it('a queue whose Redis hangs or is gone: degraded, and ok when it is back', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-redis-'));
  let redis = await startRedis({ dir });
  const { port, url } = redis;
  try {
    await withShop({ ORDER_STRATEGY: 'queue', REDIS_URL: url }, async (client) => {
      const away = { status: 'degraded', reasons: ['queue_unavailable'] };
      await probed(client, { status: 'ok' });
      redis.kill('SIGSTOP');
      await probed(client, away);
      redis.kill('SIGCONT');
      await probed(client, { status: 'ok' });
      redis.kill();
      await redis.exited;
      await redis.stop();
      await probed(client, away);
      await onlyReads(client);
      redis = await startRedis({ dir, port });
      await probed(client, { status: 'ok' });
    });
  } finally {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
