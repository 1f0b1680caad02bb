import type { KeyObject } from 'node:crypto';
import { encodeGbk } from '../rules/gbk.js';
import { signNotice, type Params } from '../rules/signing.js';
import { FORM_TYPE } from './courier.js';

/** How a copy of a notification differs from the genuine one. Nothing set: it does not differ. */
export interface Forgery {
  /** Fields changed or added before signing: a correctly signed lie. */
  before?: Record<string, unknown>;
  /** Fields changed or added after signing. */
  after?: Record<string, unknown>;
  /** Fields left out after signing, such as `sign`. */
  omit?: string[];
  /** Fields sent twice. */
  duplicate?: string[];
  charset?: 'utf-8' | 'gbk';
  /** Sends nothing at all. */
  empty?: boolean;
  contentType?: string;
}

interface FormPost {
  body: string;
  contentType: string;
}

/** Writes the form one copy posts. */
export function forge(fields: Params, forgery: Forgery, key: KeyObject): FormPost {
  const gbk = forgery.charset === 'gbk';
  const charset: Params = gbk ? { charset: 'GBK' } : {};
  const signed = signNotice({ ...fields, ...charset, ...asTexts(forgery.before) }, key);
  const sent: Params = { ...signed, ...asTexts(forgery.after) };
  for (const name of forgery.omit ?? []) delete sent[name];
  const pairs = Object.entries(sent);
  for (const name of forgery.duplicate ?? []) pairs.push([name, sent[name] ?? '']);
  const usual = gbk ? 'application/x-www-form-urlencoded; charset=GBK' : FORM_TYPE;
  return {
    body: forgery.empty
      ? ''
      : pairs.map((pair) => pair.map(gbk ? gbkQuoted : quoted).join('=')).join('&'),
    contentType: forgery.contentType ?? usual,
  };
}

/** JSON has numbers where a form has only text. */
function asTexts(values: Record<string, unknown> = {}): Params {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function quoted(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

function gbkQuoted(text: string): string {
  const bytes = [...encodeGbk(text)];
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
