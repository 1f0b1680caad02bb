import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureServer } from './mariadb.mjs';
import { ROOT, ensureBuilt, ensureDependencies } from './project.mjs';
import { runTests } from './test-run.mjs';

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
    const counted = path.join(dir, 'checked');
    const { totals, tests, figures } = await runTests(TESTS, {
      FIGURES: 'full',
      CHECKED_FILE: counted,
    });
    const checked = linesOf(counted).reduce((sum, line) => sum + Number(line), 0);
    const cases = judgeCases(tests);
    const rows = tableOf(cases, tests, checked, figures);
    const minutes = ((Date.now() - since) / 60_000).toFixed(1);
    console.log(`\n${rows.map((row) => row.join(' | ')).join('\n')}\n\n${minutes} minutes`);
    const isWhole = totals.failed === 0 && cases.proved.length === cases.wanted.length;
    process.exitCode = isWhole ? 0 : 1;
    if (isWhole) {
      await writeDown(rows, minutes);
    }
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
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
    .../** @type {Row[]} */ (
      figures.toSorted(byName).map(({ what, wanted: pass, got }) => [what, pass, got])
    ),
  ];
}

/** @param {Figure} a @param {Figure} b */
function byName(a, b) {
  return a.id.localeCompare(b.id) || a.what.localeCompare(b.what);
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
