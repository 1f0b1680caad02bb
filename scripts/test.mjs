import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { tryChromium } = await import('./lib/chromium.mjs');
const { ensureServer } = await import('./lib/mariadb.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies, run } = await import('./lib/project.mjs');
const { ensureRedis } = await import('./lib/redis.mjs');
const { closingLine, countTests, withRunner } = await import('./lib/totals.mjs');

/**
 * `npm test [-- FILES AND VITEST OPTIONS]`: installs what is missing, builds, and runs the tests,
 * which start the servers they need themselves. The last line gives the totals.
 */
await runMain(async () => {
  await ensureDependencies();
  await ensureServer();
  await ensureRedis();
  await tryChromium();
  await ensureBuilt();

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meiduo-totals-'));
  try {
    const totals = await runTests(path.join(folder, 'report.json'));
    console.log(closingLine(totals));
    process.exitCode = totals.failed > 0 ? 1 : 0;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

/** @param {string} reportFile */
async function runTests(reportFile) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)];
  const exitCode = await run(process.execPath, args);
  const totals = fs.existsSync(reportFile)
    ? countTests(JSON.parse(fs.readFileSync(reportFile, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  return withRunner(totals, exitCode);
}
