import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.mjs';
import { LockedError, acquireLock } from './lock.mjs';
import { Problem } from './problem.mjs';

/** @typedef {Awaited<ReturnType<typeof acquireLock>>} Lock */

/**
 * Makes and takes the folder of a private server for the time of `work`; a failure gives it free.
 * @template T
 * @param {string} dir absolute
 * @param {string} name what the folder holds, for messages
 * @param {(lock: Lock) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Problem} at once when a living process uses the folder
 */
export async function withServerFolder(dir, name, work) {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = await takeFolder(dir, name);
  try {
    return await work(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @param {string} dir @param {string} name @returns {Promise<Lock>} */
async function takeFolder(dir, name) {
  try {
    return await acquireLock(path.join(dir, 'lock.json'));
  } catch (error) {
    if (error instanceof LockedError) {
      throw new Problem(`The ${name} in ${dir} is already in use by process ${error.pid}.`);
    }
    throw error;
  }
}

/**
 * Starts a server and waits until its log says that it is ready. Asking its port instead would
 * leave complaints about broken connections there.
 * @param {object} server
 * @param {string} server.name for messages
 * @param {string} server.program
 * @param {string[]} server.args
 * @param {string} server.dir its folder; the log is `server.log` in it
 * @param {RegExp} server.ready the words in the log
 * @param {Lock} lock
 * @param {number} [withinMs]
 * @returns {Promise<import('./child.mjs').Child>}
 * @throws {Problem} with the end of the log when the server ends or stays silent
 */
export async function runUntilReady({ name, program, args, dir, ready }, lock, withinMs = 60_000) {
  const logFile = path.join(dir, 'server.log');
  const descriptor = fs.openSync(logFile, 'a', 0o600);
  const offset = fs.fstatSync(descriptor).size;
  const said = () => fs.readFileSync(logFile).subarray(offset).toString('utf8');
  const child = startChild(program, args, { stdio: ['ignore', descriptor, descriptor] });
  fs.closeSync(descriptor);
  if (child.pid > 0) {
    lock.adopt(child.pid);
  }
  const deadline = Date.now() + withinMs;
  while (!ready.test(said())) {
    if (!child.isRunning() || Date.now() > deadline) {
      await child.stop();
      throw new Problem(
        `The ${name} server did not start; its log is ${logFile}\n${tellingLines(said())}`,
      );
    }
    await sleep(20);
  }
  return child;
}

/** @param {string} log @returns {string} its errors, or its last lines when it names none */
function tellingLines(log) {
  const lines = log.trim().split('\n');
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors.slice(0, 5) : lines.slice(-3)).join('\n');
}
