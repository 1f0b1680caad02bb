import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { runMain } from '../../scripts/lib/problem.mjs';
import { testEnvironment } from '../kit/settings.js';
import { ask } from './ask.js';
import { median } from './closed-loop.js';
import { costs } from './costs.js';
import { createDatabase } from './database.js';
import { writeDocs } from './docs.js';
import { figures } from './figures.js';
import { Fleet, type Target } from './fleet.js';
import { Ground } from './ground.js';
import { machine } from './machine.js';
import { BUYERS, type Cell, measure, type Measured } from './measure.js';
import { type Options, readOptions } from './options.js';
import type { Hot } from './profile.js';
import { costTable, digits, figureTable, hotTable, rowTable } from './report.js';
import { Measurements } from './rows.js';
import { type Servers, withServers } from './servers.js';
import type { Program, Variant } from './variants.js';

/** A target whose runs are rows of the table. */
type VariantTarget = Target<Variant>;

/** The cell that most figures are about. */
const MAIN = { workload: 'hot', clients: 64 } as const;
const FUNCTIONS_SHOWN = 25;

/** What is no row of the table, but compared with one. */
interface Comparison {
  readonly yardstick: Variant;
  readonly program: Program;
  readonly processes: number;
  readonly warmUp: 'warmUpSeconds' | 'twoWarmUpSeconds';
  readonly metric: (run: Measured) => number;
}
const EMPTY_NEST: Comparison = {
  yardstick: 'bare',
  program: 'nest',
  processes: 1,
  warmUp: 'warmUpSeconds',
  metric: (run) => run.ordersPerS,
};
const TWO_PROCESSES: Comparison = {
  yardstick: 'pessimistic',
  program: 'pessimistic',
  processes: 2,
  warmUp: 'twoWarmUpSeconds',
  metric: (run) => run.apiCpuUsPerOrder,
};

await runMain(async () => {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.log(options);
    return;
  }
  // Not in the folder for temporary files: that may be memory, where a flush costs nothing.
  await withServers({ parent: resolve('.data'), durable: true }, (servers) =>
    bench(options, servers),
  );
});

async function bench(options: Options, { database, redis }: Servers): Promise<void> {
  const db = await createDatabase(database, 'bench');
  const ground = await Ground.lay(db, BUYERS, database.pid);
  const environment = testEnvironment(db.url, {
    NODE_ENV: 'development',
    JOBS: process.env['JOBS'] ?? 'on',
    REDIS_URL: redis.url,
  });
  const fleet = new Fleet(environment, ground.buyers);
  try {
    const where = machine((await db.sql<{ v: string }>('SELECT VERSION() AS v'))[0]?.v ?? '');
    console.log(`${where}\n`);
    const targets = await warmedUp(options, ground, fleet);
    const measurements = await measureAll(options, ground, targets);
    const rows = measurements.rows();
    const results = figures({
      cores: availableParallelism(),
      rows,
      runs: measurements.runsOf('pessimistic'),
      nestOfBare: await inTurns(EMPTY_NEST, options, ground, fleet, targets),
      cpuOfTwo: await inTurns(TWO_PROCESSES, options, ground, fleet, targets),
    });
    console.log(`\n${rowTable(rows)}\n\n${figureTable(results)}`);
    if (options.json) {
      writeFileSync(options.json, `${JSON.stringify({ rows }, undefined, 2)}\n`);
    }
    const hot =
      options.profile || options.complete ? await profile(options, ground, fleet) : undefined;
    const steps = costs();
    console.log(`\n${costTable(steps)}`);
    if (hot && options.complete) {
      writeDocs({ where, rows, figures: results, hot, costs: steps });
    }
  } finally {
    fleet.stop();
    await db.dataSource.destroy();
  }
}

/**
 * A process for each variant that has worked for a while: a new one runs code that is not compiled
 * yet. One client makes the most statements, 64 the most requests.
 */
