import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process named so that a recycled process id is not taken for it.
 * @typedef {{ pid: number, started: string }} ProcessMark
 * @typedef {{ owner: ProcessMark, children: ProcessMark[] }} LockContent
 */

/**
 * Marks a running process; `started` is empty where the system has no /proc.
 * @param {number} pid
 * @returns {ProcessMark}
 */
export function markProcess(pid) {
  return { pid, started: startTime(pid) };
}

/**
 * @param {number} pid
 * @returns {string} clock ticks since boot; a process that is dead but not yet collected has none
 */
function startTime(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The state is field 3 and the start time field 22; field 2, the name, may hold spaces.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : (rest[18] ?? '');
  } catch {
    return '';
  }
}

/** @param {ProcessMark} mark */
export function isRunning(mark) {
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') {
      return false;
    }
  }
  return mark.started === startTime(mark.pid);
}

/** Thrown when a living process holds the lock. */
export class LockedError extends Error {
  /** @param {number} pid the holder */
  constructor(pid) {
    super(`Held by process ${pid}.`);
    this.pid = pid;
  }
}

/** @param {string} file @returns {LockContent | undefined} undefined when there is none */
function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

/** @param {string} file @param {LockContent} content @returns {boolean} false when it exists */
function createLock(file, content) {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  try {
    // A link appears with its content complete, or fails because the name exists.
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    fs.rmSync(draft);
  }
}

/**
 * Removes the lock of an owner that is gone. The rename makes one of several takers win; a taker
 * that caught a newer lock instead puts it back.
 * @param {string} file @param {LockContent} stale
 */
function removeStale(file, stale) {
  const aside = `${file}.stale.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (JSON.stringify(readLock(aside)) !== JSON.stringify(stale)) {
    fs.linkSync(aside, file);
  }
  fs.rmSync(aside);
}

/**
 * Ends the processes a dead owner left behind, politely first.
 * @param {ProcessMark[]} marks
 */
async function endOrphans(marks) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    marks.filter(isRunning).forEach((mark) => process.kill(mark.pid, signal));
    for (let waited = 0; waited < 20_000 && marks.some(isRunning); waited += 50) {
      await sleep(50);
    }
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} the living process that holds the lock
 */
export function holderOf(file) {
  const held = readLock(file);
  return held && isRunning(held.owner) ? held.owner.pid : undefined;
}

/**
 * Takes a folder or a role for this process alone, as a file that names its owner. The lock of a
 * dead owner is taken over after its leftover child processes have been ended.
 * @param {string} file
 * @returns {Promise<{ adopt(pid: number): void, release(): void }>} `adopt` names a child process
 *   to be ended should this process die without doing so
 * @throws {LockedError} at once when a living process holds it
 */
export async function acquireLock(file) {
  /** @type {LockContent} */
  const content = { owner: markProcess(process.pid), children: [] };
  while (!createLock(file, content)) {
    const held = readLock(file);
    if (held && isRunning(held.owner)) {
      throw new LockedError(held.owner.pid);
    }
    if (held) {
      await endOrphans(held.children);
      removeStale(file, held);
    }
  }
  return {
    adopt(pid) {
      content.children.push(markProcess(pid));
      fs.writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
      fs.renameSync(`${file}.new`, file);
    },
    release() {
      fs.rmSync(file, { force: true });
    },
  };
}
