/** Commands refuse arguments they do not know in one sentence, with exit code 2, and do nothing (needs a build). */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { freshDatabase } from '../kit/database.js';

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

it('verify takes none', () => {
  const refusal = 'npm run verify takes no arguments, not --table skus.';
  expect(command('scripts/verify.mjs', ['--table', 'skus'])).toEqual([2, '', refusal]);
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
