/**
 * Malformed requests [G11], made from the shop's own document: nothing answers 5xx, nothing hangs, no
 * refusal changes a row, every answer matches its schema. FUZZ_SEED=… repeats a run.
 */
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { NEW_SEED } from '../kit/fast-check.js';
import { figure, FULL } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { Campaign, type Tally } from './campaign.js';
import { Contract, LATE_MS, type OpenApi } from './document.js';
import { RAW_REQUESTS } from './raw.js';
import { Wire } from './wire.js';

const MALFORMED = FULL ? 100_000 : 2500;
const LIMIT_MS = FULL ? 900_000 : 300_000;
const HOUR_MS = 3_600_000;
const GROWTH_MAX_MB = 50;
const WARM_UP_ROUNDS = 3;
const SEED = Number(process.env['FUZZ_SEED'] ?? NEW_SEED);

const WATCH = new URL('told-prototypes.mjs', import.meta.url);

/** What the process holds of memory, in MB, when everything that nobody uses any more is gone. */
async function heldMb({ child, output }: ShopProcess): Promise<number> {
  const told = () => [...output().matchAll(/^held: (\d+) MB$/gm)].map(([, mb]) => Number(mb));
  const before = told().length;
  child.kill('SIGWINCH');
  return vi.waitFor(() => {
    const all = told();
    expect(all).toHaveLength(before + 1);
    return all[before] as number;
  }, 60_000);
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
      let before = 0;
      const quarters: number[] = [];
      for (let i = 0; tally.malformed < MALFORMED && Date.now() < until; i += 1) {
        await campaign.round(SEED + i);
        if (tally.malformed >= (MALFORMED / 4) * (quarters.length + 1)) {
          quarters.push(await heldMb(shop));
        }
        before = i < WARM_UP_ROUNDS ? await heldMb(shop) : before;
      }
      const growth = (await heldMb(shop)) - before;
      figure(
        'G11',
        'malformed requests: 5xx, hangs, changes, undocumented answers',
        `${MALFORMED}: 0; memory +${GROWTH_MAX_MB} MB`,
        `${tally.malformed} malformed, ${tally.refused} refused otherwise, ${tally.served} well-formed: ${tally.failures.length}; ` +
          `${tally.compared} refusals sent again; first tries late or busy ${tally.late}, for good ${tally.busy}; ` +
          `slowest ${Math.round(tally.slowestMs)} ms; memory +${growth} MB (${before}, by quarters ${quarters.join(', ')}); seed ${SEED}`,
        tally.malformed >= MALFORMED &&
          tally.failures.length === 0 &&
          tally.late === 0 &&
          growth < GROWTH_MAX_MB,
      );
      expect(tally.failures.slice(0, 20), `FUZZ_SEED=${SEED}`).toEqual([]);
      expect(tally.malformed).toBeGreaterThanOrEqual(MALFORMED);
      expect(tally.busy).toBe(0);
      expect(tally.served).toBeGreaterThan(0);
      expect(tally.compared).toBeGreaterThan(0);
      expect(await violations(db)).toEqual([]);
      expect(growth).toBeLessThan(GROWTH_MAX_MB);
    },
    HOUR_MS,
  );

  it.each(RAW_REQUESTS)('over a bare socket: %s', async (_what, bytes, statuses) => {
    const { text, hung } = await wire.raw(bytes);
    const told = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    expect(told, text.slice(0, 500)).toEqual(statuses);
    expect(hung).toBe(false);
    expect((await new Client(shop.url).get('/health/live')).status).toBe(200);
  });

  it('leave the prototypes of the process as they were', async () => {
    wire.close();
    await shop.stop();
    expect(shop.output()).toContain('prototypes: as they were');
  });

  describe('a server with a fault is found out', () => {
    let broken: FastifyInstance;
    let asked = 0;
    beforeAll(async () => {
      broken = fastify();
      broken.get('/right/', () => ({ id: 1 }));
      broken.get('/crash/', (_request, reply) => reply.status(500).send({}));
      broken.get('/lie/', () => ({ id: 'one' }));
      broken.get('/secret/', (_request, reply) => reply.status(418).send({ id: 1 }));
      broken.get('/hang/', () => new Promise(() => undefined));
      broken.get('/busy-at-first/', (_request, reply) => {
        const isFirst = asked++ === 0;
        return isFirst ? reply.status(503).header('Retry-After', '1').send({}) : { id: 1 };
      });
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
      // A body where none is wanted is refused before the route, so several are tried.
      const { failures, late } = await tallyOf(path, path === '/hang/' ? 1 : 5);
      const told = failures.join('\n');
      if (found === undefined) {
        expect(told).toBe('');
        expect(late).toBe(0);
      } else {
        expect(told).toContain(found);
      }
    });

    it('/busy-at-first/: a first try that is told “not now” is counted, though the next is served', async () => {
      const { failures, late, busy } = await tallyOf('/busy-at-first/', 5);
      expect([failures, late, busy]).toEqual([[], 1, 0]);
    });

    /** What rounds of requests to one route of the server come to. */
    async function tallyOf(path: string, rounds: number): Promise<Tally> {
      const properties = { id: { type: 'number' } };
      const schema = { type: 'object', required: ['id'], properties };
      const answer = { content: { 'application/json': { schema } } };
      const document: OpenApi = {
        paths: { [path]: { get: { responses: { '200': answer, '400': answer } } } },
        components: { schemas: { Problem: { type: 'object' } } },
      };
      const { port } = broken.server.address() as { port: number };
      const line = new Wire(`http://127.0.0.1:${port}`, LATE_MS + 300);
      const small = new Campaign(line, db, new Contract(document), [undefined], {});
      for (let i = 0; i < rounds; i += 1) {
        await small.round(i);
      }
      line.close();
      return small.tally;
    }
  });
});
