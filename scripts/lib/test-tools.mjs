import { findChromium } from './chromium.mjs';
import { findProgram } from './child.mjs';
import { installPackages } from './packages.mjs';

/** Where programs lie that are root's; they are not on everybody's PATH. */
const ROOTS = ['/usr/sbin', '/sbin'];

/**
 * @typedef {object} Tool what some tests need and skip without
 * @property {string} pack the package of Debian that has it
 * @property {string} tests which tests
 * @property {() => string | undefined} find its absolute path, when it is here
 * @property {boolean} [root] when only root can use it
 */

/** @type {Tool} */
export const CHROMIUM = { pack: 'chromium', tests: 'browser tests', find: findChromium };

/** @type {Tool[]} */
export const FAULT_TOOLS = [
  tool('ip', 'iproute2', 'tests that lose packets', true),
  tool('nft', 'nftables', 'tests that lose packets', true),
  tool('mkfs.ext4', 'e2fsprogs', 'tests that cut the power or fill a disk', true),
  tool('faketime', 'faketime', 'tests of wrong clocks', false),
];

/**
 * Installs what some tests need, where that can be done; they skip where it cannot.
 * @param {Tool[]} tools
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function tryTools(tools, { log = console.log } = {}) {
  for (const { pack, tests, find, root } of tools) {
    if (find() || (root && process.getuid?.() !== 0)) {
      continue;
    }
    try {
      if (!(await installPackages([pack], log))) {
        log(`No ${pack} here: the ${tests} will be skipped.`);
      }
    } catch (error) {
      log(`${pack} could not be installed: the ${tests} will be skipped. ${String(error)}`);
    }
  }
}

/**
 * @param {string} name @param {string} pack @param {string} tests @param {boolean} root
 * @returns {Tool}
 */
function tool(name, pack, tests, root) {
  return { pack, tests, find: () => findProgram([name], ROOTS), root };
}
