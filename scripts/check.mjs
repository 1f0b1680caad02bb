import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ensureDependencies } = await import('./lib/project.mjs');

/** `npm run check`: everything that can be judged without running the shop. All of it is run. */
await runMain(async () => {
  takesNoArguments('npm run check');
  await ensureDependencies();
  const { CHECKS } = await import('./lib/checks.mjs');
  /** @type {string[]} */
  const table = [];
  for (const { name, run } of CHECKS) {
    const since = Date.now();
    const { state, text } = await run();
    const seconds = ((Date.now() - since) / 1000).toFixed(1);
    if (state === 'failed') {
      process.exitCode = 1;
      console.log(`\n--- ${name}\n${text.trim()}`);
    }
    const note = state === 'skipped' ? `  (${text})` : '';
    table.push(`${name.padEnd(18)} ${state.padEnd(8)} ${seconds.padStart(5)} s${note}`);
  }
  console.log(`\n${table.join('\n')}`);
});
