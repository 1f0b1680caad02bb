import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { figureTable, renewed, rowsOf, unreachedLine } = await import('./lib/figures.mjs');
const { ensureServer } = await import('./lib/mariadb.mjs');
const { Problem, runMain } = await import('./lib/problem.mjs');
const { ROOT, ensureBuilt, ensureDependencies } = await import('./lib/project.mjs');
const { ensureRedis } = await import('./lib/redis.mjs');
const { runTestsAtOnce } = await import('./lib/test-run.mjs');
const { FAULT_TOOLS, tryTools } = await import('./lib/test-tools.mjs');
const { closingLine } = await import('./lib/totals.mjs');

const PAGE = path.join(ROOT, 'docs/reliability.md');
/** Ten minutes of waiting for packets that get lost, and hardly any work: it runs beside the others. */
const WAITING = path.join('test', 'figures', 'g14-packet-loss.spec.ts');
const BLOCK = /(<!-- figures -->\n)[\s\S]*(<!-- \/figures -->)/;

/**
 * `npm run test:full [-- --docs] [FILES]`: every test that tells a figure, in full, and one table at
 * the end, below an hour. With `--docs` the table is written into docs/reliability.md, whatever came
 * out, unless a run broke off; of a run of some files, their rows are renewed there. Exit code 1 when
 * any test failed or a figure was not reached.
 */
await runMain(async () => {
  const words = process.argv.slice(2);
  const [options, files] = [words.filter(isOption), words.filter((word) => !isOption(word))];
  const unknown = options.find((option) => option !== '--docs');
  if (unknown) {
    throw new Problem(`${unknown} is not known; there is --docs.`, 2);
  }
  await ensureDependencies();
  await ensureServer();
  await ensureRedis();
  await tryTools(FAULT_TOOLS);
  await ensureBuilt();
  const since = Date.now();
  const runs = files.length > 0 ? [files] : allFigures();
  const { totals, figures, ended } = await runTestsAtOnce(runs, { FIGURES: 'full' });
  const minutes = ((Date.now() - since) / 60_000).toFixed(0);
  const [cpu] = os.cpus();
  const where = `${os.cpus().length} × ${cpu?.model.trim()}, Node ${process.version}`;
  const table = figureTable(figures);
  console.log(`${table}\n\n${minutes} minutes on ${where}`);
  const asked = options.includes('--docs');
  if (asked && (!ended || figures.length === 0)) {
    console.log('This is not the whole table, or nothing was measured: the page stays as it is.');
  } else if (asked) {
    const day = new Date().toISOString().slice(0, 10);
    const page = fs.readFileSync(PAGE, 'utf8');
    const ids = [...new Set(figures.map(({ id }) => id))].join(', ');
    const [said, all] =
      files.length === 0
        ? [`Run on ${day} in ${minutes} minutes on ${where}.`, figures]
        : [`${saidOf(page)} ${ids} again on ${day}.`, renewed(rowsOf(page), figures)];
    fs.writeFileSync(
      PAGE,
      page.replace(BLOCK, (_, begin, end) => `${begin}\n${said}\n\n${figureTable(all)}\n\n${end}`),
    );
  }
  const unreached = unreachedLine(figures);
  if (unreached) {
    console.log(unreached);
  }
  console.log(closingLine(totals));
  process.exitCode = totals.failed > 0 || unreached ? 1 : 0;
});

/** @returns {string[][]} every file that tells a figure, those of each run */
function allFigures() {
  return [[WAITING], figureFiles().filter((file) => file !== WAITING)];
}

/** @param {string} page @returns {string} when and where the figures on the page were measured */
function saidOf(page) {
  return /<!-- figures -->\s*([^|]*?)\s*\|/.exec(page)?.[1] ?? '';
}

/** @param {string} word */
function isOption(word) {
  return word.startsWith('--');
}

/** @returns {string[]} the test files that tell a figure */
function figureFiles() {
  return fs
    .readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => path.join('test', file))
    .filter((file) => /\bfigure\(/.test(fs.readFileSync(path.join(ROOT, file), 'utf8')))
    .sort();
}
