import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, isPortFree } from '../../scripts/lib/ports.mjs';

/** One run of `node scripts/start.mjs`, as `npm start` does it. */
class Run {
  output = '';
  readonly child: ChildProcess;

  constructor(env: Record<string, string>, command = ['scripts/start.mjs']) {
    this.child = spawn(process.execPath, command, {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        LOG_LEVEL: 'warn',
        npm_lifecycle_event: 'start',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer): void => void (this.output += chunk.toString());
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
  }

  /** Waits for words in the output. Fails with the output when the run ends before. */
  async says(words: RegExp): Promise<string> {
    for (;;) {
      const found = words.exec(this.output);
      if (found) {
        return found[1] ?? found[0];
      }
      if (this.child.exitCode !== null) {
        throw new Error(`ended without saying ${String(words)}:\n${this.output}`);
      }
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'close')]);
    }
  }

  /** Waits for the end; answers the exit code. */
  async ends(): Promise<number | null> {
    if (this.child.exitCode === null) {
      await once(this.child, 'close');
    }
    return this.child.exitCode;
  }
}

let dataDir: string;
let env: Record<string, string>;
const runs: Run[] = [];

function start(more: Record<string, string> = {}): Run {
  const run = new Run({ ...env, ...more });
  runs.push(run);
  return run;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'meiduo-start-'));
  env = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
  };
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.child.kill('SIGTERM');
    await run.ends();
  }
  rmSync(dataDir, { recursive: true });
});

it('brings the whole shop up, guards it against a second start, and takes it all down', async () => {
  const { PORT = '', SANDBOX_PORT = '' } = env;
  const run = start();
  await run.says(/Ctrl-C stops everything/);
  expect(run.output).toContain(`http://localhost:${PORT}/docs`);
  expect(run.output).toMatch(new RegExp(`Shop window +http://localhost:${PORT}/\n`));
  const window = await (await fetch(`http://127.0.0.1:${PORT}/`)).text();
  expect(window).toMatch(/<script type="module" [^>]*src="\/assets\/index-/);
  expect(run.output).toContain('demo_buyer / demo-pass-2026');
  const databasePort = Number(await run.says(/mysql:\/\/meiduo@127\.0\.0\.1:(\d+)\/meiduo/));
  expect((await fetch(`http://127.0.0.1:${PORT}/health/ready`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${SANDBOX_PORT}/`)).status).toBe(200);
  expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);

  const second = start();
  expect(await second.ends()).toBe(1);
  expect(second.output.trim()).toBe(
    `The shop is already running on ${dataDir} (process ${run.child.pid}). ` +
      'For a second one, set DATA_DIR, PORT and SANDBOX_PORT.',
  );

  const third = start({ DATA_DIR: join(dataDir, 'other') });
  expect(await third.ends()).toBe(1);
  expect(third.output.trim()).toMatch(new RegExp(`^Port ${PORT} is taken by another program`));
  expect(existsSync(join(dataDir, 'other'))).toBe(false);

  run.child.kill('SIGINT');
  expect(await run.ends()).toBe(0);
  for (const port of [Number(PORT), Number(SANDBOX_PORT), databasePort]) {
    expect(await isPortFree(port), `port ${port}`).toBe(true);
  }
});

it('lends its database and its sandbox to the commands beside it, and to nobody when it is gone', async () => {
  const command = (name: string, ...args: string[]) => {
    // Which ports the shop has, they are not told.
    const run = new Run({ DATA_DIR: dataDir }, [`scripts/${name}.mjs`, ...args]);
    runs.push(run);
    return run;
  };
  const since = ['--since', '2026-01-01T00:00:00Z'];
  const tooEarly = command('reconcile');
  expect(await tooEarly.ends()).toBe(2);
  expect(tooEarly.output.trim()).toMatch(
    /^The shop's database does not run\. Start the shop first/,
  );

  const shop = start();
  await shop.says(/Ctrl-C stops everything/);
  const reconcile = command('reconcile', '--date', '2026-01-01');
  expect(await reconcile.ends(), reconcile.output).toBe(0);
  expect(reconcile.output).toContain('2026-01-01: 0 payments, 0 refunds in the bill');
  const replay = command('replay', ...since);
  expect(await replay.ends(), replay.output).toBe(1);
  expect(replay.output).toContain('the shop has no WEBHOOK_URLS');

  shop.child.kill('SIGTERM');
  await shop.ends();
  const tooLate = command('replay', ...since);
  expect(await tooLate.ends()).toBe(2);
  expect(tooLate.output).toContain('does not run');
});

it('tells in one sentence that its folder cannot be made', async () => {
  const file = join(dataDir, 'file');
  writeFileSync(file, 'x');
  // In /proc nobody can make a folder, and making it is answered in a way of its own.
  const folders = [join(file, 'x'), file, ...(existsSync('/proc/self') ? ['/proc/x/y'] : [])];
  for (const folder of folders) {
    const run = start({ DATA_DIR: folder });
    expect(await run.ends()).toBe(1);
    expect(run.output.trim()).toMatch(
      /^DATA_DIR names the folder \S+, which cannot be made or written to \(E[A-Z]+\)\.$/,
    );
  }
});

it('tells wrong settings of the shop before it brings anything up', async () => {
  const run = start({ JWT_SECRET: 'short', ORDER_STRATEGY: 'never' });
  expect(await run.ends()).toBe(1);
  expect(run.output.trim()).toMatch(/^The settings do not allow a start:(\n {2}- .*){2}$/);
  expect(run.output).toContain('- JWT_SECRET: ');
  expect(run.output).toContain('- ORDER_STRATEGY: ');
  expect(existsSync(join(dataDir, 'database'))).toBe(false);
});

it('ends with one sentence and exit code 1 when the API cannot run', async () => {
  const run = start({ HOST: '192.0.2.1' });
  expect(await run.ends()).toBe(1);
  expect(run.output).toMatch(/cannot listen on HOST 192\.0\.2\.1/);
  expect(run.output.trim()).toMatch(/The API ended by itself, exit code 1\.$/);
  expect(run.output).not.toMatch(/^\s+at /m);
  expect(await isPortFree(Number(env['SANDBOX_PORT']))).toBe(true);
});
