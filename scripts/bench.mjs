import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { launch } = await import('../test/bench/launch.mjs');

/**
 * `npm run bench`: how fast orders are placed, against yardsticks; `npm run bench -- reads`: how fast
 * everything is read. See docs/performance.md.
 */
const reads = process.argv[2] === 'reads';
await runMain(() => launch(reads ? 'test/bench/reads/main' : 'test/bench/main'));
