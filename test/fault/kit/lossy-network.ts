import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { startChild } from '../../../scripts/lib/child.mjs';

const run = promisify(execFile);
const NAME = `meiduo-${process.pid}`;

/** Why there can be none here; undefined where there can. */
export const missing: string | undefined = whyNot();

function whyNot(): string | undefined {
  const probe = `${NAME}-probe`;
  if (process.getuid?.() !== 0) {
    return 'needs root';
  }
  try {
    execFileSync('ip', ['netns', 'add', probe], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'exec', probe, 'nft', 'add', 'table', 'inet', 'loss'], {
      stdio: 'pipe',
    });
    return undefined;
  } catch {
    return 'needs network namespaces and nft';
  } finally {
    try {
      execFileSync('ip', ['netns', 'del', probe], { stdio: 'pipe' });
    } catch {
      // There is none where none could be made.
    }
  }
}

/** True in a process that was started by `insideNamespace`. */
export const isInside = process.env['MEIDUO_LOSSY'] === '1';

/**
 * Runs a program in a network namespace of its own, which has nothing but its loopback, and answers
 * how it ended. The namespace is gone afterwards.
 */
export async function insideNamespace(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  await run('ip', ['netns', 'add', NAME]);
  try {
    await run('ip', ['netns', 'exec', NAME, 'ip', 'link', 'set', 'lo', 'up']);
    const child = startChild('ip', ['netns', 'exec', NAME, command, ...args], {
      env: { ...process.env, ...env, MEIDUO_LOSSY: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { process: program, exited } = child;
    let output = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const { code } = await exited;
    return { code, output };
  } finally {
    await run('ip', ['netns', 'del', NAME]);
  }
}

/** From now on so many of a hundred packets from and to this port get lost. In a namespace only. */
export async function losePackets(port: number, percent: number): Promise<void> {
  const some = ['numgen', 'random', 'mod', '100', '<', String(percent)];
  const lost = [...(percent < 100 ? some : []), 'counter', 'drop'];
  const nft = (...words: string[]) => run('nft', words);
  await nft('add', 'table', 'inet', 'loss');
  await nft('add', 'chain', 'inet', 'loss', 'in', '{ type filter hook input priority 0 ; }');
  await nft('add', 'rule', 'inet', 'loss', 'in', 'tcp', 'dport', String(port), ...lost);
  await nft('add', 'rule', 'inet', 'loss', 'in', 'tcp', 'sport', String(port), ...lost);
}

/** Every packet arrives again; how many were lost to the port and from it. */
export async function loseNone(): Promise<readonly number[]> {
  const { stdout } = await run('nft', ['list', 'table', 'inet', 'loss']);
  await run('nft', ['flush', 'table', 'inet', 'loss']);
  return [...stdout.matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
}
