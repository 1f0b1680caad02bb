import { findProgram } from './child.mjs';
import { installPackages } from './packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @returns {string | undefined} absolute path of a Chromium, CHROMIUM_PATH first */
export function findChromium() {
  return process.env.CHROMIUM_PATH || findProgram(NAMES);
}

/**
 * Installs Chromium for the browser tests where that can be done; they skip where it cannot.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function tryChromium({ log = console.log } = {}) {
  if (findChromium()) {
    return;
  }
  try {
    if (!(await installPackages(['chromium'], log))) {
      log('No Chromium here: the browser tests will be skipped.');
    }
  } catch (error) {
    log(`Chromium could not be installed: the browser tests will be skipped. ${String(error)}`);
  }
}
