/** A run that is interrupted ends its servers, leaves no files and tells no stack (needs a build). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.each([
  ['SIGINT to all of it, as Ctrl-C sends it', 'SIGINT', -1, 130],
  ['SIGTERM to the command alone', 'SIGTERM', 1, 143],
] as const)('prove ends by %s', { timeout: 120_000 }, async (_, signal, sign, wanted) => {
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-interrupt-'));
  const ours = () => readdirSync(dir).filter((name) => name.startsWith('bench-'));
  const command = spawn(process.execPath, ['scripts/prove.mjs', '--buyers', '500'], {
    env: { ...process.env, TMPDIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(command, 'close');
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let begun = '';
  for await (const chunk of command.stdout.iterator({ destroyOnReturn: false })) {
    begun += String(chunk);
    if (begun.includes('500 buyers')) {
      break;
    }
  }
  const pids = ours().map((name) =>
    Number(readFileSync(join(dir, name, 'db/server.pid'), 'utf8').trim()),
  );
  expect(pids.map(isRunning)).toEqual([true]);
  command.stdout.resume();
  process.kill(sign * command.pid!, signal);
  expect(await closed).toEqual([wanted, null]);
  expect(said).toBe('');
  expect(ours()).toEqual([]);
  expect(pids.map(isRunning)).toEqual([false]);
  rmSync(dir, { recursive: true });
});
