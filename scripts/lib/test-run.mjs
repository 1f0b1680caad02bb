import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { failedFigures, readFigures } from './figures.mjs';
import { ROOT, run } from './project.mjs';
import { SBIN } from './test-tools.mjs';
import { countTests, totalsOf } from './totals.mjs';

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
 * Several runs of vitest at one time, which count as one. They share the terminal, so none of them
 * draws its progress there again and again.
 * @param {string[][]} runs files and options of each
 * @param {{ [name: string]: string }} [env] more environment
 * @returns {Promise<import('./test-run.d.mts').TestRun>}
 */
export async function runTestsAtOnce(runs, env = {}) {
  const shared = runs.length > 1 ? { CI: 'true' } : {};
  const done = await Promise.all(runs.map((args) => runVitest(args, { ...shared, ...env })));
  return {
    totals: totalsOf(done),
    ended: done.every(({ ended }) => ended),
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
      { ...process.env, PATH: withSbin(process.env.PATH), FIGURES_FILE: figuresFile, ...env },
    );
    const ended = fs.existsSync(reportFile ?? '');
    const report = ended
      ? JSON.parse(fs.readFileSync(reportFile ?? '', 'utf8'))
      : { testResults: [] };
    return {
      exitCode,
      ended,
      totals: countTests(report),
      figures: [...readFigures(figuresFile ?? ''), ...failedFigures(report)],
      tests: report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Some tests call programs of root's, which are not on the PATH of everybody who is root. */
function withSbin(/** @type {string} */ PATH = '') {
  return [PATH, ...SBIN].filter(Boolean).join(path.delimiter);
}
