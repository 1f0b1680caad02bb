import { expect, it } from 'vitest';
import { mutationRows, mutationTable, rowsOf } from '../../scripts/lib/mutants.mjs';

const mutants = (...states: string[]) => ({ mutants: states.map((status) => ({ status })) });
const report = {
  files: {
    'src/payment/settle.ts': mutants('Killed', 'Timeout', 'Survived', 'CompileError', 'Ignored'),
    'src/auth/tokens.ts': mutants('Killed', 'NoCoverage'),
    'src/auth/principal.ts': mutants('RuntimeError'),
  },
};

it('a mutant counts as survived when no test reaches it, and not at all when it never ran', () => {
  expect(mutationRows(report)).toEqual([
    { file: 'payment/settle.ts', mutants: 3, killed: 2 },
    { file: 'auth/tokens.ts', mutants: 2, killed: 1 },
  ]);
});

it('the table of mutants has a row for each file and one for all, and can be read back', () => {
  const table = mutationTable(mutationRows(report));
  expect(table.split('\n')).toEqual([
    '| file              | mutants | killed | survived |  score |',
    '| ----------------- | ------: | -----: | -------: | -----: |',
    '| auth/tokens.ts    |       2 |      1 |        1 | 50.0 % |',
    '| payment/settle.ts |       3 |      2 |        1 | 66.7 % |',
    '| all               |       5 |      3 |        2 | 60.0 % |',
  ]);
  expect(mutationTable(rowsOf(`Text.\n\n${table}\n\nMore.`))).toBe(table);
});
