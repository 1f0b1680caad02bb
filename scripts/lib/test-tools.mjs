import { findChromium } from './chromium.mjs';
import { findProgram } from './child.mjs';
import { installPackages } from './packages.mjs';

/** @typedef {import('./test-tools.d.mts').Tool} Tool */

/** Where programs of root's lie, which are not on everybody's PATH. */
export const SBIN = ['/usr/sbin', '/sbin'];

/** @type {Tool} */
export const CHROMIUM = { packages: ['chromium'], tests: 'browser tests', find: findChromium };

/** @type {Tool} */
export const OPENSSL = {
  packages: ['openssl'],
  tests: 'tests of TLS to the database',
  find: () => findProgram(['openssl']),
};

/** @type {Tool[]} */
export const FAULT_TOOLS = [
  {
    packages: ['iproute2', 'nftables'],
    tests: 'tests that lose packets',
    find: () => findProgram(['ip'], SBIN) && findProgram(['nft'], SBIN),
    root: true,
  },
  {
    packages: ['e2fsprogs'],
    tests: 'tests that cut the power or fill a disk',
    find: () => findProgram(['mkfs.ext4'], SBIN),
    root: true,
  },
  {
    packages: ['faketime'],
    tests: 'tests of wrong clocks',
    find: () => findProgram(['faketime']),
  },
];

/**
 * Installs what some tests need, where that can be done; they skip where it cannot.
 * @param {Tool[]} tools
 * @param {typeof installPackages} [install]
 * @param {(line: string) => void} [log]
 */
export async function tryTools(tools, install = installPackages, log = console.log) {
  for (const { packages, tests, find, root } of tools) {
    if (find() || (root && process.getuid?.() !== 0)) {
      continue;
    }
    const names = packages.join(' and ');
    try {
      if (!(await install(packages, log))) {
        log(`No ${names} here: the ${tests} will be skipped.`);
      }
    } catch (error) {
      log(`${names} could not be installed: the ${tests} will be skipped. ${String(error)}`);
    }
  }
}
