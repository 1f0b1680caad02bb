import { appendFileSync } from 'node:fs';

/** Whether the figures are wanted in full (`npm run test:full`, `npm run prove:payments`) or as a sample. */
export const FULL = process.env['FIGURES'] === 'full';

/** Whether a figure cannot be had here, and why; then its line says so instead of a result. */
export function isSkipped(
  { id, what, wanted }: { id: string; what: string; wanted: string },
  why: string | undefined,
): boolean {
  if (why !== undefined) {
    figure(id, what, wanted, `skipped: ${why}`, '-');
  }
  return why !== undefined;
}

/**
 * Tells the command that runs the tests what a figure came to, for the table at the end. `id` is the
 * figure's name in docs/reliability.md, such as `G5`, or what it says where it has none. `reached`
 * has to be said where the test asserts less than what is wanted, as it does for times, which a
 * loaded machine may miss; `-` where nothing is wanted.
 */
export function figure(
  id: string,
  what: string,
  wanted: string,
  got: string,
  reached: boolean | '-' = true,
): void {
  const file = process.env['FIGURES_FILE'];
  if (file) {
    const said = reached === '-' ? '-' : reached ? 'yes' : 'no';
    appendFileSync(file, `${JSON.stringify({ id, what, wanted, got, reached: said })}\n`);
  }
}

/** Tells `npm run prove:payments` after how many tests of a file every invariant was found to hold. */
export function tellChecked(tests: number): void {
  const file = process.env['CHECKED_FILE'];
  if (file) {
    appendFileSync(file, `${tests}\n`);
  }
}
