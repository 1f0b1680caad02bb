import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ROW_ID_MAX } from '../common/ids.pipe.js';
import type { Line, Lines } from './cart.js';
import { LINE_COUNT_MAX, LINES_MAX } from './cart-limits.js';

/** Browsers keep no larger cookie. A full cart of the largest numbers stays well below it. */
export const COOKIE_BYTES_MAX = 4096;

/** The number goes up when the form of the cookie changes; older ones are then empty carts. */
const PURPOSE = 'meiduo-mall cart cookie 1';
const NOTHING: Lines = new Map();

/** A key for this cookie alone, so that it opens nothing else and nothing else opens it. */
export function cartKey(jwtSecret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', PURPOSE, 32));
}

/** A cart as text for a cookie: `[[sku, count, 0 or 1], …]` in base64url, a dot, its HMAC-SHA256. */
export function sealCart(lines: Lines, key: Buffer): string {
  const triples = [...lines].map(([skuId, { count, selected }]) => [
    skuId,
    count,
    Number(selected),
  ]);
  const payload = Buffer.from(JSON.stringify(triples)).toString('base64url');
  return `${payload}.${signature(payload, key)}`;
}

/** The cart of a cookie. Whatever was not sealed with this key, unchanged, is an empty cart. */
export function openCart(text: string, key: Buffer): Lines {
  const [payload = '', seal = '', ...rest] = text.split('.', 3);
  if (text.length > COOKIE_BYTES_MAX || rest.length > 0 || !same(seal, signature(payload, key))) {
    return NOTHING;
  }
  const triples = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
  if (!Array.isArray(triples) || triples.length > LINES_MAX || !triples.every(isTriple)) {
    return NOTHING;
  }
  return new Map(
    triples.map(([skuId, count, selected]): [number, Line] => [
      skuId,
      { count, selected: selected === 1 },
    ]),
  );
}

function signature(payload: string, key: Buffer): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}

/** Compares the texts, not the bytes they stand for: the last character has bits to spare. */
function same(seal: string, expected: string): boolean {
  const [a, b] = [Buffer.from(seal), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isTriple(value: unknown): value is [skuId: number, count: number, selected: number] {
  const within = (n: unknown, min: number, max: number) =>
    Number.isInteger(n) && (n as number) >= min && (n as number) <= max;
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    within(value[0], 1, ROW_ID_MAX) &&
    within(value[1], 1, LINE_COUNT_MAX) &&
    within(value[2], 0, 1)
  );
}
