/** What a bad network does to the protocol: an order comes out right, only later. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { audit, CLEAN, Crowd } from './kit/crowd.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { testSettings } from '../kit/settings.js';

let db: TestDatabase;
let proxy: MysqlProxy;
let app: Awaited<ReturnType<typeof createApp>>;
let crowd: Crowd;

beforeAll(async () => {
  db = await freshDatabase();
  const { hostname, port } = new URL(db.url);
  proxy = await MysqlProxy.before(hostname, Number(port));
  app = await createApp(testSettings(proxy.urlOf(db.url)));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  crowd = new Crowd(db, () => [url], { seed: 1 });
});
beforeEach(() => {
  for (const way of [proxy.requests, proxy.replies]) {
    Object.assign(way, { latencyMs: 0, sliced: false });
  }
});
afterAll(async () => {
  await app.close();
  await proxy.close();
  await db.close();
});

it.each(['requests', 'replies'] as const)('single bytes in the %s change nothing', async (way) => {
  proxy[way].sliced = true;
  await crowd.one();
  expect(crowd.retries).toBe(0);
  expect(await audit(db, crowd)).toMatchObject(CLEAN);
});

it.each(['requests', 'replies'] as const)('latency of the %s is waited for', async (way) => {
  proxy[way].latencyMs = 40;
  const since = performance.now();
  await crowd.one();
  // An order is three packets, one after the other.
  expect(performance.now() - since).toBeGreaterThan(100);
  expect(crowd.retries).toBe(0);
  expect(await audit(db, crowd)).toMatchObject(CLEAN);
});

it('a statement that is held shows what others do meanwhile', async () => {
  const commit = proxy.hold(/^COMMIT/);
  const before = await db.sql('SELECT id FROM orders');
  const ordered = crowd.one();
  await commit.reached;
  expect(await db.sql('SELECT id FROM orders')).toEqual(before);
  commit.release();
  await ordered;
  expect(await db.sql('SELECT id FROM orders')).toHaveLength(before.length + 1);
});
