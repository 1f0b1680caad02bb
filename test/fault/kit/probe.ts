import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../../scripts/lib/child.mjs';

const PROGRAM = fileURLToPath(new URL('probe-process.mjs', import.meta.url));

/**
 * Asks a probe of a shop from a process of its own: in the test's, whose loop serves all clients and
 * the proxy as well, the time until the test gets to look at an answer would count as the shop's.
 */
export class Probe {
  private readonly child: Child;
  private output = '';

  constructor(url: string) {
    this.child = startChild(process.execPath, [PROGRAM, url], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child.process;
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  /** Ends it; the longest that an answer took, in milliseconds. Throws when one was not 200. */
  async stop(): Promise<number> {
    const { code } = await this.child.stop();
    await finished(this.child.process.stdout as Readable);
    if (code !== 0) {
      throw new Error(`the probe failed:\n${this.output}`);
    }
    return Number(this.output);
  }
}
