/** @typedef {import('./mutants.d.mts').MutationReport} MutationReport */

/** A mutant that runs on for ever is noticed as well. */
const KILLED = new Set(['Killed', 'Timeout']);
/** What does not compile or was taken out by the configuration says nothing about the tests. */
const COUNTED = new Set([...KILLED, 'Survived', 'NoCoverage']);

/**
 * One row for each file and one for all of them: mutants, killed, survived, score in percent.
 * @param {MutationReport} report Stryker's, as JSON
 * @returns {import('./mutants.d.mts').MutationRow[]}
 */
export function mutationRows({ files }) {
  const rows = Object.entries(files)
    .map(([file, { mutants }]) => {
      const states = mutants.map(({ status }) => status).filter((status) => COUNTED.has(status));
      const killed = states.filter((status) => KILLED.has(status)).length;
      return { file, mutants: states.length, killed };
    })
    .filter(({ mutants }) => mutants > 0)
    .sort((a, b) => a.file.localeCompare(b.file, 'en'));
  const sum = (/** @type {'mutants' | 'killed'} */ key) =>
    rows.reduce((total, row) => total + row[key], 0);
  return [...rows, { file: 'all', mutants: sum('mutants'), killed: sum('killed') }];
}

/**
 * The rows as a Markdown table.
 * @param {MutationReport} report
 * @returns {string}
 */
export function mutationTable(report) {
  const lines = [
    ['file', 'mutants', 'killed', 'survived', 'score'],
    ...mutationRows(report).map(({ file, mutants, killed }) => [
      file.replace(/^src\//, ''),
      String(mutants),
      String(killed),
      String(mutants - killed),
      `${((100 * killed) / mutants).toFixed(1)} %`,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((i) =>
    Math.max(...lines.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...body] = lines;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