async function warmedUp(options: Options, ground: Ground, fleet: Fleet): Promise<VariantTarget[]> {
  const targets: VariantTarget[] = [];
  for (const variant of options.variants) {
    const target = await fleet.start(variant);
    await warmUp(target, options, ground);
    targets.push(target);
  }
  await ground.watchIdle();
  return targets;
}

async function warmUp(
  target: Target,
  { warmUpSeconds, warmUpMs, runSeconds }: Options,
  ground: Ground,
): Promise<void> {
  const until = process.uptime() + warmUpSeconds;
  for (let round = 0; process.uptime() < until; round += 1) {
    const clients = round % 2 ? MAIN.clients : 1;
    await measure(ground, target, { ...MAIN, clients, warmUpMs, runSeconds });
  }
}

/** Every cell of every variant, the variants one after the other within each cell, again and again. */
async function measureAll(
  { workloads, clients, repetitions, warmUpMs, runSeconds, budgetSeconds }: Options,
  ground: Ground,
  targets: readonly VariantTarget[],
): Promise<Measurements> {
  const cells = workloads.flatMap((workload) =>
    clients.map((n) => ({ workload, clients: n, warmUpMs, runSeconds })),
  );
  const measurements = new Measurements();
  for (let done = 0, took = 0; done < repetitions; done += 1) {
    const began = process.uptime();
    if (done > 0 && began + took > budgetSeconds) {
      console.log(`No time for repetition ${done + 1}.`);
      break;
    }
    for (const cell of cells) {
      process.stdout.write(`${done + 1}/${repetitions} ${cell.workload} ${cell.clients}:`);
      await measureCell(cell, targets, ground, measurements);
    }
    took = process.uptime() - began;
  }
  return measurements;
}

async function measureCell(
  cell: Cell,
  targets: readonly VariantTarget[],
  ground: Ground,
  measurements: Measurements,
): Promise<void> {
  for (const target of targets) {
    const { program: variant } = target;
    const run = await measure(ground, target, cell);
    measurements.add({ workload: cell.workload, clients: cell.clients, variant }, run);
    const refused = run.refused > 0 ? ` (${run.refused} refused)` : '';
    process.stdout.write(` ${variant} ${digits(run.ordersPerS)}/s${refused}`);
  }
  process.stdout.write('\n');
}

/**
 * Starts what is to be compared, and measures it and its yardstick in turns: the median of the ratios.
 * Undefined when the yardstick is not among what this run measures.
 */
async function inTurns(
  { yardstick, program, processes, warmUp: seconds, metric }: Comparison,
  options: Options,
  ground: Ground,
  fleet: Fleet,
  targets: readonly VariantTarget[],
): Promise<number | undefined> {
  const other = targets.find((target) => target.program === yardstick);
  if (!other) {
    return undefined;
  }
  const target = await fleet.start(program, processes);
  await warmUp(target, { ...options, warmUpSeconds: options[seconds] }, ground);
  const { warmUpMs, runSeconds } = options;
  const cell = { ...MAIN, warmUpMs, runSeconds };
  const ratios: number[] = [];
  for (let done = 0; done < options.repetitions; done += 1) {
    const below = metric(await measure(ground, other, cell));
    ratios.push(metric(await measure(ground, target, cell)) / below);
  }
  return median(ratios);
}

async function profile(options: Options, ground: Ground, fleet: Fleet): Promise<Hot> {
  const target = await fleet.start('pessimistic');
  await warmUp(target, options, ground);
  const cell = { ...MAIN, warmUpMs: options.warmUpMs, runSeconds: options.runSeconds };
  const file = resolve('dist/test/bench/pessimistic-hot-64.cpuprofile');
  await ask(target.server, 'startProfile');
  await measure(ground, target, cell);
  const hot = await ask<Hot>(target.server, 'stopProfile', { file });
  console.log(`\nThe CPU profile of ${MAIN.workload}, ${MAIN.clients} clients is ${file}.\n`);
  console.log(hotTable('function', hot.functions.slice(0, FUNCTIONS_SHOWN)));
  return hot;
}
