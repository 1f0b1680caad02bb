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
    ground = await Ground.lay(db, 20);
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

  it('compares rows, and says when there is nothing to compare', () => {
    const row = { workload: 'hot', clients: 64, orders_per_s: 3000 } as Row;
    const rows = [
      { ...row, variant: 'pessimistic' as const },
      { ...row, variant: 'textbook_sql' as const, orders_per_s: 500 },
    ];
    const [orm, sql] = figures({ rows, runs: [] });
    expect(orm?.got).toBeUndefined();
    expect(sql).toMatchObject({ got: 6, reached: false });
    expect(sql).not.toHaveProperty('alone');
  });

  it('says what the batches alone would reach, and an empty route of Nest', () => {
    const rate = (variant: Row['variant'], orders_per_s: number) =>
      ({ workload: 'hot', clients: 64, variant, orders_per_s }) as Row;
    const rows = [rate('pessimistic', 4), rate('raw', 5), rate('noop', 10), rate('bare', 20)];
    const alone = figures({ rows, runs: [], nestOfBare: 0.6 }).filter((figure) => figure.alone);
    expect(alone).toMatchObject([
      { what: expect.stringContaining('hot') as string, got: 0.4, alone: 0.5 },
      { what: expect.stringContaining('bare') as string, got: 0.5, alone: 0.6 },
    ]);
  });
});

it('npm run bench measures, checks and writes the rows', { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-bench-'));
  const json = join(dir, 'rows.json');
  const args = `--quick --variants raw --clients 2 --repetitions 1 --json ${json}`.split(' ');
  const child = spawn(process.execPath, ['scripts/bench.mjs', ...args]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code, output).toBe(0);
  const { rows } = JSON.parse(readFileSync(json, 'utf8')) as { rows: Row[] };
  expect(rows.map(({ workload, clients, variant }) => [workload, clients, variant])).toEqual([
    ['hot', 2, 'raw'],
    ['wide', 2, 'raw'],
  ]);
  expect(rows.every((row) => row.orders_per_s > 0 && row.statements_per_order > 1)).toBe(true);
  rmSync(dir, { recursive: true });
});
