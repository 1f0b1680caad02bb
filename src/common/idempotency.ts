import { hash } from 'node:crypto';
import { ShopError } from './errors.js';
import { bilingual } from './language.js';

/** Visible ASCII, so that a key is the same bytes for everybody. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** How the document describes the header; what the key is good for is each route's to say. */
export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: KEY.source },
} as const;

/** The value of an Idempotency-Key header. Throws VALIDATION_FAILED for one that cannot be kept. */
export function checkedKey(key: string | undefined): string | undefined {
  if (key !== undefined && !KEY.test(key)) {
    const message = bilingual(
      '幂等键须为 1 至 255 个可见字符',
      '1 to 255 visible ASCII characters',
    );
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'Idempotency-Key', message }] });
  }
  return key;
}

/** What a request asks for, as 64 hex digits: the same key with another hash is refused. */
export function requestHash(...parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}
