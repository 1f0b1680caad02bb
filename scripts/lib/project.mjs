import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from './problem.mjs';
import { exitCodeOf } from './signals.mjs';

/** The project's top folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @type {Set<import('node:child_process').ChildProcess>} */
const foreground = new Set();

/**
 * Runs a command in the project's folder with the terminal attached. It is ended when we are.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code; above 128 when a signal ended it
 */
export function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' });
    const end = () => child.kill('SIGTERM');
    process.on('SIGTERM', end);
    foreground.add(child);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', end);
      foreground.delete(child);
      resolve(signal ? exitCodeOf(signal) : (code ?? 1));
    });
  });
}

/** Ends the commands that `run` is waiting for. */
export function stopForeground() {
  foreground.forEach((child) => child.kill('SIGTERM'));
}

/** @param {number} since @returns {string} */
function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Tells whether node_modules holds what package-lock.json names. npm writes the list of what it
 * installed as the last step, so an installation cut short is seen as well.
 * @param {string} [root]
 */
export function dependenciesAreInstalled(root = ROOT) {
  const file = path.join(root, 'node_modules/.package-lock.json');
  if (!fs.existsSync(file)) {
    return false;
  }
  const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    const isProjectItself = place === '';
    return isProjectItself || (present[place] ? present[place].version === version : optional);
  });
}

/**
 * Installs the packages of the lock file when they are not there.
 * @throws {Problem} when npm fails; its own words are above it on the screen
 */
export async function ensureDependencies() {
  if (dependenciesAreInstalled()) {
    return;
  }
  console.log('Installing the packages (once, about a minute) ...');
  const since = Date.now();
  const [command, ...args] = npm();
  const code = await run(command, [...args, 'ci', '--include=dev', '--loglevel=error']);
  if (code !== 0) {
    throw new Problem('npm could not install the packages; what it said is above.');
  }
  console.log(`Packages installed in ${seconds(since)}.`);
}

/** @returns {[string, ...string[]]} the npm that runs us, else the one on PATH */
function npm() {
  const own = process.env.npm_execpath;
  if (own && /^npm-cli\.c?js$/.test(path.basename(own))) {
    return [process.execPath, own];
  }
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** @param {string} folder @returns {string[]} paths of all files below it, sorted */
function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

const WINDOW = path.join(ROOT, 'src/shop-window');

/** @param {string[]} files @returns {string} a hash of their names and contents */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(path.relative(ROOT, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @returns {string} a hash of everything the compiler reads */
function sourceHash() {
  const settings = fs
    .readdirSync(ROOT)
    .filter((name) =>
      /^(ormconfig\.ts|tsconfig.*\.json|nest-cli\.json|package-lock\.json)$/.test(name),
    )
    .map((name) => path.join(ROOT, name));
  const sources = filesBelow(path.join(ROOT, 'src')).filter(
    (file) => !file.startsWith(WINDOW + path.sep),
  );
  return hashOf([...sources, ...settings.sort()]);
}

/** @returns {string} a hash of everything the build of the shop window reads */
function windowHash() {
  return hashOf([...filesBelow(WINDOW), path.join(ROOT, 'package-lock.json')]);
}

const DIST = path.join(ROOT, 'dist');
const STAMP = path.join(DIST, '.sources');
const WINDOW_STAMP = path.join(DIST, 'shop-window/.sources');

/** @param {string} stamp @param {string} hash */
function isStamped(stamp, hash) {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash;
}

/** Builds what has changed since the last time: the shop, the shop window, both or nothing. */
export async function ensureBuilt() {
  await ensureCompiled();
  if (!isStamped(WINDOW_STAMP, windowHash())) {
    await buildWindow();
  }
}

/** The same without the shop window, which is not needed to run the shop's programs. */
export async function ensureCompiled() {
  if (!isStamped(STAMP, sourceHash())) {
    await compile();
  }
}

/** The compiler's command, for `build` and for watching. */
export const NEST_BUILD = [path.join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'];

/** Builds the shop and the shop window, whatever is there already. */
export async function build() {
  await compile();
  await buildWindow();
}

/**
 * Compiles src and ormconfig.ts into dist.
 * @throws {Problem} when there are errors; the compiler's words are above it on the screen
 */
async function compile() {
  console.log('Building ...');
  const since = Date.now();
  prepareDist();
  const hash = sourceHash();
  const code = await run(process.execPath, NEST_BUILD);
  if (code > 128) {
    throw new Problem('The build was interrupted.', code);
  }
  if (code !== 0) {
    throw new Problem('The build failed; what the compiler said is above.');
  }
  fs.writeFileSync(STAMP, hash);
  console.log(`Built in ${seconds(since)}.`);
}

/** @throws {Problem} when there are errors; Vite's words are above it on the screen */
async function buildWindow() {
  const since = Date.now();
  const hash = windowHash();
  const { buildShopWindow } = await import('./shop-window.mjs');
  await buildShopWindow();
  fs.writeFileSync(WINDOW_STAMP, hash);
  console.log(`Shop window built in ${seconds(since)}.`);
}

/**
 * Makes dist ready for the compiler. It starts empty when output of a deleted source is in it,
 * which the compiler would leave there, or when output is missing, which the compiler, trusting
 * its own notes, would not write again. Adds the production entry, `node dist/main.js`.
 */
export function prepareDist() {
  const compiled = path.join(DIST, 'src');
  const isStale = (/** @type {string} */ file) =>
    file.endsWith('.js') &&
    !fs.existsSync(path.join(ROOT, path.relative(DIST, file).replace(/\.js$/, '.ts')));
  if (!fs.existsSync(path.join(compiled, 'main.js')) || filesBelow(compiled).some(isStale)) {
    fs.rmSync(DIST, { recursive: true, force: true });
  }
  fs.mkdirSync(DIST, { recursive: true });
  fs.rmSync(STAMP, { force: true });
  fs.writeFileSync(path.join(DIST, 'main.js'), "import './src/main.js';\n");
}
