import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { ROOT, ensureBuilt, ensureDependencies, run } = await import('./lib/project.mjs');

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
  const dir = mkdtempSync(path.join(tmpdir(), 'meiduo-prove-'));
  const [results, figures] = [path.join(dir, 'results.json'), path.join(dir, 'figures.jsonl')];
  Object.assign(process.env, { FIGURES: 'full', FIGURES_FILE: figures });
  const code = await run(process.execPath, [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...FOLDERS,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]);
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  /** @type {{ title: string, status: string }[]} */
  const tests = testResults.flatMap((/** @type {any} */ file) => file.assertionResults);
  const passed = new Set();
  const failed = new Set();
  for (const { title, status } of tests) {
    for (const name of CASES.exec(title)?.[1]?.split(', ') ?? []) {
      (status === 'passed' ? passed : failed).add(name);
    }
  }
  const rows = existsSync(figures)
    ? readFileSync(figures, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const lost = [...failed].join(', ');
  console.log('\nfigure | wanted | got');
  console.log(`cases of the matrix | 39 | ${passed.size - failed.size}${lost && ` (not ${lost})`}`);
  rows.forEach(({ what, wanted, got }) => console.log(`${what} | ${wanted} | ${got}`));
  process.exitCode = code;
});
