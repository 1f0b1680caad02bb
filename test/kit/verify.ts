import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Verified {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run verify`, with nothing but `env` in its environment (needs a build). */
export async function verify(env: Record<string, string>): Promise<Verified> {
  const child = spawn(process.execPath, ['scripts/verify.mjs'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode ?? once(child, 'close'),
  ]);
  return { code: child.exitCode, out, err };
}
