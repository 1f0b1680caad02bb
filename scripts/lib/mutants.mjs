/** @typedef {import('./mutants.d.mts').MutationRow} MutationRow */

/** A mutant that runs on for ever is noticed as well. */
const KILLED = new Set(['Killed', 'Timeout']);
/** What does not compile or was taken out by the configuration says nothing about the tests. */
const COUNTED = new Set([...KILLED, 'Survived', 'NoCoverage']);

/**
 * One row for each file that has mutants.
 * @param {import('./mutants.d.mts').MutationReport} report Stryker's, as JSON
 * @returns {MutationRow[]}
 */
export function mutationRows({ files }) {
  return Object.entries(files)
    .map(([file, { mutants }]) => {
      const states = mutants.map(({ status }) => status).filter((status) => COUNTED.has(status));
      const killed = states.filter((status) => KILLED.has(status)).length;
      return { file: file.replace(/^src\//, ''), mutants: states.length, killed };
    })
    .filter(({ mutants }) => mutants > 0);
}

/**
 * The rows as a Markdown table, by file, and one row for all of them.
 * @param {readonly MutationRow[]} rows
 * @returns {string}
 */
export function mutationTable(rows) {
  const sum = (/** @type {'mutants' | 'killed'} */ key) =>
    rows.reduce((total, row) => total + row[key], 0);
  const sorted = rows.toSorted((a, b) => a.file.localeCompare(b.file, 'en'));
  const lines = [
    ['file', 'mutants', 'killed', 'survived', 'score'],
    ...[...sorted, { file: 'all', mutants: sum('mutants'), killed: sum('killed') }].map(
      ({ file, mutants, killed }) => [
        file,
        String(mutants),
        String(killed),
        String(mutants - killed),
        `${((100 * killed) / mutants).toFixed(1)} %`,
      ],
    ),
  ];
  const widths = [0, 1, 2, 3, 4].map((i) =>
    Math.max(...lines.map((cells) => cells[i]?.length ?? 0)),
  );
  const padded = (/** @type {string} */ cell, /** @type {number} */ i) =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  const line = (/** @type {string[]} */ cells) => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...body] = lines;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

/**
 * Reads the rows of files back from a page that has such a table.
 * @param {string} markdown
 * @returns {MutationRow[]}
 */
export function rowsOf(markdown) {
  return [...markdown.matchAll(/^\| (\S+\.ts) +\| +(\d+) \| +(\d+) \|/gm)].map(
    ([, file = '', mutants, killed]) => ({
      file,
      mutants: Number(mutants),
      killed: Number(killed),
    }),
  );
}
