import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './child.mjs';
import { addressedEntries, missingEntries } from './lock-file.mjs';
import { ROOT } from './project.mjs';
import { checkSources } from './rules.mjs';

/**
 * @typedef {object} Outcome
 * @property {'ok' | 'failed' | 'skipped'} state
 * @property {string} text what to show: the findings, or why it was skipped
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<Outcome> | Outcome} run
 */

// The build keeps its notes in dist; those of the type check must not mix with them.
const TYPES = ['--noEmit', '--tsBuildInfoFile', 'node_modules/.cache/check.tsbuildinfo'];
const BOUNDARIES = ['src', 'ormconfig.ts', '--config', '.dependency-cruiser.cjs'];

/** @type {Check[]} */
export const CHECKS = [
  { name: 'format', run: () => tool('prettier/bin/prettier.cjs', ['--check', '.']) },
  { name: 'lint', run: () => tool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'types', run: () => tool('typescript/bin/tsc', TYPES) },
  { name: 'types of window', run: () => tool('typescript/bin/tsc', ['-p', 'src/shop-window']) },
  { name: 'types of scripts', run: () => tool('typescript/bin/tsc', ['-p', 'scripts']) },
  {
    name: 'boundaries',
    run: () => tool('dependency-cruiser/bin/dependency-cruise.mjs', BOUNDARIES),
  },
  { name: 'own rules', run: () => findings(checkSources(path.join(ROOT, 'src'))) },
  { name: 'lock file', run: checkLock },
  { name: 'compose file', run: checkCompose },
];

/**
 * Runs a command-line tool of node_modules.
 * @param {string} file its entry below node_modules
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
function tool(file, args) {
  return new Promise((resolve, reject) => {
    const script = path.join(ROOT, 'node_modules', file);
    const child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ state: code === 0 ? 'ok' : 'failed', text }));
  });
}

/** @param {string[]} lines @returns {Outcome} */
function findings(lines) {
  return { state: lines.length === 0 ? 'ok' : 'failed', text: lines.join('\n') };
}

/** @returns {Outcome} */
function checkLock() {
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const missing = missingEntries(lock).map(
    ({ name }) => `${name} has no entry; run: node scripts/lockfix.mjs`,
  );
  const addressed = addressedEntries(lock).map((place) => `${place} names a "resolved" address`);
  return findings([...missing, ...addressed]);
}

/** @returns {Outcome} */
function checkCompose() {
  const docker = findProgram(['docker']);
  if (!docker || spawnSync(docker, ['compose', 'version']).status !== 0) {
    return { state: 'skipped', text: 'no docker client with compose here' };
  }
  const { status, stderr } = spawnSync(docker, ['compose', '--profile', '*', 'config', '-q'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { state: status === 0 ? 'ok' : 'failed', text: stderr };
}
