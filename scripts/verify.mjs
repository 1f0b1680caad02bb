import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { report } = await import('./lib/problem.mjs');
const { ensureBuilt, ensureDependencies, run } = await import('./lib/project.mjs');
const { withDatabase } = await import('./lib/provide.mjs');
const { readEnvironment, readSettings } = await import('./lib/settings.mjs');

/**
 * `npm run verify`: checks every invariant on the rows of DATABASE_URL or, without one, of the shop
 * of `npm start`, running or not. Exit 0: all hold; 1: some do not; 2: the check could not be made.
 */
try {
  takesNoArguments('npm run verify');
  const env = readEnvironment();
  await ensureDependencies();
  await ensureBuilt();
  process.exitCode = await withDatabase(readSettings(env), (url) =>
    run(process.execPath, ['dist/src/ops/checker/verify-cli.js'], { ...env, DATABASE_URL: url }),
  );
} catch (error) {
  report(error);
  process.exitCode = 2;
}
