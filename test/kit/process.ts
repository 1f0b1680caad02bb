import type { ChildProcess } from 'node:child_process';
import { startChild } from '../../scripts/lib/child.mjs';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { testEnvironment } from './settings.js';

/** Seconds where the machine is free; much of the load of a whole run may come at once. */
const START_WITHIN_MS = 180_000;

/** A shop in a process of its own, as it runs in production (needs a build). */
export interface ShopProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything the process has printed. */
  output(): string;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, also when it is stopped (SIGSTOP). */
  kill(): Promise<void>;
}

/** Starts `node dist/main.js` on PORT, or on a free port without one or with 0; it is ready then, and ends with us. */
export async function spawnShop(
  databaseUrl: string,
  overrides: Record<string, string> = {},
): Promise<ShopProcess> {
  const port = Number(overrides['PORT'] ?? 0) || (await freePort());
  const started = startChild(process.execPath, [...SHOP_OPTIONS, 'dist/main.js'], {
    env: { ...testEnvironment(databaseUrl, overrides), PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { process: child, exited } = started;
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, () => output);
  return {
    url,
    child,
    output: () => output,
    stop: async () => (await started.stop(30_000)).code,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the shop did not start:\n${output()}`);
    }
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
