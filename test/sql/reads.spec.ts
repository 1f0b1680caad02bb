/**
 * No request that only reads scans a table. Every GET route of the OpenAPI document is asked as the
 * benchmark asks it, on a shop with some tens of thousands of rows; every statement this sends is
 * recorded, and the database explains how it would find the rows.
 */
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layReads } from '../bench/reads/data.js';
import { type OpenApi, type ReadRoute, readRoutes, undriven } from '../bench/reads/routes.js';
import { Client } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { Recorder } from '../kit/recorder.js';
import { type Shop, startBareShop } from '../kit/shop.js';

/** Large enough for an index to be worth its while to the optimizer. */
const SCALE = { buyers: 100, skus: 2000, orders: 10_000 };
const READS_OF_EACH = 8;

/**
 * Tables that may be read as a whole, and why. The search is not among them: it reads the texts of the
 * SKUs in ranges of the primary key, at most every two seconds, and each request reads its own few rows.
 * Nor are best sellers: a category is read by its index, as often.
 */
const WHOLE: Readonly<Record<string, string>> = {
  areas: 'reference data of some thousand rows, read once in the life of a process',
  categories: 'GET /categories/ answers the whole table, some hundred rows',
};

/** A line of EXPLAIN; MariaDB and MySQL call these columns the same. */
interface Step {
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
}

interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

describe('read routes', () => {
  let shop: Shop;
  let routes: ReadRoute[];

  beforeAll(async () => {
    shop = await startBareShop();
    await layReads(shop.db, SCALE);
    routes = await readRoutes(shop.db, SCALE);
  });
  afterAll(() => shop.close());

  /** What these routes send, with all that was asked: for some values there is no row to look for. */
  async function recorded(asked: readonly ReadRoute[]): Promise<Statement[]> {
    const recorder = Recorder.on(shop.app.get(DataSource));
    for (const { path, token } of asked.flatMap(({ reads }) => reads.slice(0, READS_OF_EACH))) {
      expect((await new Client(shop.url, token).get(path)).status, path).toBe(200);
    }
    return recorder.sent.filter(({ sql }) => /^(SELECT|UPDATE)/.test(sql));
  }

  /** The tables that a statement reads from one end to the other, with the statement. */
  async function scans({ sql, parameters }: Statement): Promise<string[]> {
    const steps = await shop.db.sql<Step>(`EXPLAIN ${sql}`, parameters);
    return steps
      .filter(({ type }) => type === 'ALL' || type === 'index')
      .map(({ table }) => tableOf(table ?? '', sql))
      .filter((table) => table !== undefined && !(table in WHOLE))
      .map((table) => `${table}: ${sql}`);
  }

  async function allScans(statements: readonly Statement[]): Promise<string[]> {
    const found = (await Promise.all(statements.map(scans))).flat();
    return [...new Set(found)];
  }

  it('are laid data that keeps every rule of the shop', async () => {
    expect(await violations(shop.db)).toEqual([]);
  });

  it('are all asked, here and in the benchmark', async () => {
    const { body } = await new Client(shop.url).get<OpenApi>('/openapi.json');
    expect(undriven(body, routes)).toEqual([]);
    expect(undriven(body, routes.slice(1))).toContain('/categories/');
  });

  it('scan no table', async () => {
    const statements = await recorded(routes);
    const tables = statements.flatMap(({ sql }) => [...aliases(sql).values()]);
    for (const table of ['skus', 'orders', 'order_lines', 'comments', 'payments', 'cart_lines']) {
      expect(tables).toContain(table);
    }
    expect(await allScans(statements)).toEqual([]);
  });

  it('would be caught scanning: without its index, and where no index can help', async () => {
    const quarantine = routes.filter(({ route }) => route.includes('quarantine'));
    const columns = '(quarantined, resolved_at)';
    await shop.db.sql('DROP INDEX ix_alipay_notices_quarantined ON alipay_notices');
    const found = await recorded(quarantine).then(allScans);
    await shop.db.sql(`CREATE INDEX ix_alipay_notices_quarantined ON alipay_notices ${columns}`);
    expect(found).toContainEqual(expect.stringMatching(/^alipay_notices: SELECT COUNT/));
    const searched = "SELECT COUNT(*) FROM skus s WHERE s.name LIKE CONCAT('%', ?, '%')";
    expect(await scans({ sql: searched, parameters: ['手机'] })).toEqual([`skus: ${searched}`]);
  });
});

/** The table behind a name that EXPLAIN shows; undefined for what is no table, as `<derived2>`. */
function tableOf(name: string, sql: string): string | undefined {
  return name.startsWith('<') || name === '' ? undefined : (aliases(sql).get(name) ?? name);
}

/** The names under which a statement knows its tables. */
function aliases(sql: string): Map<string, string> {
  const named =
    /\b(?:FROM|JOIN|UPDATE) \(?`?(\w+)`?(?: (?:AS )?(?!JOIN|LEFT|ON|SET|WHERE|ORDER)`?(\w+)`?)?/g;
  return new Map(
    [...sql.matchAll(named)].map(([, table = '', alias]) => [alias ?? table, table] as const),
  );
}
