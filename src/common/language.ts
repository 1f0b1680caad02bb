import type { Language } from './errors.js';

const SEPARATOR = '\u001f';

/** Chinese unless the client asks for English first (`Accept-Language: en…`). */
export function languageOf(acceptLanguage: string | undefined): Language {
  return acceptLanguage && /^\s*en\b/i.test(acceptLanguage) ? 'en' : 'zh';
}

/** A validation message in both languages, for the `message` option of class-validator. */
export function bilingual(zh: string, en: string): string {
  return `${zh}${SEPARATOR}${en}`;
}

/** The part of a message that is meant for `language`; a message in one language stays as it is. */
export function localised(message: string, language: Language): string {
  const [zh, en] = message.split(SEPARATOR);
  return (language === 'en' ? en : zh) ?? message;
}
