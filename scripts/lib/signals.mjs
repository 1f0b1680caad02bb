import os from 'node:os';

/**
 * @param {NodeJS.Signals} signal
 * @returns {number} the exit code of a command that was ended by it, as shells have it
 */
export function exitCodeOf(signal) {
  return 128 + os.constants.signals[signal];
}
