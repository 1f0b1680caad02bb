import { en } from '../texts/en';
import { type TextKey, zh } from '../texts/zh';
import { keep, recall } from './kept';
import { createStore, useStore } from './store';

export type Language = 'zh' | 'en';

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { zh, en };
const KEPT = 'language';

/** What the person chose before; else what the browser asks for: Chinese, or English for all others. */
function first(): Language {
  const kept = recall(KEPT);
  if (kept === 'zh' || kept === 'en') {
    return kept;
  }
  return /^zh\b/i.test(navigator.language) ? 'zh' : 'en';
}

export const language = createStore<Language>(first());

/** Speaks `next` from now on, and at the next visit. */
export function speak(next: Language): void {
  keep(KEPT, next);
  language.set(next);
}

/** A text of the page in a language; `{name}` in it is filled from `values`. */
export type Translate = (
  key: TextKey,
  values?: Readonly<Record<string, string | number>>,
) => string;

export function translator(spoken: Language): Translate {
  return (key, values = {}) =>
    TEXTS[spoken][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The translator of the language that is spoken now. */
export function useTexts(): Translate {
  return translator(useStore(language));
}
