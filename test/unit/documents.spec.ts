/** What the documents say about the code is compared with the code. */
import { readFileSync } from 'node:fs';
import { getMetadataStorage } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { SHOP_OPTIONS } from '../../scripts/lib/node-options.mjs';
import { Config } from '../../src/config/config.js';
import { SETTING_NAMES } from '../../src/config/read-config.js';

it('how the shop is started says the same everywhere', () => {
  const command = ['node', ...SHOP_OPTIONS, 'dist/main.js'];
  expect(readFileSync('Dockerfile', 'utf8')).toContain(
    `CMD [${command.map((word) => `"${word}"`).join(', ')}]`,
  );
  for (const file of ['README.md', 'README.zh-CN.md']) {
    expect(readFileSync(file, 'utf8')).toContain(`\n${command.join(' ')} `);
  }
});

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('names every setting', () => {
    expect([...SETTING_NAMES].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('gives the range of every number', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const bounds = getMetadataStorage()
      .getTargetValidationMetadatas(Config, '', false, false)
      .filter(({ name }) => name === 'min' || name === 'max')
      .map(({ propertyName, constraints }) => [propertyName, String(constraints[0])] as const)
      // A port is what it is everywhere.
      .filter(([name]) => name !== 'PORT');
    expect(bounds.length).toBeGreaterThan(20);
    const untold = bounds.filter(
      ([name, bound]) =>
        !rows.some((row) => row.includes(`\`${name}\``) && new RegExp(`\\b${bound}\\b`).test(row)),
    );
    expect(untold).toEqual([]);
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
