import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';

const TEXT_LENGTH_MAX = 100;
const ACCENTS = /\p{M}/gu;

/** A text without case, accents and differences of width, as searching compares it. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase();
}

/**
 * The words a product must have, of what the buyer typed, folded; none for a blank text, which
 * matches everything. Throws VALIDATION_FAILED for a text that is too long.
 */
export function searchWords(text: string): string[] {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = bilingual(
      `搜索内容不能超过 ${TEXT_LENGTH_MAX} 个字符`,
      `A search text has at most ${TEXT_LENGTH_MAX} characters`,
    );
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'text', message }] });
  }
  return folded(text).split(/\s+/).filter(Boolean);
}
