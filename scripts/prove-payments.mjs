import { requireNode } from './lib/node-version.mjs';

requireNode();
const { figureTable } = await import('./lib/figures.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies } = await import('./lib/project.mjs');
const { runTests } = await import('./lib/test-run.mjs');

const FOLDERS = ['test/payment', 'test/api/payment.spec.ts'];
/** The cases of the matrix are named in the titles of the tests, such as [P1, N1]. */
const CASES = /\[([A-Z]\d+b?(?:, [A-Z]\d+b?)*)\]/;

/**
 * `npm run prove:payments`: the whole matrix and the figures of the payment loop in full, some
 * twenty minutes, ending with one table.
 */
await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt();
  const { totals, figures, tests } = await runTests(FOLDERS, { FIGURES: 'full' });
  const passed = new Set();
  const failed = new Set();
  for (const { title, status } of tests) {
    for (const name of CASES.exec(title)?.[1]?.split(', ') ?? []) {
      (status === 'passed' ? passed : failed).add(name);
    }
  }
  const lost = [...failed].join(', ');
  const got = `${passed.size - failed.size}${lost && ` (not ${lost})`}`;
  const matrix = { id: '', what: 'cases of the matrix', wanted: '39', got };
  console.log(`\n${figureTable([matrix, ...figures])}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
});
