import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const USAGE = 'npm run soak -- [--minutes 30] [--seed 7]';

const { figureTable, unreachedLine } = await import('./lib/figures.mjs');
const { ensureServer } = await import('./lib/mariadb.mjs');
const { Problem, runMain } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies } = await import('./lib/project.mjs');
const { ensureRedis } = await import('./lib/redis.mjs');
const { runTests } = await import('./lib/test-run.mjs');
const { FAULT_TOOLS, tryTools } = await import('./lib/test-tools.mjs');
const { closingLine } = await import('./lib/totals.mjs');

/**
 * `npm run soak -- [--minutes 30] [--seed N]`: random faults under load, the same ones with the same
 * seed; exit code 0 only if nothing was lost, doubled or oversold, every rule of the books holds, and
 * orders were taken again as soon and as quickly as is wanted.
 */
await runMain(async () => {
  const { minutes, seed } = options();
  await ensureDependencies();
  await ensureServer();
  await ensureRedis();
  await tryTools(FAULT_TOOLS);
  await ensureBuilt();
  console.log(`${minutes} minutes, seed ${seed}`);
  const { totals, figures } = await runTests(['test/figures/g25-soak.spec.ts', '-t', 'random'], {
    SOAK_MINUTES: minutes,
    SOAK_SEED: seed,
  });
  console.log(figureTable(figures));
  const unreached = unreachedLine(figures);
  if (unreached) {
    console.log(unreached);
  }
  console.log(closingLine(totals));
  process.exitCode = totals.failed > 0 || unreached ? 1 : 0;
});

/**
 * @returns {{ minutes: string, seed: string }}
 * @throws {Problem} in one sentence when the arguments make no sense
 */
function options() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    const { values } = parseArgs({ options: { minutes: text, seed: text } });
    const { minutes = '30', seed = String(randomInt(1_000_000)) } = values;
    if (Number(minutes) > 0 && /^\d+$/.test(seed)) {
      return { minutes, seed };
    }
  } catch {
    // Node's own words would be longer than the usage.
  }
  throw new Problem(
    `--minutes is a number above zero, --seed a whole number, and nothing else is taken: ${USAGE}`,
    2,
  );
}
