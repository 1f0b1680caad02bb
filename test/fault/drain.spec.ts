/** SIGTERM: what was accepted is finished, and the process ends by itself. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase } from '../kit/database.js';
import { violations } from '../kit/invariants.js';
import { spawnShop } from '../kit/process.js';
import { blocked } from '../kit/transactions.js';
import { seeded } from '../kit/seeded.js';

it('answers the order that is in flight, then ends by itself', async () => {
  const db = await freshDatabase();
  const [buyer] = (await buildBuyers(db, 1)) as [Buyer];
  await fillCarts(db, [{ userId: buyer.id, skuIds: await buildSkus(db, 1) }]);
  const shop = await spawnShop(db.url);
  const rival = db.dataSource.createQueryRunner();
  await rival.startTransaction();
  await rival.query('SELECT id FROM skus FOR UPDATE');

  const order = new Client(shop.url, tokenFor(buyer.id)).post('/orders/', {
    address: buyer.addressId,
    pay_method: 2,
  });
  await blocked(db, 1);
  const exited = once(shop.child, 'exit');
  shop.child.kill('SIGTERM');
  await rival.rollbackTransaction();
  await rival.release();

  expect((await order).status).toBe(201);
  // Nest raises the signal again once everything is closed.
  expect(await exited).toEqual([null, 'SIGTERM']);
  expect(await db.sql('SELECT COUNT(*) AS n FROM orders')).toEqual([{ n: 1 }]);
  expect(await violations(db)).toEqual([]);
  await db.close();
});

it('serves the request that was still on its way when the server closed', async () => {
  const db = await freshDatabase();
  const shop = await spawnShop(db.url);
  const { port } = new URL(shop.url);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write('GET /nowhere/ HTTP/1.1\r\nHost: sh');
  // The shop has read that much when it has answered somebody who came later.
  await fetch(new URL('/health/live', shop.url));
  const exited = once(shop.child, 'exit');
  shop.child.kill('SIGTERM');
  await vi.waitFor(async () => {
    await expect(fetch(new URL('/health/live', shop.url))).rejects.toThrow();
  }, 30_000);
  socket.write('op\r\n\r\n');
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 404 .*connection: close.*"code":"NOT_FOUND"/is);
  expect(await exited).toEqual([null, 'SIGTERM']);
  await db.close();
}, 60_000);

it('ends although its jobs do not', async () => {
  const db = await freshDatabase();
  const shop = await spawnShop(db.url, {
    JOBS: 'on',
    ...seeded('test/fault/kit/endless-jobs.mjs'),
  });
  // What a process prints comes here a moment later.
  await vi.waitFor(() => {
    for (const job of ['sweep', 'refunds', 'bill', 'checker', 'receipt']) {
      expect(shop.output()).toContain(`${job}: endless`);
    }
  }, 30_000);
  const exited = once(shop.child, 'exit');
  shop.child.kill('SIGTERM');
  expect(await exited).toEqual([null, 'SIGTERM']);
  await db.close();
}, 60_000);
