import { spawn, spawnSync } from 'node:child_process';
import { findProgram } from './child.mjs';
import { Problem } from './problem.mjs';

/**
 * How apt-get can be called without asking anybody: as root, or by a sudo that needs no password.
 * @returns {string[] | undefined} the words before the package names; undefined when it cannot be
 */
function aptGet() {
  if (process.platform !== 'linux' || !findProgram(['apt-get'])) {
    return undefined;
  }
  if (process.getuid?.() === 0) {
    return ['apt-get'];
  }
  const sudo = findProgram(['sudo']);
  return sudo && spawnSync(sudo, ['-n', 'true']).status === 0
    ? [sudo, '-n', 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
    : undefined;
}

/**
 * @param {string[]} words a command; its output is kept back and shown only when it fails
 * @returns {Promise<void>}
 */
function runQuietly(words) {
  const [command = '', ...args] = words;
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) {
        resolve();
      } else {
        const last = output.trim().split('\n').slice(-5).join('\n');
        reject(new Problem(`"${words.join(' ')}" failed (exit ${code}):\n${last}`));
      }
    });
  });
}

/**
 * The package lists are fetched once only, however many things are missing and whether it works or not.
 * @type {Promise<void> | undefined}
 */
let lists;

/**
 * Installs packages of a Debian-like distribution, saying so first.
 * @param {string[]} names
 * @param {(line: string) => void} log
 * @returns {Promise<boolean>} false when this machine gives us no way to install packages
 * @throws {Problem} with the package manager's last words when it fails
 */
export async function installPackages(names, log) {
  const apt = aptGet();
  if (!apt) {
    return false;
  }
  log(`Installing ${names.join(', ')} with apt-get (once, some seconds) ...`);
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  lists ??= runQuietly([...apt, ...wait, 'update']);
  await lists;
  await runQuietly([...apt, ...wait, 'install', '-y', '--no-install-recommends', ...names]);
  return true;
}
