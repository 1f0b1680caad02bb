import fs from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Rule
 * @property {string} name
 * @property {RegExp} pattern what may stand in the allowed files only
 * @property {RegExp} allowed paths inside src
 */

/** @type {Rule[]} */
const RULES = [
  {
    name: 'rows are locked in *.store.ts and *.locks.ts only, where the lock order is kept',
    pattern: /FOR UPDATE|setLock|pessimistic_/,
    allowed: /\.(store|locks)\.ts$/,
  },
  {
    name: 'transactions are opened in database/transaction.ts only, which retries them',
    pattern: /startTransaction|\.transaction\(/,
    allowed: /^database\/transaction\.ts$/,
  },
  {
    name: 'the environment is read in config/ and by programs only',
    pattern: /process\.env/,
    allowed:
      /^config\/|^main\.ts$|^alipay-sandbox\/main\.ts$|^database\/(migrate|seed\/seed)\.ts$|-cli\.ts$/,
  },
];

/**
 * Finds lines that break a rule the compiler cannot know. Comment lines are not looked at.
 * @param {string} file path inside src, with slashes
 * @param {string} text
 * @returns {string[]} one line per finding
 */
export function findViolations(file, text) {
  const rules = RULES.filter(({ allowed }) => !allowed.test(file));
  return text.split('\n').flatMap((line, index) => {
    const isComment = /^\s*(\/\/|\/?\*)/.test(line);
    return rules
      .filter(({ pattern }) => !isComment && pattern.test(line))
      .map(({ name }) => `src/${file}:${index + 1}: ${name}`);
  });
}

/**
 * @param {string} src the folder of the sources
 * @returns {string[]}
 */
export function checkSources(src) {
  return fs
    .readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
    .flatMap((file) => findViolations(file, fs.readFileSync(path.join(src, file), 'utf8')));
}
