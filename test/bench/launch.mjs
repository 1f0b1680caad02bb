import fs from 'node:fs';
import path from 'node:path';
import { ROOT, ensureBuilt, ensureDependencies, run } from '../../scripts/lib/project.mjs';

const FOLDERS = ['test/bench', 'test/bench/reads', 'test/prove', 'test/kit'];

/**
 * Runs one of the programs in test/bench or test/prove with the arguments of this process; its
 * exit code becomes ours.
 * @param {string} program path of its source, without the extension
 */
export async function launch(program) {
  // Ctrl-C reaches the program as well, which puts its servers down; we stay until it has.
  process.on('SIGINT', () => {});
  await ensureDependencies();
  await ensureBuilt();
  await transpile();
  process.exitCode = await run(process.execPath, [`dist/${program}.js`, ...process.argv.slice(2)]);
}

/**
 * Turns the programs into JavaScript beside the build, so that what they import is the shop as it
 * was built. Their types are looked at by the checks, not here: this takes no noticeable time.
 */
async function transpile() {
  const { default: ts } = await import('typescript');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  for (const folder of FOLDERS) {
    fs.mkdirSync(path.join(ROOT, 'dist', folder), { recursive: true });
    for (const name of fs
      .readdirSync(path.join(ROOT, folder))
      .filter((n) => /(?<!\.spec)\.ts$/.test(n))) {
      const source = fs.readFileSync(path.join(ROOT, folder, name), 'utf8');
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      fs.writeFileSync(path.join(ROOT, 'dist', folder, name.replace(/ts$/, 'js')), outputText);
    }
  }
  const scripts = path.join(ROOT, 'dist/scripts');
  if (!fs.existsSync(scripts)) {
    fs.symlinkSync(path.join(ROOT, 'scripts'), scripts, 'junction');
  }
}
