import path from 'node:path';
import { Problem } from './problem.mjs';
import { ROOT } from './project.mjs';

/** @type {import('vite').InlineConfig} */
const SETTINGS = {
  configFile: false,
  root: path.join(ROOT, 'src/shop-window'),
  logLevel: 'warn',
  build: {
    outDir: path.join(ROOT, 'dist/shop-window'),
    emptyOutDir: true,
    // Everything is a file of its own, as the shop's content security policy wants it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
};

/**
 * Builds the pages of src/shop-window into dist/shop-window.
 * @throws {Problem} when there are errors; Vite's words are above it on the screen
 */
export async function buildShopWindow() {
  const { build } = await import('vite');
  try {
    await build(SETTINGS);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    throw new Problem('The shop window could not be built; the reason is above.');
  }
}

/**
 * Builds them again at every change. The shop reads them from the disk, so it need not restart.
 * @returns {Promise<{ stop(): Promise<void> }>}
 */
export async function watchShopWindow() {
  const { build } = await import('vite');
  const watcher = await build({ ...SETTINGS, build: { ...SETTINGS.build, watch: {} } });
  return { stop: async () => void ('close' in watcher && (await watcher.close())) };
}
