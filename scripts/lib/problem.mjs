/**
 * A failure that a person can put right: shown as its one sentence, never with a stack trace.
 * Anything else that is thrown is a defect of the scripts and keeps its trace.
 */
export class Problem extends Error {
  /**
   * @param {string} message what is wrong and what to do, for the person at the keyboard
   * @param {number} [exitCode] 2 where the command was not understood
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Problem';
    this.exitCode = exitCode;
  }
}

/**
 * Prints a failure the way a person should see it.
 * @param {unknown} error
 */
export function report(error) {
  if (error instanceof Problem) {
    console.error(`\n${error.message}`);
  } else {
    console.error(error);
  }
}

/**
 * Runs a script's main function; a failure is printed and becomes the exit code.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    report(error);
    process.exitCode = error instanceof Problem ? error.exitCode : 1;
  }
}
