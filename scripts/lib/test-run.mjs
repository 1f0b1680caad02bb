import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { failedFigures, readFigures } from './figures.mjs';
import { ROOT, run } from './project.mjs';
import { countTests, sumOf, withRunner } from './totals.mjs';

/**
 * Runs vitest with the terminal attached.
 * @param {string[]} args files and options
 * @param {{ [name: string]: string }} [env] more environment
 * @returns {Promise<import('./test-run.d.mts').TestRun>}
 */
export function runTests(args, env) {
  return runTestsAtOnce([args], env);
}

/**
 * Several runs of vitest at one time, which count as one: one of them may skip all it has.
 * @param {string[][]} runs files and options of each
 * @param {{ [name: string]: string }} [env] more environment
 * @returns {Promise<import('./test-run.d.mts').TestRun>}
 */
export async function runTestsAtOnce(runs, env = {}) {
  const done = await Promise.all(runs.map((args) => runVitest(args, env)));
  const exitCode = Math.max(...done.map((one) => one.exitCode));
  return {
    totals: withRunner(done.map(({ totals }) => totals).reduce(sumOf), exitCode),
    figures: done.flatMap(({ figures }) => figures),
    tests: done.flatMap(({ tests }) => tests),
  };
}

/**
 * @param {string[]} args
 * @param {{ [name: string]: string }} env
 */
async function runVitest(args, env) {
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
      exitCode,
      totals: countTests(report),
      figures: [...readFigures(figuresFile ?? ''), ...failedFigures(report)],
      tests: report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
