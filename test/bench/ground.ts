import { setTimeout as delay } from 'node:timers/promises';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import type { TestDatabase } from '../kit/database.js';
import { cpuUsOf } from './cpu.js';
import { randomFrom } from './random.js';
import { WORKLOADS, type Workload } from './variants.js';

const SKUS = 10_000;
/** More than all runs of one preparation can sell. */
const STOCK = 1_000_000;
const LINES: Readonly<Record<Workload, number>> = { hot: 1, wide: 3 };
const ROWS_AT_ONCE = 5000;
const PROMISE_MS = 20_000;
const PURGE_MS = 5000;
const HISTORY_LEFT = 20;
const POLL_MS = 50;
const IDLE_MS = 1500;
const DISAGREEMENTS: Readonly<Record<string, string>> = {
  'products whose stock and sales are not what their orders took': `skus s LEFT JOIN (
      SELECT sku_id, SUM(count) AS n FROM order_lines GROUP BY sku_id) x ON x.sku_id = s.id
    WHERE s.initial_stock + s.restocked <> s.stock + COALESCE(x.n, 0) OR s.sales <> COALESCE(x.n, 0)`,
  'orders whose totals are not the sums of their lines': `orders o LEFT JOIN (
      SELECT order_id, SUM(count) AS c, SUM(count * price_fen) AS a
      FROM order_lines GROUP BY order_id) x ON x.order_id = o.id
    WHERE NOT (o.total_count <=> x.c AND o.total_fen <=> x.a + o.freight_fen)`,
  'orders without exactly one event': `orders o LEFT JOIN (
      SELECT order_id, COUNT(*) AS n FROM order_events WHERE type = 'placed' GROUP BY order_id) x
      ON x.order_id = o.id
    WHERE NOT (x.n <=> 1)`,
  'lines and events of no order': `(
      SELECT order_id FROM order_lines UNION SELECT order_id FROM order_events) x
    LEFT JOIN orders o ON o.id = x.order_id WHERE o.id IS NULL`,
};
const TABLES = ['order_events', 'order_lines', 'orders', 'cart_lines'];

/** What the database server counts, since its start. */
export interface Counters {
  readonly atMs: number;
  readonly statements: number;
  readonly fsyncs: number;
  /** CPU time of the server; NaN where it is not known. */
  readonly cpuUs: number;
}

/** What so many requests for an order came to. */
export interface Outcomes {
  readonly placed: number;
  /** Refused with 503. The order may be there all the same, if the answer was what got lost. */
  readonly refused: number;
}

/**
 * The database that everything is measured on. Every run finds it in the same state: no orders,
 * full stock, and a filled cart for each buyer of the run.
 */
export class Ground {
  private idlePerMs = 0;

  private constructor(
    private readonly db: TestDatabase,
    readonly buyers: readonly Buyer[],
    private readonly serverPid: number,
  ) {}

