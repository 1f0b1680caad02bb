import path from 'node:path';
import { startChild } from './child.mjs';
import { SHOP_OPTIONS } from './node-options.mjs';
import { Problem } from './problem.mjs';
import { endedByItself, waitUntilReady } from './programs.mjs';
import { ROOT, run } from './project.mjs';
import { apiEnvironment, sandboxEnvironment } from './settings.mjs';

const FILES = {
  migrate: 'dist/src/database/migrate.js',
  seed: 'dist/src/database/seed/seed.js',
  sandbox: 'dist/src/alipay-sandbox/main.js',
  api: 'dist/main.js',
};

/**
 * The built programs of the shop: sandbox, migrations, demo data, API.
 */
export class Shop {
  /** @type {import('./child.mjs').Child[]} */
  #servers = [];

  /**
   * @param {import('./settings.d.mts').Settings} settings
   * @param {import('./settings.d.mts').Parts} parts
   * @param {NodeJS.ProcessEnv} env
   * @param {AbortSignal} signal aborted when everything is to stop
   */
  constructor(settings, parts, env, signal) {
    this.settings = settings;
    this.signal = signal;
    this.apiEnv = apiEnvironment(settings, parts, env);
    this.sandboxEnv = sandboxEnvironment(settings, env);
  }

  /** The address the API listens on, seen from this machine. */
  get apiUrl() {
    const host = this.apiEnv.HOST ?? '127.0.0.1';
    return `http://${/^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host}:${this.settings.port}`;
  }

  get sandboxUrl() {
    return `http://127.0.0.1:${this.settings.sandboxPort}`;
  }

  /**
   * Brings the schema up to date, fills in the demo data, and starts sandbox and API.
   * @param {(child: import('./child.mjs').Child, ended: AbortSignal) => void} onStart told of each
   *   server; `ended` is aborted, with the sentence for the person, when it is gone
   */
  async start(onStart) {
    const { needsSandbox } = this.settings;
    const sandbox = needsSandbox
      ? this.#serve('The sandbox', FILES.sandbox, this.sandboxEnv, onStart)
      : undefined;
    await this.#runOnce('The migrations', FILES.migrate);
    await this.#runOnce('The demo data', FILES.seed);
    if (sandbox) {
      await waitUntilReady('The sandbox', `${this.sandboxUrl}/`, this.#untilGone(sandbox));
    }
    const api = this.#serve('The API', FILES.api, this.apiEnv, onStart);
    await waitUntilReady('The API', `${this.apiUrl}/health/ready`, this.#untilGone(api));
  }

  /** @param {AbortSignal} ended */
  #untilGone(ended) {
    return AbortSignal.any([this.signal, ended]);
  }

  /** Stops the API first, so that nothing it waits for goes away under it. */
  async stop() {
    for (const child of this.#servers.splice(0).reverse()) {
      await child.stop(8000);
    }
  }

  /**
   * @param {string} name @param {string} file @param {NodeJS.ProcessEnv} env
   * @param {(child: import('./child.mjs').Child, ended: AbortSignal) => void} onStart
   * @returns {AbortSignal}
   */
  #serve(name, file, env, onStart) {
    this.signal.throwIfAborted();
    const child = startChild(process.execPath, [...SHOP_OPTIONS, path.join(ROOT, file)], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = new AbortController();
    void child.exited.then((exit) => ended.abort(endedByItself(name, exit)));
    this.#servers.push(child);
    onStart(child, ended.signal);
    return ended.signal;
  }

  /** @param {string} name @param {string} file */
  async #runOnce(name, file) {
    this.signal.throwIfAborted();
    if ((await run(process.execPath, [file], this.apiEnv)) !== 0) {
      throw new Problem(`${name} failed; the reason is above.`);
    }
  }
}
