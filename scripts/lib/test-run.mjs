import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { failedFigures, readFigures } from './figures.mjs';
import { ROOT, run } from './project.mjs';
import { countTests, withRunner } from './totals.mjs';

/**
 * Runs vitest with the terminal attached.
 * @param {string[]} args files and options
 * @param {{ [name: string]: string }} [env] more environment
 * @returns {Promise<import('./test-run.d.mts').TestRun>}
 */
export async function runTests(args, env = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meiduo-report-'));
  const [reportFile, figuresFile] = ['report.json', 'figures.jsonl'].map((name) =>
    path.join(folder, name),
  );
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const exitCode = await run(
      process.execPath,
      [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args],
      { ...process.env, FIGURES_FILE: figuresFile, ...env },
    );
    const report = fs.existsSync(reportFile ?? '')
      ? JSON.parse(fs.readFileSync(reportFile ?? '', 'utf8'))
      : { testResults: [] };
    return {
      totals: withRunner(countTests(report), exitCode),
      figures: [...readFigures(figuresFile ?? ''), ...failedFigures(report)],
      tests: report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
