import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { launch } = await import('../test/bench/launch.mjs');

/** `npm run prove`: many buyers, few goods, several processes, and nothing may be wrong. */
await runMain(() => launch('test/prove/main'));
