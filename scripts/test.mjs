import { requireNode } from './lib/node-version.mjs';

requireNode();
const { figureTable } = await import('./lib/figures.mjs');
const { ensureServer } = await import('./lib/mariadb.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies } = await import('./lib/project.mjs');
const { ensureRedis } = await import('./lib/redis.mjs');
const { runTests } = await import('./lib/test-run.mjs');
const { CHROMIUM, FAULT_TOOLS, OPENSSL, tryTools } = await import('./lib/test-tools.mjs');
const { closingLine } = await import('./lib/totals.mjs');

/**
 * `npm test [-- FILES AND VITEST OPTIONS]`: installs what is missing, builds, and runs the tests,
 * which start the servers they need themselves. Then the figures they have told, in one table; the
 * last line gives the totals.
 */
await runMain(async () => {
  await ensureDependencies();
  await ensureServer();
  await ensureRedis();
  await tryTools([CHROMIUM, OPENSSL, ...FAULT_TOOLS]);
  await ensureBuilt();

  const since = Date.now();
  const { totals, figures } = await runTests(process.argv.slice(2));
  if (figures.length > 0) {
    console.log(`${figureTable(figures)}\n`);
  }
  console.log(`${((Date.now() - since) / 60_000).toFixed(1)} minutes`);
  console.log(closingLine(totals));
  process.exitCode = totals.failed > 0 ? 1 : 0;
});
