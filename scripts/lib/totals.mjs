/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 */

/**
 * Counts the tests of a vitest JSON report. A file that failed without a failing test (it could
 * not be loaded, or a hook broke) counts as one failure.
 * @param {{ testResults: FileResult[] }} report
 * @returns {Totals}
 */
export function countTests({ testResults }) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    const count = (/** @type {string} */ wanted) =>
      assertionResults.filter((test) => test.status === wanted).length;
    const failed = count('failed');
    totals.passed += count('passed');
    totals.failed += status === 'failed' ? Math.max(1, failed) : failed;
    totals.skipped += assertionResults.length - count('passed') - failed;
  }
  return totals;
}

/**
 * Counts one failure more when the runner failed although no test did, and when nothing ran.
 * @param {Totals} totals
 * @param {number} exitCode the runner's
 * @returns {Totals}
 */
function withRunner(totals, exitCode) {
  const isBroken = totals.failed === 0 && (exitCode !== 0 || totals.passed === 0);
  return isBroken ? { ...totals, failed: 1 } : totals;
}

/**
 * Several runs count as one, so that one of them may skip all it has.
 * @param {{ totals: Totals, exitCode: number }[]} runs
 * @returns {Totals}
 */
export function totalsOf(runs) {
  const sum = (/** @type {keyof Totals} */ name) =>
    runs.reduce((all, { totals }) => all + totals[name], 0);
  const totals = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  return withRunner(totals, Math.max(...runs.map(({ exitCode }) => exitCode)));
}

/** @param {Totals} totals @returns {string} the closing line */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
