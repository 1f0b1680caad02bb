import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './problem.mjs';

/**
 * Makes a folder and those above it. One by one, since Node's own `recursive` asks for ever where a
 * system says that a folder cannot be found while it is being made, as /proc does.
 * @param {string} dir absolute
 * @param {string} setting the variable that names it, for the message
 * @param {number} [mode] of the folders that are made
 * @throws {Problem} in one sentence when it cannot be made or written to
 */
export function makeFolder(dir, setting, mode = 0o777) {
  try {
    make(dir, mode);
    fs.accessSync(dir, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Problem(
      `${setting} names the folder ${dir}, which cannot be made or written to (${code ?? message}).`,
    );
  }
}

/** @param {string} dir @param {number} mode */
function make(dir, mode) {
  const stat = fs.statSync(dir, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    return;
  }
  if (!stat) {
    make(path.dirname(dir), mode);
  }
  try {
    fs.mkdirSync(dir, { mode });
  } catch (error) {
    // Another process may have made it in between.
    if (!fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
      throw error;
    }
  }
}
