import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem, runMain } from '../../../scripts/lib/problem.mjs';
import type { TestDatabase } from '../../kit/database.js';
import { spawnShop } from '../../kit/process.js';
import { createDatabase } from '../database.js';
import { machine } from '../machine.js';
import { digits, table } from '../report.js';
import { type Servers, withServers } from '../servers.js';
import { layReads, type Scale } from './data.js';
import { CLIENTS, P99_WANTED_MS, ReadMeter, type ReadRow } from './measure.js';
import { type ReadOptions, readOptions } from './options.js';
import { type OpenApi, type ReadRoute, readRoutes, undriven } from './routes.js';

const PAGE = 'docs/performance.md';
/** So many runs of every row, all rows one after the other each time. */
const ROUNDS = 3;
const BLOCK = /(<!-- reads -->\n)[\s\S]*(<!-- \/reads -->)/;

await runMain(async () => {
  const options = readOptions(process.argv.slice(3));
  if (typeof options === 'string') {
    console.log(options);
    return;
  }
  // The shop does not start on a database that could lose what it has promised.
  await withServers({ parent: resolve('.data'), durable: true }, (servers) =>
    bench(options, servers),
  );
});

async function bench(options: ReadOptions, { database }: Servers): Promise<void> {
  const db = await createDatabase(database, 'bench_reads');
  const { buyers, skus, orders } = options.scale;
  const [version] = await db.sql<{ v: string }>('SELECT VERSION() AS v');
  const where = machine(version?.v ?? '');
  console.log(`${where}\n`);
  const since = performance.now();
  await layReads(db, options.scale);
  const seconds = digits((performance.now() - since) / 1000);
  console.log(`${orders} orders, ${skus} SKUs, ${buyers} buyers written in ${seconds} s\n`);
  const rows = await measureAll(options, db);
  await db.close();
  console.log(`\n${readTable(rows)}`);
  if (options.json) {
    writeFileSync(options.json, `${JSON.stringify({ rows }, undefined, 2)}\n`);
  }
  if (options.complete) {
    writeDocs(where, options.scale, rows);
  }
  const missed = rows.filter(({ reached }) => !reached).length;
  console.log(
    missed === 0
      ? `Every p99 is below ${P99_WANTED_MS} ms at ${CLIENTS} clients.`
      : `MISSED: ${missed} of ${rows.length} have a p99 of ${P99_WANTED_MS} ms or more.`,
  );
  process.exitCode = missed === 0 ? 0 : 1;
}

async function measureAll(options: ReadOptions, db: TestDatabase): Promise<ReadRow[]> {
  const shop = await spawnShop(db.url, { NODE_ENV: 'development', JOBS: 'on' });
  const meter = new ReadMeter(shop.url);
  try {
    const routes = await readRoutes(db, options.scale);
    await requireAllRoutes(shop.url, routes);
    const asked = routes.filter((each) => each.route.includes(options.only));
    for (const route of asked) {
      await meter.check(route);
      await meter.warmUp(route, options.seconds / 2);
    }
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const route of asked) {
        const { p99Ms } = await meter.measure(route, options.seconds);
        console.log(`${round}/${ROUNDS} ${route.route} ${route.about}: ${digits(p99Ms)} ms`);
      }
    }
    return meter.rows();
  } finally {
    meter.stop();
    await shop.stop();
  }
}

/** A read route that was added to the shop and not to the benchmark ends it. */
async function requireAllRoutes(url: string, routes: readonly ReadRoute[]): Promise<void> {
  const document = (await (await fetch(new URL('/openapi.json', url))).json()) as OpenApi;
  const missing = undriven(document, routes);
  if (missing.length > 0) {
    throw new Problem(`not driven, see test/bench/reads/routes.ts: ${missing.join(', ')}`);
  }
}

function readTable(rows: readonly ReadRow[]): string {
  return table(
    ['GET', 'what', 'requests/s', 'p50 ms', 'p99 ms', `below ${P99_WANTED_MS} ms`],
    rows.map((row) => [
      row.route,
      row.about,
      digits(row.requests_per_s),
      digits(row.p50_ms),
      digits(row.p99_ms),
      row.reached ? 'reached' : 'MISSED',
    ]),
  );
}

function writeDocs(where: string, { buyers, skus, orders }: Scale, rows: readonly ReadRow[]): void {
  const number = (n: number) => n.toLocaleString('en-US');
  const block = [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${where}.`,
    `${CLIENTS} clients, medians of ${ROUNDS} runs; ${number(orders)} orders, ${number(skus)} SKUs and ${number(buyers)} buyers in the database.`,
    readTable(rows),
  ].join('\n\n');
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(BLOCK, (_, begin, end) => `${begin}\n${block}\n\n${end}`),
  );
}
