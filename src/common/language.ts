import type { Language } from './errors.js';

const SEPARATOR = '\u001f';

/**
 * The language that `Accept-Language` prefers of the two, by weight and then by place (RFC 9110,
 * 12.5.4); Chinese where it says nothing of either or accepts neither.
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').toLowerCase().split(',').map(readRange);
  const weightOf = (language: Language): Range | undefined =>
    ranges.find(({ name }) => name === language) ?? ranges.find(({ name }) => name === '*');
  const [zh, en] = [weightOf('zh'), weightOf('en')];
  if (!en || en.weight === 0 || (zh && zh.weight > en.weight)) {
    return 'zh';
  }
  const zhComesFirst = zh?.weight === en.weight && ranges.indexOf(zh) <= ranges.indexOf(en);
  return zhComesFirst ? 'zh' : 'en';
}

interface Range {
  /** The language without its region, or `*`. */
  readonly name: string;
  readonly weight: number;
}

/** A weight that is none counts as none at all. */
function readRange(text: string): Range {
  const [tag = '', ...parameters] = text.split(';');
  const given = parameters.map((one) => one.trim()).find((one) => one.startsWith('q='));
  const weight = given === undefined ? 1 : Number(given.slice(2) || Number.NaN);
  return {
    name: tag.trim().split('-', 1)[0] ?? '',
    weight: weight >= 0 && weight <= 1 ? weight : 0,
  };
}

/** A validation message in both languages, for the `message` option of class-validator. */
export function bilingual(zh: string, en: string): string {
  return `${zh}${SEPARATOR}${en}`;
}

/** Whether a message was written in both languages. */
export function isBilingual(message: string): boolean {
  return message.includes(SEPARATOR);
}

/** The part of a message that is meant for `language`; a message in one language stays as it is. */
export function localised(message: string, language: Language): string {
  const [zh, en] = message.split(SEPARATOR);
  return (language === 'en' ? en : zh) ?? message;
}
