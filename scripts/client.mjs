import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { ROOT, ensureCompiled, ensureDependencies } = await import('./lib/project.mjs');

/** `npm run client`: makes the typed client of the API anew from the shop's OpenAPI document. */
await runMain(async () => {
  takesNoArguments('npm run client');
  await ensureDependencies();
  await ensureCompiled();
  const { CLIENT_FILE, writeClient } = await import('./lib/client.mjs');
  const options = /** @type {const} */ ({ cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  const text = execFileSync(process.execPath, ['dist/src/openapi-cli.js'], options);
  const changed = await writeClient(JSON.parse(text));
  console.log(`${path.relative(ROOT, CLIENT_FILE)} ${changed ? 'is new' : 'has not changed'}.`);
});
