import { describe, expect, it } from 'vitest';
import {
  failedFigures,
  figureTable,
  renewed,
  rowsOf,
  unreachedLine,
} from '../../scripts/lib/figures.mjs';

describe('the table of figures', () => {
  it('is sorted by number and keeps its columns whatever is in them', () => {
    const table = figureTable([
      { id: 'G10', what: 'refunds', wanted: '300', got: '300', reached: 'yes' },
      { id: 'G2', what: 'kills', wanted: '20 | 0 lost', got: '20', reached: 'no' },
    ]);
    expect(table.split('\n')).toEqual([
      '| figure      | wanted      | got | reached |',
      '| ----------- | ----------- | --- | ------- |',
      '| G2 kills    | 20 / 0 lost | 20  | no      |',
      '| G10 refunds | 300         | 300 | yes     |',
    ]);
  });

  it('names what was not reached, and nothing where all was', () => {
    const rows = ['no', 'yes', '-', 'no'].map((reached, i) => ({
      id: `G${i}`,
      what: 'kills',
      wanted: '',
      got: '',
      reached,
    }));
    expect(unreachedLine(rows)).toBe('Not reached: G0 kills; G3 kills');
    expect(unreachedLine(rows.slice(1, 3))).toBe('');
  });

  it('has a row for every test that failed, and for a file that broke without one', () => {
    const rows = failedFigures({
      testResults: [
        {
          name: '/x/test/figures/g05-commit.spec.ts',
          status: 'failed',
          assertionResults: [
            { status: 'failed', fullName: 'the harness sees a seeded bug' },
            { status: 'passed', fullName: 'G5 COMMIT' },
          ],
        },
        {
          name: '/x/test/api/cart.spec.ts',
          status: 'failed',
          assertionResults: [
            { status: 'failed', fullName: 'a cart' },
            { status: 'failed', fullName: ' malformed requests G11: fuzz' },
          ],
        },
        {
          name: '/x/test/figures/g20-disk.spec.ts',
          status: 'failed',
          assertionResults: [{ status: 'skipped', fullName: 'a full disk' }],
        },
        {
          name: '/x/test/api/good.spec.ts',
          status: 'passed',
          assertionResults: [{ status: 'passed', fullName: 'good' }],
        },
      ],
    });
    expect(rows.map(({ id, what, got }) => [id, what, got])).toEqual([
      ['G5', 'the harness sees a seeded bug', 'FAILED'],
      ['', 'a cart', 'FAILED'],
      ['G11', 'malformed requests fuzz', 'FAILED'],
      ['G20', 'g20-disk.spec.ts', 'FAILED'],
    ]);
  });

  it('is read back from a page, and renewed where something was measured again', () => {
    const [kill, cut, failed, login] = [
      { id: 'G2', what: 'kills', wanted: '200', got: '200', reached: 'yes' },
      { id: 'G4', what: 'cuts', wanted: '30', got: '29', reached: 'no' },
      { id: 'G4', what: 'the control', wanted: 'to pass', got: 'FAILED', reached: 'no' },
      { id: 'Login', what: 'time', wanted: '5 %', got: '1 %', reached: 'yes' },
    ] as const;
    const table = figureTable([kill, cut, failed, login]);
    const before = rowsOf(
      `| x |\n<!-- figures -->\n\nRun.\n\n${table}\n\n<!-- /figures -->\n| y |`,
    );
    expect(before).toEqual([kill, cut, failed, login]);
    const now = { ...cut, got: '30', reached: 'yes' };
    expect(renewed(before, [now])).toEqual([kill, login, now]);
  });
});
