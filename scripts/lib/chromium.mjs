import { findProgram } from './child.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @returns {string | undefined} absolute path of a Chromium, CHROMIUM_PATH first */
export function findChromium() {
  return process.env.CHROMIUM_PATH || findProgram(NAMES);
}
