import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { launch } = await import('../test/bench/launch.mjs');

/** `npm run bench`: how fast orders are placed, against yardsticks; see docs/performance.md. */
await runMain(() => launch('test/bench/main'));
