import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { startDatabase } = await import('./lib/mariadb.mjs');
const { mutationRows, mutationTable, rowsOf } = await import('./lib/mutants.mjs');
const { Problem, runMain } = await import('./lib/problem.mjs');
const { ROOT, ensureDependencies, run, stopForeground } = await import('./lib/project.mjs');

const STRYKER = path.join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const REPORT = path.join(ROOT, 'reports/mutation.json');
const PAGE = path.join(ROOT, 'docs/reliability.md');
const BLOCK = /(<!-- mutation -->\n)([\s\S]*)(<!-- \/mutation -->)/;

/** @typedef {import('./lib/mutants.d.mts').MutationRow} MutationRow */

/**
 * `npm run mutate [-- FILES]`: changes the rules in one place after the other, a mutant each, and
 * tells which of them no test notices. With files, only those. Exit code 1 when less than 90 % are
 * noticed. `--docs` writes the table into docs/reliability.md; with files, their rows of it.
 */
await runMain(async () => {
  const words = process.argv.slice(2);
  const files = words.filter((word) => word !== '--docs');
  const unknown = files.find((word) => word.startsWith('-'));
  if (unknown) {
    throw new Problem(`${unknown} is not known; there is --docs.`, 2);
  }
  await ensureDependencies();
  fs.rmSync(REPORT, { force: true });
  const since = Date.now();
  const code = await withDatabase((database) =>
    run(
      process.execPath,
      [STRYKER, 'run', ...(files.length > 0 ? ['--mutate', files.join(',')] : [])],
      { ...process.env, MUTATION_DATABASE: JSON.stringify(database) },
    ),
  );
  process.exitCode = code;
  if (!fs.existsSync(REPORT)) {
    return;
  }
  const minutes = ((Date.now() - since) / 60_000).toFixed(0);
  const [cpu] = os.cpus();
  const where = `${os.cpus().length} × ${cpu?.model.trim()}, Node ${process.version}`;
  const rows = mutationRows(JSON.parse(fs.readFileSync(REPORT, 'utf8')));
  console.log(`${mutationTable(rows)}\n\n${minutes} minutes on ${where}`);
  if (words.includes('--docs')) {
    const day = new Date().toISOString().slice(0, 10);
    if (files.length > 0) {
      renew(rows, day);
    } else {
      write(`Run on ${day} in ${minutes} minutes on ${where}.`, rows);
    }
  }
});

/**
 * Writes the table of all files.
 * @param {string} when
 * @param {readonly MutationRow[]} rows
 */
function write(when, rows) {
  const page = fs.readFileSync(PAGE, 'utf8');
  const block = `\n${when}\n\n${mutationTable(rows)}\n\n`;
  fs.writeFileSync(
    PAGE,
    page.replace(BLOCK, (_, begin, _old, end) => begin + block + end),
  );
}

/**
 * Writes the rows of some files anew, and says so behind the date of the whole.
 * @param {readonly MutationRow[]} rows
 * @param {string} day
 */
function renew(rows, day) {
  const old = BLOCK.exec(fs.readFileSync(PAGE, 'utf8'))?.[2] ?? '';
  const [when = ''] = old.trim().split(/ Some files again|\n/);
  const others = rowsOf(old).filter(({ file }) => !rows.some((row) => row.file === file));
  write(`${when} Some files again on ${day}.`, [...others, ...rows]);
}

/**
 * One server for all processes of the run: of a process that is killed with its mutant, a server of
 * its own would be left.
 * @template T
 * @param {(database: { host: string, port: number, user: string, password: string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withDatabase(work) {
  process.once('SIGINT', stopForeground);
  process.once('SIGTERM', stopForeground);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'meiduo-mutants-'));
  const server = await startDatabase({ dir, durable: false, createDatabases: true });
  try {
    const { host, port, user, password } = server;
    return await work({ host, port, user, password });
  } finally {
    await server.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
