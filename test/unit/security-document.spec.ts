/** docs/SECURITY.md names tests and limits; they are compared with those there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitTable } from '../../src/common/rate-limits.js';
import { QUOTAS } from '../../src/users/quotas.js';

const text = readFileSync('docs/SECURITY.md', 'utf8');

/** The titles of tests in a file: the first argument of `it(…)`, or of what `it.each(…)` answers. */
function titlesOf(source: string): string[] {
  const calls = source.matchAll(/(?:\bit|^ *(?:it\.each.*)?[\])]+)\(\s*(['"`])(.*?)\1,/gm);
  return [...calls].map(([, , title = '']) => title);
}

it('what must not be guessed is drawn by node:crypto: Math.random only spreads pauses', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(alipay-sandbox|shop-window)/.test(file),
  );
  const lines = sources.flatMap((file) =>
    readFileSync(`src/${file}`, 'utf8')
      .split('\n')
      .filter((line) => line.includes('Math.random')),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(lines.filter((line) => !/pauseMs/.test(line))).toEqual([]);
  const drawn = ['users/sms/sms-codes.ts', 'users/captcha/captcha.ts'];
  for (const file of drawn) {
    expect(readFileSync(`src/${file}`, 'utf8')).toMatch(/randomInt.*from 'node:crypto'/);
  }
});

describe('docs/SECURITY.md', () => {
  it('names only tests that exist', () => {
    const named = [...text.matchAll(/`(test\/[\w/.-]+\.spec\.ts)` “([^”]*)”/g)];
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter(
      ([, file = '', title = '']) =>
        !existsSync(file) || !titlesOf(readFileSync(file, 'utf8')).some((t) => t.startsWith(title)),
    );
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  it('has a test beside every item', () => {
    const rows = text.split('\n').filter((line) => /^\| (?:\d+\.\d+\.\d+|API\d+)/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !/`test\/[\w/.-]+\.spec\.ts` “/.test(row))).toEqual([]);
  });

  it('states every limit as it is, and none that is not', () => {
    const limits = Object.entries(limitTable('') ?? {}).flatMap(([name, rule]) =>
      rule.limits.map(({ per, points, seconds }) => `${name}.${per}=${points}/${seconds}`),
    );
    const quotas = Object.entries(QUOTAS).map(
      ([name, { max, windowSeconds }]) => `${name}=${max}/${windowSeconds}`,
    );
    expect(limits.length).toBeGreaterThan(8);
    const table = text.split('\n').filter((line) => line.startsWith('| '));
    const stated = [...table.join('\n').matchAll(/`([a-z]+(?:\.[a-z+]+)?=\d+\/\d+)`/g)];
    expect(stated.map(([, limit = '']) => limit).toSorted()).toEqual(
      [...limits, ...quotas].toSorted(),
    );
  });

  it('names a limit for every kind that routes use, and routes use every kind', () => {
    const used = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.controller.ts'))
      .flatMap((file) => [
        ...readFileSync(`src/${file}`, 'utf8').matchAll(/@RateLimited\('(\w+)'/g),
      ]);
    const names = used.map(([, name = '']) => name);
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(limitTable('') ?? {}).toSorted());
  });
});
