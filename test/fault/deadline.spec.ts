/** A request that takes too long is answered 503 in time, and what it has begun is not half done. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const DEADLINE_MS = 700;

let shop: Shop;
beforeAll(async () => {
  shop = await startBareShop({ REQUEST_DEADLINE_MS: String(DEADLINE_MS) });
});
afterAll(() => shop.close());

it('answers 503 while the order waits for its goods, and the same key learns what became of it', async () => {
  const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
  await fillCarts(shop.db, [{ userId: buyer.id, skuIds: await buildSkus(shop.db, 1) }]);
  const client = new Client(shop.url, tokenFor(buyer.id));
  const order = () =>
    client.post(
      '/orders/',
      { address: buyer.addressId, pay_method: 2 },
      { 'Idempotency-Key': 'deadline-1' },
    );
  const rival = shop.db.dataSource.createQueryRunner();
  await rival.startTransaction();
  await rival.query('SELECT id FROM skus FOR UPDATE');

  const warn = vi.spyOn(Logger.prototype, 'warn');
  const late = await order();
  expect(warn.mock.calls.map(([line]) => line)).toContainEqual(
    expect.objectContaining({ request_id: late.body['request_id'], status: 503 }),
  );
  warn.mockRestore();
  expect([late.status, late.body['code']]).toEqual([503, 'UNAVAILABLE']);
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(late.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(late.body['request_id']).toBe(late.headers.get('x-request-id'));
  expect((await client.get('/health/live/')).status).toBe(200);
  expect(await shop.db.sql('SELECT COUNT(*) AS n FROM orders')).toEqual([{ n: 0 }]);
  expect(await violations(shop.db)).toEqual([]);

  await rival.rollbackTransaction();
  await rival.release();
  const answer = await vi.waitFor(
    async () => {
      const again = await order();
      expect(again.status).toBe(201);
      return again;
    },
    { timeout: 60_000, interval: 100 },
  );
  expect(await shop.db.sql('SELECT id FROM orders')).toEqual([{ id: answer.body['order_id'] }]);
  expect(await violations(shop.db)).toEqual([]);
});

it('leaves answers that come in time alone', async () => {
  // On a machine that is busy they may be late once; they would be refused each time otherwise.
  await vi.waitFor(
    async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => new Client(shop.url).get('/health/ready/')),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    },
    { timeout: 60_000, interval: 100 },
  );
});

it('answers 408 to a request that never ends, and closes its connection', async () => {
  const { port } = new URL(shop.url);
  const head = 'POST /authorizations/ HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';
  for (const begun of [
    'GET /health/live/ HTTP/1.1\r\nHost: sh',
    `${head}Content-Length: 100\r\n\r\n{"username`,
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write(begun);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  }
});
