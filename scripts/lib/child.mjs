import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Finds a program on PATH, then in the folders where systems keep their servers.
 * @param {string[]} names in order of preference
 * @param {string[]} [more] further folders
 * @returns {string | undefined} absolute path
 */
export function findProgram(names, more = []) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...more].filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const file = path.resolve(folder, name);
      if (isExecutable(file)) {
        return file;
      }
    }
  }
  return undefined;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @type {string[] | undefined} */
let deathSignalPrefix;

/**
 * The words before a command that make Linux end it when we die, even by SIGKILL.
 * @returns {string[]} empty where setpriv is missing
 */
function withDeathSignal() {
  if (deathSignalPrefix === undefined) {
    const setpriv = process.platform === 'linux' ? findProgram(['setpriv']) : undefined;
    const words = setpriv ? [setpriv, '--pdeathsig', 'SIGTERM'] : [];
    const works = setpriv && spawnSync(setpriv, [...words.slice(1), 'true']).status === 0;
    deathSignalPrefix = works ? words : [];
  }
  return deathSignalPrefix;
}

/**
 * Starts a long-running program in a process group of its own, so that Ctrl-C in the terminal
 * reaches only us and we choose the order in which things stop.
 * @param {string} command
 * @param {string[]} args
 * @param {import('./child.d.mts').ChildOptions} [options]
 * @returns {import('./child.d.mts').Child}
 */
export function startChild(command, args, options = {}) {
  const [program = command, ...rest] = [...withDeathSignal(), command, ...args];
  const child = spawn(program, rest, { stdio: 'ignore', ...options, detached: true });
  /** @type {import('./child.d.mts').Exit | undefined} */
  let exit;
  const exited = new Promise((/** @type {(exit: Exit) => void} */ resolve) => {
    child.once('error', () => resolve((exit = { code: 127, signal: null })));
    child.once('exit', (code, signal) => resolve((exit = { code, signal })));
  });
  return {
    pid: child.pid ?? -1,
    process: child,
    exited,
    isRunning: () => exit === undefined,
    async stop(timeoutMs = 10_000) {
      if (exit === undefined) {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
        await exited;
        clearTimeout(timer);
      }
      return exited;
    },
  };
}
