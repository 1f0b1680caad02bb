import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies, run } = await import('./lib/project.mjs');

/** `npm run screenshots`: takes the documentation's pictures of the shop window anew. */
await runMain(async () => {
  takesNoArguments('npm run screenshots');
  await ensureDependencies();
  await ensureBuilt();
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/browser/shop-window.spec.ts'];
  const env = { ...process.env, SCREENSHOTS: 'docs/images' };
  process.exitCode = await run(process.execPath, [...args, '-t', 'leads from the shelf'], env);
});
