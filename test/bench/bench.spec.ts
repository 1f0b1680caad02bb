/**
 * The benchmark is worth something only if it cannot praise what is wrong: the check after every
 * run must notice, and the command must measure the yardsticks it compares with.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { closedLoop, median, quantile } from './closed-loop.js';
import { cpuUsOf } from './cpu.js';
import { figures } from './figures.js';
import { Ground } from './ground.js';
import type { Row } from './rows.js';
import { textbookOrm } from './textbook-orm.js';
import { textbookSql } from './textbook-sql.js';
import type { Place } from './yardstick.js';

describe('the check after a run', () => {
  let db: TestDatabase;
  let ground: Ground;
  let yardsticks: Readonly<Record<string, Place>>;

  beforeAll(async () => {
    db = await freshDatabase();
    ground = await Ground.lay(db, 20, process.pid);
    const terms = { databaseUrl: db.url, poolSize: 4, freightFen: 1000, expiresMs: 1_800_000 };
    yardsticks = { orm: await textbookOrm(terms), sql: textbookSql(terms) };
  });
  beforeEach(() => ground.reset());
  afterAll(() => db.close());

  async function order(place: Place | undefined): Promise<void> {
    await ground.fillCarts('wide', 0, 20);
    for (const [i, buyer] of ground.buyers.slice(0, 3).entries()) {
      const outcome = await place?.({
        orderId: `26000000000000000${i}`,
        userId: buyer.id,
        addressId: buyer.addressId,
        payMethod: 2,
        requestHash: '',
      });
      expect(outcome).toMatchObject({ kind: 'placed' });
    }
  }

  it.each(['orm', 'sql'])('accepts what the textbook in %s leaves', async (name) => {
    await order(yardsticks[name]);
    await expect(ground.check('wide', 20, { placed: 3, refused: 0 })).resolves.toBeUndefined();
  });

  it.each([
    ['an order that was never answered', 'SELECT 1', 2],
    ['stock that was sold without an order', 'UPDATE skus SET stock = 0, sales = 1000000', 3],
    [
      'a cart that was not emptied',
      'INSERT INTO cart_lines SELECT 1, id, 1, 1, NOW() FROM skus',
      3,
    ],
    ['an order without its history', 'DELETE FROM order_events LIMIT 1', 3],
  ])('notices %s', async (_, damage, placed) => {
    await order(yardsticks['sql']);
    await db.sql(damage);
    await expect(ground.check('wide', 20, { placed, refused: 0 })).rejects.toThrow(/is wrong/);
  });
});

describe('the arithmetic', () => {
  it('does every job once and keeps every answer', async () => {
    const jobs: number[] = [];
    const driven = await closedLoop({ clients: 3, from: 5, count: 10, limitMs: 1000 }, (_, job) => {
      jobs.push(job);
      return Promise.resolve(job % 2 ? 201 : 503);
    });
    expect(jobs).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(driven).toMatchObject({ jobs: 10, statuses: { 201: 5, 503: 5 } });
  });

  it('takes quantiles that were really measured, and the middle as the median', () => {
    expect([0.5, 0.99, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });

  const cpu = { api_cpu_us_per_order: 100, db_cpu_us_per_order: 60, load_cpu_us_per_order: 40 };
  const rate = (variant: Row['variant'], orders_per_s: number) =>
    ({ workload: 'hot', clients: 64, variant, orders_per_s, ...cpu }) as Row;

  it('compares rows, and says when there is nothing to compare', () => {
    const rows = [rate('pessimistic', 3000), rate('textbook_sql', 500)];
    const [orm, sql] = figures({ cores: 2, rows, runs: [] });
    expect(orm?.got).toBeUndefined();
    expect(sql).toMatchObject({ got: 6, reached: false });
  });

  it.each([
    ['cores that never wait', 2, 0.625],
    ['one event loop that never waits, where there are more cores', 8, 0.625],
    ['a single core', 1, 0.3125],
  ])('says what %s would reach, and an empty route of Nest', (_, cores, couldBe) => {
    const rows = [rate('pessimistic', 8000), rate('noop', 16_000), rate('bare', 20_000)];
    const limited = figures({ cores, rows, runs: [], nestOfBare: 0.9 }).filter(
      (figure) => figure.couldBe !== undefined,
    );
    expect(limited).toMatchObject([
      { what: expect.stringContaining('no-op') as string, got: 0.5, couldBe },
      { what: expect.stringContaining('bare Fastify') as string, got: 0.8, couldBe: 0.9 },
      { what: expect.stringContaining('two of the above') as string, got: 0.4 },
    ]);
  });

  it('says nothing of cores where the system does not tell what the database used', () => {
    const rows = [rate('pessimistic', 8000), rate('noop', 16_000)].map((row) => ({
      ...row,
      db_cpu_us_per_order: null,
    }));
    const said = figures({ cores: 2, rows, runs: [] });
    expect(said.some(({ got }) => got === 0.5)).toBe(true);
    expect(said.filter((figure) => figure.couldBe !== undefined)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('reads the CPU time of any process', () => {
    const { user, system } = process.cpuUsage();
    const hundredthsOff = Math.abs(cpuUsOf(process.pid) - (user + system)) / 10_000;
    expect(hundredthsOff).toBeLessThan(10);
    expect(cpuUsOf(0)).toBeNaN();
  });
});

it('npm run bench measures, checks and writes the rows', { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-bench-'));
  const json = join(dir, 'rows.json');
  const args = `--quick --variants raw,noop --clients 2 --repetitions 1 --json ${json}`.split(' ');
  const child = spawn(process.execPath, ['scripts/bench.mjs', ...args]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code, output).toBe(0);
  const { rows } = JSON.parse(readFileSync(json, 'utf8')) as { rows: Row[] };
  expect(rows.map(({ workload, clients, variant }) => [workload, clients, variant])).toEqual([
    ['hot', 2, 'raw'],
    ['hot', 2, 'noop'],
    ['wide', 2, 'raw'],
    ['wide', 2, 'noop'],
  ]);
  const [raw, noop] = rows;
  expect(raw?.orders_per_s).toBeGreaterThan(0);
  expect(raw?.statements_per_order).toBeGreaterThan(1);
  // The callers of raw are within the process that is measured.
  expect([raw?.load_cpu_us_per_order, noop?.load_cpu_us_per_order]).toEqual([
    0,
    expect.toSatisfy((us: number) => us > 0),
  ]);
  if (process.platform === 'linux') {
    expect(raw?.db_cpu_us_per_order).toBeGreaterThan(0);
  }
  rmSync(dir, { recursive: true });
});
