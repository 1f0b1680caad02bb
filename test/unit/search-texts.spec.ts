import fc from '../kit/fast-check.js';
import { expect, it } from 'vitest';
import { searchWords } from '../../src/catalog/search-text.js';
import { SearchTexts } from '../../src/catalog/search-texts.js';

/** Few letters, so that words are often found, and at the ends of texts too. */
const letters = fc.string({ unit: fc.constantFrom('a', 'B', '手', '机', ' ', '\n'), maxLength: 8 });
const rows = fc
  .array(letters, { maxLength: 12 })
  .map((texts) => texts.map((text, i) => ({ id: i + 1, text, sales: i % 3 })));

it('finds exactly the texts that have every word, best sellers first', () => {
  fc.assert(
    fc.property(rows, letters, (all, typed) => {
      const words = searchWords(typed);
      const expected = all
        .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)))
        .sort((a, b) => b.sales - a.sales || a.id - b.id)
        .map(({ id }) => id);
      const texts = new SearchTexts(all);
      expect(texts.find(words)).toEqual(expected);
      expect([texts.isOf(all.map((row) => ({ ...row }))), texts.isOf(all.slice(1))]).toEqual([
        true,
        all.length === 0,
      ]);
      const changed = all.map((row) => ({ ...row, text: `${row.text}x` }));
      expect(texts.isOf(changed)).toBe(all.length === 0);
      expect(new SearchTexts(changed, texts).find(['x'])).toHaveLength(all.length);
      expect(new SearchTexts(all, texts).find(words)).toEqual(expected);
    }),
  );
});
