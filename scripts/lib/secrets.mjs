import { randomBytes } from 'node:crypto';
import fs from 'node:fs';

/**
 * A random word made once and kept in a file that only its owner can read.
 * @param {string} file
 * @returns {string} 48 hexadecimal digits
 */
export function keptSecret(file) {
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return fs.readFileSync(file, 'utf8').trim();
}
