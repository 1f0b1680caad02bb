/** What the documents say about the code is compared with the code. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../../src/config/read-config.js';

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('names every setting', () => {
    expect([...SETTING_NAMES].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('names no command that package.json does not have', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run (\w+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(text).toContain('npm start');
    expect(text).toContain('npm test');
  });
});
