import { setTimeout as sleep } from 'node:timers/promises';
import { report, Problem } from './problem.mjs';

/**
 * What runs under one command, stopped in the reverse of the order in which it was started. The
 * first part that ends by itself, or a signal, brings everything down.
 */
export class Programs {
  /** @type {{ name: string, stop: () => unknown }[]} */
  #parts = [];
  #ending = new AbortController();

  /** Aborted once everything is to stop. */
  get signal() {
    return this.#ending.signal;
  }

  /**
   * @param {string} name
   * @param {() => unknown} stop
   */
  add(name, stop) {
    this.#parts.push({ name, stop });
  }

  /**
   * Adds a server process: should it end before it is told to, everything ends with one sentence.
   * @param {string} name
   * @param {{ exited: Promise<import('./child.mjs').Exit>, stop: () => unknown }} server
   */
  addServer(name, server) {
    this.add(name, () => server.stop());
    void server.exited.then((exit) => this.end(endedByItself(name, exit)));
  }

  /**
   * Asks for the end. The first reason counts.
   * @param {unknown} [error] left out: the person wants it
   */
  end(error) {
    if (!this.signal.aborted) {
      this.#ending.abort(error ?? new Stopped());
    }
  }

  /** Waits for the end to be asked for, stops everything and sets the exit code. */
  async finish() {
    await new Promise((resolve) => {
      this.signal.addEventListener('abort', resolve);
      if (this.signal.aborted) {
        resolve(undefined);
      }
    });
    for (const { name, stop } of this.#parts.reverse()) {
      try {
        await stop();
      } catch (error) {
        console.error(`${name} could not be stopped:`, error);
      }
    }
    const wanted = this.signal.reason instanceof Stopped;
    if (!wanted) {
      report(this.signal.reason);
    }
    process.exitCode = wanted ? 0 : 1;
  }
}

/**
 * @param {string} name
 * @param {import('./child.mjs').Exit} exit
 * @returns {Problem}
 */
export function endedByItself(name, { code, signal }) {
  return new Problem(`${name} ended by itself, ${signal ? `by ${signal}` : `exit code ${code}`}.`);
}

/** The reason of an end that a person asked for. */
class Stopped extends Error {}

/**
 * Asks a server over HTTP until it answers well.
 * @param {string} name for the message
 * @param {string} url
 * @param {AbortSignal} signal gives up when everything is to stop
 * @param {number} [withinMs]
 * @throws {Problem} when it does not answer in time
 */
export async function waitUntilReady(name, url, signal, withinMs = 60_000) {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(50);
  }
  throw new Problem(`${name} did not become ready within ${withinMs / 1000} seconds (${url}).`);
}
