import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';

const TEXT_LENGTH_MAX = 100;

/** The sign that takes the special meaning of % and _ away; the SQL names it after ESCAPE. */
export const LIKE_ESCAPE = '!';

/**
 * The LIKE patterns a product must match, one for each word of what the buyer typed; none for a
 * blank text, which matches everything. Throws VALIDATION_FAILED for a text that is too long.
 */
export function searchPatterns(text: string): string[] {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = bilingual(
      `搜索内容不能超过 ${TEXT_LENGTH_MAX} 个字符`,
      `A search text has at most ${TEXT_LENGTH_MAX} characters`,
    );
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'text', message }] });
  }
  const words = text.split(/\s+/).filter(Boolean);
  return words.map((word) => `%${word.replace(/[!%_]/g, `${LIKE_ESCAPE}$&`)}%`);
}
