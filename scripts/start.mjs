import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { startShop } = await import('./lib/start-shop.mjs');

/** `npm start` (once) and `npm run dev` (`--watch`: again at every change of the sources). */
await runMain(() => startShop({ watch: process.argv.includes('--watch') }));
