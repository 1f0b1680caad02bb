/**
 * Malformed requests [G11], made from the shop's own document: nothing answers 5xx, nothing hangs, no
 * refusal changes a row, every answer matches its schema. FUZZ_SEED=… repeats a run.
 */
import { readFileSync } from 'node:fs';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { Campaign } from './campaign.js';
import { Contract, type OpenApi } from './document.js';
import { RAW_REQUESTS } from './raw.js';
import { Wire } from './wire.js';

const REQUESTS = FULL ? 100_000 : 5000;
const LIMIT_MS = FULL ? 900_000 : 40_000;
const HOUR_MS = 3_600_000;
/** Of the whole resident memory, from the first quarter of the requests on, when the heap has its size. */
const GROWTH_WANTED_MB = 50;
const GROWTH_MAX_MB = 150;
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const WATCH = new URL('told-prototypes.mjs', import.meta.url);

/** What a process holds of memory now. */
function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

describe('malformed requests', () => {
  let db: TestDatabase;
  let shop: ShopProcess;
  let wire: Wire;
  let campaign: Campaign;

  beforeAll(async () => {
    db = await freshDatabase();
    shop = await spawnShop(db.url, { NODE_OPTIONS: `--import ${WATCH.href}` });
    wire = new Wire(shop.url);
    const [buyer, admin] = await buildBuyers(db, 2);
    const [buyerId, adminId] = [buyer?.id ?? 0, admin?.id ?? 0];
    await db.sql(`UPDATE users SET role = 'admin' WHERE id = ?`, [adminId]);
    const skus = await buildSkus(db, 5, { stock: 1_000_000 });
    await fillCarts(db, [{ userId: buyerId, skuIds: skus }]);
    const order = await new Client(shop.url, tokenFor(buyerId)).post('/orders/', {
      address: buyer?.addressId,
      pay_method: 1,
    });
    const areas = { province_id: [999_997], city_id: [999_998], district_id: [999_999] };
    const document = await new Client(shop.url).get<OpenApi>('/openapi.json');
    campaign = new Campaign(
      wire,
      db,
      new Contract(document.body),
      [undefined, tokenFor(buyerId), tokenFor(adminId, 'admin'), 'a.b.c'],
      {
        ...areas,
        address: [buyer?.addressId ?? 0],
        'addresses.id': [buyer?.addressId ?? 0, admin?.addressId ?? 0],
        'users.id': [buyerId, adminId],
        'skus.id': skus,
        'categories.id': [9991],
        'areas.id': [999_997],
        sku_id: skus,
        sku: skus,
        order_id: [String(order.body['order_id'])],
        order: [String(order.body['order_id'])],
        username: [`buyer_${buyerId}`, 'nobody_yet'],
        mobile: ['13800138000', '19900000001'],
        page: [1, 2],
        page_size: [1, 20],
      },
    );
  });
  afterAll(async () => {
    wire.close();
    await shop.stop();
    await db.close();
  });

  it(
    `G11: are answered by what the document says (FUZZ_SEED=${SEED})`,
    async () => {
      const until = Date.now() + LIMIT_MS;
      const { tally } = campaign;
      const startMb = residentMb(shop.child.pid);
      const quarters: number[] = [];
      for (let i = 0; tally.requests < REQUESTS && Date.now() < until; i += 1) {
        await campaign.round(SEED + i);
        if (tally.requests >= (REQUESTS / 4) * (quarters.length + 1)) {
          quarters.push(residentMb(shop.child.pid));
        }
      }
      const endMb = residentMb(shop.child.pid);
      const growthMb = endMb - (quarters[0] ?? startMb);
      figure(
        'G11',
        'malformed requests: 5xx, hangs, changes, undocumented answers',
        `100,000 (${REQUESTS} here): 0; memory +${GROWTH_WANTED_MB} MB after the first quarter`,
        `${tally.requests}: ${tally.failures.length}, ${tally.busy} busy, ${tally.compared} refusals compared; ` +
          `slowest ${Math.round(tally.slowestMs)} ms; memory +${growthMb} MB (${startMb}, by quarters ${quarters.join(', ')}); seed ${SEED}`,
        growthMb <= GROWTH_WANTED_MB,
      );
      expect(tally.failures.slice(0, 20), `FUZZ_SEED=${SEED}`).toEqual([]);
      expect(tally.busy).toBe(0);
      expect(tally.succeeded).toBeGreaterThan(0);
      expect(tally.compared).toBeGreaterThan(0);
      expect(await violations(db)).toEqual([]);
      expect(growthMb).toBeLessThan(GROWTH_MAX_MB);
    },
    HOUR_MS,
  );

  it.each(RAW_REQUESTS)('over a bare socket: %s', async (_what, bytes, statuses) => {
    const { text, ms } = await wire.raw(bytes);
    const told = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    expect(told, text.slice(0, 500)).toEqual(statuses);
    expect(ms).toBeLessThan(2000);
    expect((await new Client(shop.url).get('/health/live')).status).toBe(200);
  });

  it('leave the prototypes of the process as they were', async () => {
    wire.close();
    await shop.stop();
    expect(shop.output()).toContain('prototypes: as they were');
  });

  describe('a server with a fault is found out', () => {
    let broken: FastifyInstance;
    beforeAll(async () => {
      broken = fastify();
      broken.get('/right/', () => ({ id: 1 }));
      broken.get('/crash/', (_request, reply) => reply.status(500).send({}));
      broken.get('/lie/', () => ({ id: 'one' }));
      broken.get('/secret/', (_request, reply) => reply.status(418).send({ id: 1 }));
      broken.get('/hang/', () => new Promise(() => undefined));
      broken.get('/write/', async (_request, reply) => {
        await db.sql('UPDATE skus SET stock = stock + 1, initial_stock = initial_stock + 1');
        return reply.status(400).send({ id: 1 });
      });
      await broken.listen({ port: 0, host: '127.0.0.1' });
    });
    afterAll(() => broken.close());

    it.each([
      ['/right/', undefined],
      ['/crash/', 'answered 500'],
      ['/lie/', 'does not match its schema'],
      ['/secret/', 'answered 418 undefined, which is not documented'],
      ['/hang/', 'answered after'],
      ['/write/', 'refused requests changed rows'],
    ])('%s: %s', async (path, found) => {
      const properties = { id: { type: 'number' } };
      const schema = { type: 'object', required: ['id'], properties };
      const answer = { content: { 'application/json': { schema } } };
      const document: OpenApi = {
        paths: { [path]: { get: { responses: { '200': answer, '400': answer } } } },
        components: { schemas: { Problem: { type: 'object' } } },
      };
      const { port } = broken.server.address() as { port: number };
      const line = new Wire(`http://127.0.0.1:${port}`);
      const small = new Campaign(line, db, new Contract(document), [undefined], {});
      // A body where none is wanted is refused before the route, so several are tried.
      for (let i = 0; i < (path === '/hang/' ? 1 : 5); i += 1) {
        await small.round(i);
      }
      line.close();
      const told = small.tally.failures.join('\n');
      if (found === undefined) {
        expect(told).toBe('');
      } else {
        expect(told).toContain(found);
      }
    });
  });
});