  /** Makes the products, the buyers, and a list of what each of them would put into the cart. */
  static async lay(db: TestDatabase, buyerCount: number, serverPid: number): Promise<Ground> {
    const buyers: Buyer[] = [];
    while (buyers.length < buyerCount) {
      const count = Math.min(ROWS_AT_ONCE, buyerCount - buyers.length);
      buyers.push(...(await buildBuyers(db, count)));
    }
    const skus = await buildSkus(db, SKUS, { stock: STOCK });
    await db.sql(`CREATE TABLE bench_carts (workload CHAR(4), user_id INT UNSIGNED,
      sku_id INT UNSIGNED, PRIMARY KEY (workload, user_id, sku_id))`);
    const rows = wishes(buyers, skus);
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await db.sql('INSERT INTO bench_carts VALUES ?', [rows.slice(from, from + ROWS_AT_ONCE)]);
    }
    return new Ground(db, buyers, serverPid);
  }

  /**
   * Empties the tables and gives the stock back. Not by TRUNCATE: files that start at nothing grow
   * page by page in the next run, with a flush for each page, which no shop in use has to pay.
   */
  async reset(): Promise<void> {
    for (const table of TABLES) {
      await this.db.sql(`DELETE FROM ${table}`);
    }
    await this.db.sql('UPDATE skus SET stock = ?, sales = 0, version = 0 WHERE sales > 0', [STOCK]);
    await this.purged();
  }

  /** Waits until the server has cleaned up what was deleted, so that it does not do so later. */
  private async purged(): Promise<void> {
    const deadlineMs = performance.now() + PURGE_MS;
    for (;;) {
      const [row] = await this.db.sql<{ Value: string }>(
        `SHOW GLOBAL STATUS LIKE 'Innodb_history_list_length'`,
      );
      if (!row || Number(row.Value) <= HISTORY_LEFT || performance.now() > deadlineMs) {
        return;
      }
      await delay(POLL_MS);
    }
  }

  /** Fills the carts of `count` buyers, the first of them being number `from`. */
  async fillCarts(workload: Workload, from: number, count: number): Promise<void> {
    const ids = this.buyers.slice(from, from + count).map(({ id }) => id);
    await this.db.sql(
      `INSERT INTO cart_lines (user_id, sku_id, count)
       SELECT user_id, sku_id, 1 FROM bench_carts WHERE workload = ? AND user_id BETWEEN ? AND ?`,
      [workload, ids[0], ids.at(-1)],
    );
  }

  /** Throws when the rows do not agree with each other or with what was answered. */
  async check(workload: Workload, carts: number, { placed, refused }: Outcomes): Promise<void> {
    const orders = await this.ordersOf(placed);
    const buyers = await this.count('SELECT COUNT(DISTINCT user_id) AS n FROM orders');
    const cartLines = await this.count('SELECT COUNT(*) AS n FROM cart_lines');
    const sold = await this.count('SELECT CAST(SUM(sales) AS SIGNED) AS n FROM skus');
    const wrong = await this.disagreements();
    if (orders < placed || orders > placed + refused) {
      wrong.push(`${placed} orders were promised, ${refused} refused, and ${orders} are there`);
    }
    if (buyers !== orders) {
      wrong.push(`${buyers} buyers have ${orders} orders`);
    }
    if (sold !== orders * LINES[workload]) {
      wrong.push(`${orders} orders sold ${sold} units`);
    }
    if (cartLines !== (carts - orders) * LINES[workload]) {
      wrong.push(`${cartLines} cart lines are left of ${carts} carts after ${orders} orders`);
    }
    if (wrong.length > 0) {
      throw new Error(`the outcome is wrong:\n${wrong.join('\n')}`);
    }
  }

  /**
   * What the rows of orders say against each other. The invariants that concern placing an order,
   * each as one pass over its tables: a run has thousands of orders, and there are hundreds of runs.
   */
  private async disagreements(): Promise<string[]> {
    const wrong: string[] = [];
    for (const [what, sql] of Object.entries(DISAGREEMENTS)) {
      const n = await this.count(`SELECT COUNT(*) AS n FROM ${sql}`);
      if (n > 0) {
        wrong.push(`${what}: ${n}`);
      }
    }
    return wrong;
  }

  /** The number of orders; a promise of the queue (202) may come true a moment later. */
  private async ordersOf(promised: number): Promise<number> {
    const deadlineMs = performance.now() + PROMISE_MS;
    for (;;) {
      const orders = await this.count('SELECT COUNT(*) AS n FROM orders');
      if (orders >= promised || performance.now() > deadlineMs) {
        return orders;
      }
      await delay(POLL_MS);
    }
  }

  private async count(sql: string): Promise<number> {
    return (await this.db.sql<{ n: number }>(sql))[0]?.n ?? 0;
  }

  async counters(): Promise<Counters> {
    const rows = await this.db.sql<{ Variable_name: string; Value: string }>(
      `SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Innodb_data_fsyncs')`,
    );
    const value = (name: string) =>
      Number(rows.find((row) => row.Variable_name === name)?.Value ?? Number.NaN);
    return {
      atMs: performance.now(),
      statements: value('Questions'),
      fsyncs: value('Innodb_data_fsyncs'),
      cpuUs: cpuUsOf(this.serverPid),
    };
  }

  /** Counts what the started processes ask by themselves, while nobody orders. */
  async watchIdle(): Promise<void> {
    const before = await this.counters();
    await delay(IDLE_MS);
    const after = await this.counters();
    this.idlePerMs = this.statementsBetween(before, after) / (after.atMs - before.atMs);
  }

  /** Without the one that asked for the counters, and without those of idle processes. */
  statementsBetween(before: Counters, after: Counters): number {
    const idle = this.idlePerMs * (after.atMs - before.atMs);
    return Math.max(0, after.statements - before.statements - 1 - idle);
  }
}

/** The same carts in every run: `[workload, user, sku]`, drawn from a fixed seed. */
function wishes(buyers: readonly Buyer[], skus: readonly number[]): unknown[][] {
  const random = randomFrom(1);
  return buyers.flatMap(({ id }) => [
    [WORKLOADS[0], id, skus[0]],
    ...random.distinct(skus, LINES.wide).map((sku) => [WORKLOADS[1], id, sku]),
  ]);
}
