import fs from 'node:fs';
import path from 'node:path';
import { takesNoArguments } from './lib/arguments.mjs';
import { completeLock, missingEntries } from './lib/lock-file.mjs';
import { runMain } from './lib/problem.mjs';
import { ROOT } from './lib/project.mjs';

/**
 * `node scripts/lockfix.mjs`, after every `npm install`: completes package-lock.json, so that
 * `npm ci` takes it on every platform. `npm run check` tells when it was forgotten.
 */
await runMain(async () => {
  takesNoArguments('npm run lockfix');
  const file = path.join(ROOT, 'package-lock.json');
  const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
  const missing = missingEntries(lock);
  if (missing.length > 0) {
    fs.writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  }
  console.log(`package-lock.json: ${missing.length} entries added.`);
});
