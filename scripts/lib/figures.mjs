import fs from 'node:fs';
import path from 'node:path';

/** @typedef {import('./figures.d.mts').Figure} Figure */

/** The figure a title names first: its own first word, or that of a group of tests it stands in. */
const TOLD = /(?<=^|\s)(G\d+)(?::\s*|\s+|$)/;

/**
 * Reads what the tests have told with `figure()`.
 * @param {string} file lines of JSON; may be missing
 * @returns {Figure[]}
 */
export function readFigures(file) {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * A failed test tells no figure, so it has a row of its own, and so has a file that failed without a
 * test that did: nothing is missing from the table.
 * @param {import('./figures.d.mts').Report} report vitest's, as JSON
 * @returns {Figure[]}
 */
export function failedFigures({ testResults }) {
  return testResults.flatMap(({ name, status: ofFile, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const titles = failed.map(({ fullName }) => fullName.trim());
    const broken = ofFile === 'failed' && failed.length === 0;
    return [...titles, ...(broken ? [path.basename(name)] : [])].map((title) => ({
      id: idOf(name, title),
      what: title.replace(TOLD, ''),
      wanted: 'to pass',
      got: 'FAILED',
      reached: 'no',
    }));
  });
}

/** @param {string} file @param {string} title @returns {string} `G5`, or nothing */
function idOf(file, title) {
  const byTitle = TOLD.exec(title.trim())?.[1];
  const byFile = /\/figures\/g0*(\d+)-/.exec(file.replaceAll('\\', '/'))?.[1];
  return byTitle ?? (byFile ? `G${byFile}` : '');
}

/**
 * Names what did not come to what was wanted.
 * @param {readonly Figure[]} figures
 * @returns {string} one line, or nothing
 */
export function unreachedLine(figures) {
  const names = figures
    .filter(({ reached }) => reached === 'no')
    .map(({ id, what }) => `${id} ${what}`.trim());
  return names.length > 0 ? `Not reached: ${names.join('; ')}` : '';
}

/**
 * One Markdown table, sorted by the names of the figures.
 * @param {readonly Figure[]} figures
 * @returns {string}
 */
export function figureTable(figures) {
  const sorted = [...figures].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  const rows = sorted.map(({ id, what, ...rest }) => [
    `${id} ${what}`.trim(),
    rest.wanted,
    rest.got,
    rest.reached,
  ]);
  const lines = [['figure', 'wanted', 'got', 'reached'], ...rows].map((cells) =>
    cells.map((cell) => cell.replaceAll('|', '/')),
  );
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...body.map(line)].join('\n');
}

/**
 * The figures of a table that `figureTable` has made, wherever it stands in the text.
 * @param {string} markdown
 * @returns {Figure[]}
 */
export function rowsOf(markdown) {
  const table = markdown.split('<!-- figures -->')[1]?.split('<!-- /figures -->')[0] ?? '';
  return [...table.matchAll(/^\| (.*) \|$/gm)].slice(1).flatMap(([, row = '']) => {
    const [name = '', wanted = '', got = '', reached = ''] = row.split(' | ').map((c) => c.trim());
    const [, id = '', what = ''] = /^(?:([A-Z]\d+|Login) )?(.*)$/.exec(name) ?? [];
    return name.startsWith('---') ? [] : [{ id, what, wanted, got, reached }];
  });
}

/**
 * The figures after some were measured again: a row that has the same name now is the new one, and a
 * test that had failed has no row when its figure was measured again.
 * @param {readonly Figure[]} before
 * @param {readonly Figure[]} now
 * @returns {Figure[]}
 */
export function renewed(before, now) {
  const names = new Set(now.map(({ id, what }) => `${id} ${what}`));
  const ids = new Set(now.map(({ id }) => id));
  const kept = before.filter(
    ({ id, what, got }) => !names.has(`${id} ${what}`) && !(got === 'FAILED' && ids.has(id)),
  );
  return [...kept, ...now];
}
