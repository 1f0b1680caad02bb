import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureServer } from './mariadb.mjs';
import { Problem } from './problem.mjs';
import { ROOT, ensureBuilt, ensureDependencies, run } from './project.mjs';

const TESTS = ['test/payment', 'test/api/payment.spec.ts'];
const PAGE = path.join(ROOT, 'docs/alipay.md');
const BLOCK = /(<!-- proved -->\n)[\s\S]*(<!-- \/proved -->)/;
/** The cases of the matrix are named in the titles of the tests, such as [P1, N1]. */
const CASES = /\[([A-Z]\d+(?:, [A-Z]\d+)*)\]/;
/** @typedef {{ title: string, status: string }} Test */
/** @typedef {{ id: string, what: string, wanted: string, got: string }} Figure */
/** @typedef {[what: string, wanted: string, got: string]} Row */

/** Runs the tests in full, prints the table, and writes it down when all of it holds. */
export async function provePayments() {
  await ensureDependencies();
  await ensureServer();
  await ensureBuilt();
  const since = Date.now();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'meiduo-prove-'));
  try {
    const { code, tests, figures, checked } = await runTests(dir);
    const cases = judgeCases(tests);
    const rows = tableOf(cases, tests, checked, figures);
    const minutes = ((Date.now() - since) / 60_000).toFixed(1);
    console.log(`\n${rows.map((row) => row.join(' | ')).join('\n')}\n\n${minutes} minutes`);
    const isWhole = code === 0 && cases.proved.length === cases.wanted.length;
    process.exitCode = isWhole ? 0 : 1;
    if (isWhole) {
      await writeDown(rows, minutes);
    }
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

/**
 * @param {string} dir
 * @returns {Promise<{ code: number, tests: Test[], figures: Figure[], checked: number }>}
 */
async function runTests(dir) {
  const [report = '', told = '', counted = ''] = ['report.json', 'figures.jsonl', 'checked'].map(
    (name) => path.join(dir, name),
  );
  const code = await run(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...TESTS,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { ...process.env, FIGURES: 'full', FIGURES_FILE: told, CHECKED_FILE: counted },
  );
  if (!fs.existsSync(report)) {
    throw new Problem('The tests did not come to their end.', code);
  }
  const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  return {
    code,
    tests: testResults.flatMap((/** @type {any} */ file) => file.assertionResults),
    figures: linesOf(told)
      .map((line) => JSON.parse(line))
      .sort((a, b) => a.id.localeCompare(b.id) || a.what.localeCompare(b.what)),
    checked: linesOf(counted).reduce((sum, line) => sum + Number(line), 0),
  };
}

/** @param {string} file @returns {string[]} none when nothing was told */
function linesOf(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
}

/**
 * The cases of the documented matrix, and those of them that every test naming them has proved.
 * @param {Test[]} tests
 */
function judgeCases(tests) {
  const matrix = fs.readFileSync(PAGE, 'utf8').matchAll(/^\| ([A-Z]\d+) +\|/gm);
  const wanted = [...matrix].map(([, name]) => String(name));
  const named = (/** @type {Test} */ { title }) => CASES.exec(title)?.[1]?.split(', ') ?? [];
  const proved = wanted.filter((name) => {
    const about = tests.filter((test) => named(test).includes(name));
    return about.length > 0 && about.every(({ status }) => status === 'passed');
  });
  return { wanted, proved };
}

/**
 * @param {{ wanted: string[], proved: string[] }} cases
 * @param {Test[]} tests
 * @param {number} checked
 * @param {Figure[]} figures
 * @returns {Row[]}
 */
function tableOf({ wanted, proved }, tests, checked, figures) {
  const open = wanted.filter((name) => !proved.includes(name));
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return [
    ['figure', 'wanted', 'got'],
    [
      'cases of the matrix',
      `all ${wanted.length}`,
      `${proved.length}${open.length > 0 ? `, not ${open.join(', ')}` : ''}`,
    ],
    ['tests', 'all pass', `${passed} of ${tests.length}`],
    ['tests that ended with every invariant checked', 'none broken', `${checked}, none broken`],
    .../** @type {Row[]} */ (figures.map(({ what, wanted: pass, got }) => [what, pass, got])),
  ];
}

/** @param {Row[]} rows @param {string} minutes */
async function writeDown([head, ...rows], minutes) {
  const { format, resolveConfig } = await import('prettier');
  const day = new Date().toISOString().slice(0, 10);
  const where = `${os.cpus().length} cores, Node ${process.versions.node}`;
  const lines = [head, ['---', '---', '---'], ...rows].map((row) => `| ${row?.join(' | ')} |`);
  const block = [`Printed on ${day} after ${minutes} minutes on ${where}:`, lines.join('\n')];
  const page = fs
    .readFileSync(PAGE, 'utf8')
    .replace(BLOCK, (_, begin, end) => `${begin}\n${block.join('\n\n')}\n\n${end}`);
  const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
  fs.writeFileSync(PAGE, await format(page, options));
}
