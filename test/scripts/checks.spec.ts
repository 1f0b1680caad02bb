import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addressedEntries,
  completeLock,
  type LockFile,
  missingEntries,
  platformOf,
} from '../../scripts/lib/lock-file.mjs';
import { findViolations } from '../../scripts/lib/rules.mjs';
import { closingLine, countTests, totalsOf } from '../../scripts/lib/totals.mjs';

describe('package-lock.json', () => {
  const lock = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as LockFile;

  it('has an entry for every platform, so that npm ci takes it everywhere', () => {
    expect(missingEntries(lock)).toEqual([]);
  });

  it('names no address that a package came from', () => {
    expect(addressedEntries(lock)).toEqual([]);
  });

  it('is completed when platforms are left out of it', () => {
    const packages = Object.fromEntries(
      Object.entries(lock.packages).filter(([place]) => !/darwin|win32/.test(place)),
    );
    const poor = { ...lock, packages };
    const missing = missingEntries(poor);
    expect(missing.length).toBeGreaterThan(0);
    const completed = completeLock(poor);
    expect(missingEntries(completed)).toEqual([]);
    for (const { name } of missing) {
      const { version, os, cpu } = lock.packages[`node_modules/${name}`] ?? {};
      expect(completed.packages[`node_modules/${name}`]).toMatchObject({ version, os, cpu });
    }
  });

  it('finds a package where Node would: near the one that wants it, then further out', () => {
    const wanting = {
      'node_modules/a': { optionalDependencies: { near: '1.0.0', far: '2.0.0' } },
      'node_modules/a/node_modules/near': {},
    };
    expect(missingEntries({ packages: { ...wanting, 'node_modules/far': {} } })).toEqual([]);
    const elsewhere = { ...wanting, 'node_modules/b/node_modules/far': {} };
    expect(missingEntries({ packages: elsewhere })).toEqual([
      { name: 'far', version: '2.0.0', isDev: false },
    ]);
  });

  it.each([
    ['@oxlint/binding-linux-x64-musl', { os: ['linux'], cpu: ['x64'] }],
    ['@oxlint/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@oxlint/binding-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@node-rs/argon2-wasm32-wasi', { cpu: ['wasm32'] }],
  ])('reads the platform of %s from its name', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('the rules of our own', () => {
  it.each([
    ['cart/cart.service.ts', 'SELECT id FROM skus FOR UPDATE', 1],
    ['cart/cart.store.ts', 'SELECT id FROM skus FOR UPDATE', 0],
    ['cart/cart.locks.ts', 'SELECT id FROM skus FOR UPDATE', 0],
    ['cart/cart.service.ts', '// SELECT … FOR UPDATE is done in the store.', 0],
    ['cart/cart.service.ts', "lock: { mode: 'pessimistic_write' }", 1],
    ['orders/orders.service.ts', 'await dataSource.transaction(work)', 1],
    ['database/transaction.ts', "await runner.startTransaction('READ COMMITTED')", 0],
    ['common/clock.ts', 'const zone = process.env.TZ;', 1],
    ['config/config.ts', 'const zone = process.env.TZ;', 0],
  ])('in %s find in "%s": %i', (file, line, findings) => {
    expect(findViolations(file, `const a = 1;\n${line}\n`)).toHaveLength(findings);
  });
});

describe('the closing line of the tests', () => {
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  });

  it('adds up all files', () => {
    const report = {
      testResults: [
        file('passed', 'passed', 'pending', 'todo'),
        file('failed', 'passed', 'failed'),
      ],
    };
    expect(closingLine(countTests(report))).toBe('2 passed, 1 failed, 2 skipped');
  });

  const run = (exitCode: number, passed: number, failed: number, skipped: number) => ({
    exitCode,
    totals: { passed, failed, skipped },
  });

  it('adds up two runs, one of which may have skipped all', () => {
    const two = [run(0, 3, 0, 1), run(1, 5, 2, 4)];
    expect(closingLine(totalsOf(two))).toBe('8 passed, 2 failed, 5 skipped');
    const skipped = [run(0, 0, 0, 3), run(0, 3, 0, 1)];
    expect(closingLine(totalsOf(skipped))).toBe('3 passed, 0 failed, 4 skipped');
  });

  it('counts a file that could not be loaded as a failure', () => {
    const report = { testResults: [file('passed', 'passed'), file('failed')] };
    expect(closingLine(countTests(report))).toBe('1 passed, 1 failed');
  });

  it('is a failure when no test ran, or the runner failed for a reason of its own', () => {
    expect(closingLine(totalsOf([run(0, 0, 0, 3)]))).toBe('0 passed, 1 failed, 3 skipped');
    expect(closingLine(totalsOf([run(1, 5, 0, 0)]))).toBe('5 passed, 1 failed');
    expect(closingLine(totalsOf([run(0, 5, 0, 0)]))).toBe('5 passed, 0 failed');
    expect(closingLine(totalsOf([run(0, 5, 0, 0), run(1, 5, 0, 0)]))).toBe('10 passed, 1 failed');
  });
});
