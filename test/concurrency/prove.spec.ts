/**
 * `npm run prove`, the command itself with small numbers: it ends with 0 when every row is exact,
 * and with 1 when the shop is broken on purpose.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

/** Runs the command; its exit code, and the cells of its table row by row. */
async function prove(args: string): Promise<{ code: number; rows: string[][] }> {
  const child = spawn(process.execPath, ['scripts/prove.mjs', ...args.split(' ')]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const rows = output
    .split('\n')
    .filter((line) => /^\| (pessimistic|optimistic|queue) /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
  expect(rows, output).not.toEqual([]);
  return { code, rows };
}

describe('npm run prove', { timeout: 600_000 }, () => {
  it('finds every strategy exact: 40 buyers, 15 units, 2 processes', async () => {
    const { code, rows } = await prove('--buyers 40 --units 15 --carts 1');
    expect(rows.map(([strategy, orders, refused]) => [strategy, orders, refused])).toEqual([
      ['pessimistic', '15', '25'],
      ['optimistic', '15', '25'],
      ['queue', '15', '25'],
    ]);
    for (const [, , , oversold, lost, duplicated] of rows) {
      expect([oversold, lost, duplicated]).toEqual(['0', '0', '0']);
    }
    expect(code).toBe(0);
  });

  it('goes red when product rows are not locked', async () => {
    const { code, rows } = await prove(
      '--buyers 40 --units 15 --carts 1 --strategy pessimistic --seed-bug no-lock',
    );
    const [, orders, , oversold] = rows[0] ?? [];
    expect(Number(oversold)).toBeGreaterThan(0);
    expect(Number(orders)).toBe(15 + Number(oversold));
    expect(rows[0]?.at(-1)).toBe('NOT EXACT');
    expect(code).toBe(1);
  });
});
