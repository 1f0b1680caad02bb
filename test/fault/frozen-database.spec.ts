/**
 * A database that keeps its connections open and answers nothing. Everybody gets an answer within
 * the database's own deadlines, since that of a request is far away, and the moment the database is back the shop works, on new connections.
 */
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { createApp } from '../../src/app.js';
import { testSettings } from '../kit/settings.js';

/** Nobody waits so long, half the deadline of a request: what answers is the deadline of a statement. */
const PATIENCE_MS = 30_000;

let db: TestDatabase;
let proxy: MysqlProxy;
let app: Awaited<ReturnType<typeof createApp>>;
let url: string;

beforeAll(async () => {
  db = await freshDatabase();
  const address = new URL(db.url);
  proxy = await MysqlProxy.before(address.hostname, Number(address.port));
  address.hostname = '127.0.0.1';
  address.port = String(proxy.listensOn);
  const settings = { DATABASE_POOL_SIZE: '4', REQUEST_DEADLINE_MS: String(2 * PATIENCE_MS) };
  app = await createApp(testSettings(address.toString(), settings));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await proxy.close();
  await db.close();
});

it('answers 503 to reads, orders and the probe, and recovers without a restart', async () => {
  const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
  await fillCarts(db, [{ userId: buyer.id, skuIds: await buildSkus(db, 1) }]);
  const client = new Client(url, tokenFor(buyer.id), PATIENCE_MS);
  const order = () => client.post('/orders/', { address: buyer.addressId, pay_method: 2 });
  expect((await client.get('/orders/')).status).toBe(200);

  const warn = vi.spyOn(Logger.prototype, 'warn');
  const told = () => warn.mock.calls.map(([line]) => line as Record<string, unknown>);
  proxy.freeze(true);
  const unlucky = await client.get('/orders/?page=1', { 'X-Request-Id': 'frozen-request-1' });
  expect(unlucky.status).toBe(503);
  expect(told().filter((line) => line['request_id'] === 'frozen-request-1')).toEqual([
    {
      msg: 'answered 503',
      request_id: 'frozen-request-1',
      method: 'GET',
      route: '/orders',
      status: 503,
      code: 'UNAVAILABLE',
    },
  ]);
  for (let round = 0; round < 2; round += 1) {
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => client.get('/orders/')),
      order(),
      client.get('/health/ready/'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(503));
    for (const { headers } of answers) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await client.get('/health/live/')).status).toBe(200);
  }

  warn.mockRestore();

  proxy.freeze(false);
  const healed = await vi.waitFor(
    async () => {
      const answer = await order();
      expect(answer.status).toBe(201);
      return answer;
    },
    { timeout: 60_000, interval: 100 },
  );
  expect(healed.body['order_id']).toBeTruthy();
  expect((await client.get('/health/ready/')).status).toBe(200);
  expect(await violations(db)).toEqual([]);
});
