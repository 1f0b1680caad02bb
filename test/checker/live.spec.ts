/**
 * The checker looks while people buy: what is right is never called wrong. The same comparison
 * made in two statements sees a shop that never was, which shows that the traffic is real.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, sentence, withCheckConnection } from '../../src/ops/checker/check.js';
import { readMarks } from '../../src/ops/checker/checker.store.js';
import { figure, FULL } from '../kit/figure.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import { Traffic } from './traffic.js';

const RUNS = FULL ? 500 : 40;
const PEOPLE = 6;
const SEED = 6;
/** One order between two statements is enough to make them disagree, unless as much comes back. */
const TRIES_MAX = 50;
const KINDS = ['order', 'cancel', 'pay', 'refund', 'part', 'ship', 'comment', 'restock'];
const HOUR_MS = 3_600_000;

describe('the checker under live load', () => {
  let shop: ShopWithSandbox;
  let traffic: Traffic;
  beforeAll(async () => {
    shop = await startShopWithSandbox();
    traffic = new Traffic(shop);
    await traffic.start(PEOPLE, SEED);
  });
  afterAll(() => shop.close());

  it(
    'G21: calls nothing wrong that is right, in full runs and incremental ones',
    async () => {
      const alarms: string[] = [];
      let runs = 0;
      await withCheckConnection({ url: shop.db.url, tls: undefined }, async (reader) => {
        while (runs < RUNS || KINDS.some((kind) => traffic.count(kind) === 0)) {
          const marks = runs % 2 === 0 ? undefined : await readMarks(reader);
          alarms.push(...(await check(reader, { marks })).map(sentence));
          runs += 1;
        }
      });
      expect(alarms).toEqual([]);
      const orders = traffic.count('order');
      const got = `${runs} runs, ${alarms.length} alarms, ${orders} orders meanwhile`;
      figure('G21', 'false alarms under live load', `${RUNS} runs, 0 alarms`, got);
    },
    HOUR_MS,
  );

  it('G21: the same comparison in two statements raises a false alarm', async () => {
    const disagrees = async (): Promise<boolean> => {
      const skus = await shop.db.sql<{ id: number; sales: number }>('SELECT id, sales FROM skus');
      await traffic.oneMore('order');
      const held = await shop.db.sql<{ id: number; n: string }>(
        `SELECT l.sku_id AS id, SUM(l.count) - SUM(l.returned_count) AS n
         FROM order_lines l JOIN orders o ON o.id = l.order_id
         WHERE o.status <> 6 GROUP BY l.sku_id`,
      );
      const heldOf = new Map(held.map(({ id, n }) => [id, Number(n)]));
      return skus.some(({ id, sales }) => sales !== (heldOf.get(id) ?? 0));
    };
    let tries = 1;
    while (tries < TRIES_MAX && !(await disagrees())) {
      tries += 1;
    }
    expect(tries).toBeLessThan(TRIES_MAX);
    figure('G21', 'control: two statements', 'a false alarm', `one in ${tries} tries`);
  });

  it('G21: the traffic was answered properly, and left a shop in order', async () => {
    await traffic.stop();
    expect((await check(shop.db.dataSource)).map(sentence)).toEqual([]);
  });
});
