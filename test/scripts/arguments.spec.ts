/** Commands refuse arguments they do not know in one sentence, with exit code 2, and do nothing (needs a build). */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Problem } from '../../scripts/lib/problem.mjs';
import { readOptions as readBench } from '../bench/options.js';
import { readOptions as readReads } from '../bench/reads/options.js';
import { freshDatabase } from '../kit/database.js';
import { readOptions as readProve } from '../prove/options.js';

function command(file: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    encoding: 'utf8',
  });
  return [status, stdout, stderr.trim()];
}

it.each([['--foo'], ['--minutes', '-1'], ['--minutes', '0'], ['--seed', 'x'], ['7']])(
  'soak %s %s',
  (...args) => {
    const refusal = /^--minutes is a number above zero, .*: npm run soak -- .*$/;
    expect(command('scripts/soak.mjs', args)).toEqual([2, '', expect.stringMatching(refusal)]);
  },
);

const NUMBERS = { buyers: 5000, units: 1_000_000, processes: 16, carts: 100 };
const beyond = Object.entries(NUMBERS).flatMap(([name, max]) =>
  ['0', '-1', '1.5', '1e3', 'x', String(max + 1), '999999999'].map((text): [string, string] => [
    `--${name}=${text}`,
    `--${name} must be a whole number from 1 to ${max}`,
  ]),
);

it.each<[string, string]>([
  ...beyond,
  ['--carts=1..101', '--carts must be a whole number from 1 to 100, not "101".'],
  ['--carts=1..5..9', '--carts must be a whole number from 1 to 100, not "5..9".'],
  ['--carts=5..1', '--carts must be a range such as 1..5, not "5..1".'],
  ['--strategy=x', '--strategy must be one of pessimistic, optimistic, queue, all, not "x".'],
  ['--seed-bug=x', '--seed-bug must be no-lock, not "x".'],
  ['--foo', "Unknown option '--foo'; npm run prove -- --help names the options."],
  ['--buyers', "Option '--buyers <value>' argument missing; npm run prove -- --help names"],
  ['7', "Unexpected argument '7'; npm run prove -- --help names the options."],
])('prove %s', (arg, words) => {
  expect(refusalOf(() => readProve([arg]))).toEqual([2, expect.stringContaining(words)]);
});

it('prove takes what its help names as the most, and no more', () => {
  const most = Object.entries(NUMBERS).map(([name, max]) => `--${name}=${max}`);
  expect(readProve(most)).toMatchObject({ ...NUMBERS, carts: { min: 100, max: 100 } });
  for (const max of Object.values(NUMBERS)) {
    expect(readProve(['--help'])).toContain(`at most ${max} `);
  }
});

it.each([
  ['--clients=1,1001', '--clients must be a whole number from 1 to 1000, not "1001".'],
  ['--clients=1,,2', '--clients must be a whole number from 1 to 1000, not "".'],
  ['--repetitions=101', '--repetitions must be a whole number from 1 to 100, not "101".'],
  ['--variants=x', '--variants must be one of '],
  ['--foo', "Unknown option '--foo'; npm run bench -- --help names the options."],
])('bench %s', (arg, words) => {
  expect(refusalOf(() => readBench([arg]))).toEqual([2, expect.stringContaining(words)]);
});

it('bench reads --foo', () => {
  const words = "Unknown option '--foo'; npm run bench -- reads --help names the options.";
  expect(refusalOf(() => readReads(['--foo']))).toEqual([2, words]);
});

function refusalOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Problem ? [error.exitCode, error.message] : error;
  }
}

it.each(['prove', 'bench'])('%s ends with 2', (name) => {
  const words = `Unknown option '--foo'; npm run ${name} -- --help names the options.`;
  const [code, , said] = command(`scripts/${name}.mjs`, ['--foo']);
  expect([code, said]).toEqual([2, words]);
});

it.each([
  ['npm start', 'start.mjs'],
  ['npm run dev', 'start.mjs', '--watch'],
  ['npm run build', 'build.mjs'],
  ['npm run check', 'check.mjs'],
  ['npm run client', 'client.mjs'],
  ['npm run lockfix', 'lockfix.mjs'],
  ['npm run screenshots', 'screenshots.mjs'],
  ['npm run prove:payments', 'prove-payments.mjs'],
  ['npm run verify', 'verify.mjs'],
])('%s takes none', (typed, file, ...own) => {
  for (const args of [['--foo'], ['7', '--table=skus']]) {
    const refusal = `${typed} takes no arguments, not ${args.join(' ')}.`;
    expect(command(`scripts/${file}`, [...own, ...args])).toEqual([2, '', refusal]);
  }
});

it.each(['test-full', 'mutate'])('%s knows --docs alone', (name) => {
  const refusal = '--foo is not known; there is --docs.';
  expect(command(`scripts/${name}.mjs`, ['--docs', '--foo'])).toEqual([2, '', refusal]);
});

it('migrate knows up and down, and tells what it did', async () => {
  const db = await freshDatabase();
  const migrate = (...args: string[]) =>
    command('dist/src/database/migrate.js', args, { DATABASE_URL: db.url });
  const names = async () =>
    (await db.sql<{ name: string }>('SELECT name FROM migrations ORDER BY id')).map((m) => m.name);
  const before = await names();
  const last = before.at(-1);
  for (const args of [['sideways'], ['down', 'down'], ['--help']]) {
    expect(migrate(...args)).toEqual([2, '', expect.stringMatching(/^usage: npm run migrate/)]);
  }
  expect(await names()).toEqual(before);
  expect(migrate('down')).toEqual([0, `migration undone: ${last}\n`, '']);
  expect(await names()).toEqual(before.slice(0, -1));
  expect(migrate('up')).toEqual([0, `migrations applied: ${last}\n`, '']);
  expect(migrate()).toEqual([0, 'migrations applied: none\n', '']);
  expect(await names()).toEqual(before);
  await db.close();
});
