import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runMain } = await import('./lib/problem.mjs');
const { build, ensureDependencies } = await import('./lib/project.mjs');

/** `npm run build`: compiles the shop into dist; `node dist/main.js` then runs it. */
await runMain(async () => {
  await ensureDependencies();
  await build();
});
