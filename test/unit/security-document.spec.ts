/** docs/SECURITY.md names tests and limits; they are compared with those there are. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitTable } from '../../src/common/rate-limits.js';

const text = readFileSync('docs/SECURITY.md', 'utf8');

describe('docs/SECURITY.md', () => {
  it('names only tests that exist', () => {
    const named = [...text.matchAll(/`(test\/[\w/.-]+\.spec\.ts)` “([^”]*)”/g)];
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter(
      ([, file = '', title = '']) =>
        !existsSync(file) || !readFileSync(file, 'utf8').includes(title),
    );
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  it('has a test beside every item', () => {
    const rows = text.split('\n').filter((line) => /^\| (?:\d+\.\d+\.\d+|API\d+)/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !/`test\/[\w/.-]+\.spec\.ts` “/.test(row))).toEqual([]);
  });

  it('states every limit as it is', () => {
    const limits = Object.entries(limitTable('') ?? {}).flatMap(([name, rule]) =>
      rule.limits.map(({ per, points, seconds }) => `\`${name}.${per}=${points}/${seconds}\``),
    );
    expect(limits.length).toBeGreaterThan(8);
    expect(limits.filter((limit) => !text.includes(limit))).toEqual([]);
  });
});
