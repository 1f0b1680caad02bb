import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { build, ensureDependencies } = await import('./lib/project.mjs');

/** `npm run build`: compiles the shop into dist; `node dist/main.js` then runs it. */
await runMain(async () => {
  takesNoArguments('npm run build');
  await ensureDependencies();
  await build();
});
