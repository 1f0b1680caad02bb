/**
 * What a full run costs on a shop with a past: every rule reads every row it is about. And on a shop
 * about to open it does not read all orders for each SKU.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, statementOf, withCheckConnection } from '../../src/ops/checker/check.js';
import { INVARIANTS } from '../../src/ops/checker/invariants.js';
import { buildSkus } from '../kit/build.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { buildHistory } from './history.js';

const ORDERS = FULL ? 100_000 : 4000;

describe('the cost of the checker', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await freshDatabase();
    await buildHistory(db, ORDERS);
  });
  afterAll(() => db.close());

  it('G21: a shop with a past has no violation, and every rule is one statement', async () => {
    const costs = await withCheckConnection({ url: db.url, tls: undefined }, async (reader) => {
      expect(await check(reader)).toEqual([]);
      const measured: { id: string; ms: number }[] = [];
      for (const rule of INVARIANTS) {
        const since = performance.now();
        await reader.query(...statementOf(rule));
        measured.push({ id: rule.id, ms: Math.round(performance.now() - since) });
      }
      return measured;
    });
    const total = costs.reduce((sum, { ms }) => sum + ms, 0);
    const dear = costs.toSorted((a, b) => b.ms - a.ms).slice(0, 3);
    const said = dear.map(({ id, ms }) => `${id} ${ms} ms`).join(', ');
    figure('G21', `full run at ${ORDERS} orders`, 'told', `${total} ms; most: ${said}`, '-');
    console.log(costs.map(({ id, ms }) => `${id} ${ms} ms`).join(', '));
  });

  it('G21: an incremental run reads what was touched since its marks, and nothing else', async () => {
    const [last] = await db.sql<{ id: number }>('SELECT MAX(id) AS id FROM order_events');
    const since = new Date(Date.now() + 60_000);
    const timed = async (eventId: number) => {
      const begun = performance.now();
      expect(await check(db.dataSource, { marks: { since, eventId } })).toEqual([]);
      return `${Math.round(performance.now() - begun)} ms`;
    };
    const eventId = last?.id ?? 0;
    // Ten orders have 34 events.
    const cost = { none: await timed(eventId), thousand: await timed(eventId - 3400) };
    const said = `${cost.none}; of 1000 orders touched: ${cost.thousand}`;
    figure('G21', `incremental run at ${ORDERS} orders, nothing touched`, 'told', said, '-');
    console.log(`incremental: ${said}`);

    const [old] = await db.sql<{ id: string }>('SELECT MIN(id) AS id FROM orders');
    await db.sql('UPDATE orders SET total_fen = total_fen + 1 WHERE id = ?', [old?.id]);
    await timed(eventId - 3400);
    const marks = { since, eventId };
    const full = await check(db.dataSource, { marks, full: new Set(['I06']) });
    expect(full.map(({ rule, offenders }) => [rule.id, offenders])).toEqual([['I06', [old?.id]]]);
  });
});

describe('a shop with thousands of SKUs that has sold nothing yet', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await freshDatabase();
    await buildSkus(db, 5000, { stock: 1 });
    await db.sql('ANALYZE TABLE skus');
  });
  afterAll(() => db.close());

  /** What each rule about SKUs would read as a whole, but for the SKUs themselves. */
  async function scans(changed = (sql: string) => sql): Promise<string[]> {
    const found: string[] = [];
    for (const rule of INVARIANTS.filter(({ table }) => table === 's')) {
      const steps = await db.sql<{ table: string | null; type: string | null }>(
        `EXPLAIN ${changed(statementOf(rule)[0])}`,
      );
      const whole = steps.filter(({ type }) => type === 'ALL' || type === 'index');
      found.push(...whole.map(({ table }) => `${rule.id} ${table}`));
    }
    return found.filter((scan) => !scan.endsWith(' s'));
  }

  it('reads no whole table for each of them', async () => {
    expect(await scans()).toEqual([]);
  });

  it('would, were the indexes not named', async () => {
    const found = await scans((sql) => sql.replaceAll(/FORCE INDEX \(\w+\)/g, ''));
    expect(found).toEqual(expect.arrayContaining(['I03 l', 'I24 a']));
  });
});
