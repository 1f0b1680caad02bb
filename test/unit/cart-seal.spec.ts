/** The cookie's text: what goes in comes out, and nothing else ever comes out. */
import { createHmac } from 'node:crypto';
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import type { Line, Lines } from '../../src/cart/cart.js';
import { LINE_COUNT_MAX, LINES_MAX } from '../../src/cart/cart-limits.js';
import { cartKey, COOKIE_BYTES_MAX, openCart, sealCart } from '../../src/cart/cart-seal.js';
import { ROW_ID_MAX } from '../../src/common/ids.pipe.js';

const KEY = cartKey('one secret of thirty-two characters');
const OTHER_KEY = cartKey('another secret of many characters..');

const line = fc.record({
  count: fc.integer({ min: 1, max: LINE_COUNT_MAX }),
  selected: fc.boolean(),
});
const skuId = fc.integer({ min: 1, max: ROW_ID_MAX });
const cart = (minLength: number): fc.Arbitrary<Lines> =>
  fc
    .uniqueArray(fc.tuple(skuId, line), {
      minLength,
      maxLength: LINES_MAX,
      selector: ([id]) => id,
    })
    .map((lines) => new Map(lines));

const characters = fc.constantFrom(
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %,~"é\u0000',
);

describe('the cookie of a cart', () => {
  it('gives back every cart, in the order of its lines', () => {
    fc.assert(
      fc.property(cart(0), (lines) => {
        expect([...openCart(sealCart(lines, KEY), KEY)]).toEqual([...lines]);
      }),
    );
  });

  it('is an empty cart after the change of any one character', () => {
    fc.assert(
      fc.property(cart(1), fc.nat(), characters, (lines, at, character) => {
        const text = sealCart(lines, KEY);
        const i = at % text.length;
        fc.pre(text[i] !== character);
        const changed = `${text.slice(0, i)}${character}${text.slice(i + 1)}`;
        expect(openCart(changed, KEY).size).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('is an empty cart after each change of its last character, spare bits included', () => {
    const text = sealCart(new Map([[3, { count: 1, selected: true }]]), KEY);
    const opened = [...'AEIMQUYcgkosw048BFJNRVZdhlptx159CGKOSWaeimquy26-DHLPTXbfjnrvz37_']
      .map((last) => text.slice(0, -1) + last)
      .filter((changed) => openCart(changed, KEY).size > 0);
    expect(opened).toEqual([text]);
  });

  it('is an empty cart when cut short or made longer anywhere', () => {
    const text = sealCart(new Map([[3, { count: 1, selected: true }]]), KEY);
    for (let end = 0; end < text.length; end += 1) {
      expect(openCart(text.slice(0, end), KEY).size).toBe(0);
      expect(openCart(`${text.slice(0, end)}A${text.slice(end)}`, KEY).size).toBe(0);
      expect(openCart(`${text}.${text.slice(0, end)}`, KEY).size).toBe(0);
    }
  });

  it('is an empty cart under another key, and for any text', () => {
    fc.assert(
      fc.property(cart(1), fc.string({ unit: 'binary' }), (lines, text) => {
        expect(openCart(sealCart(lines, OTHER_KEY), KEY).size).toBe(0);
        expect(openCart(text, KEY).size).toBe(0);
      }),
    );
  });

  it('fits into what browsers keep, attributes included, with the most and largest lines', () => {
    const full = Array.from({ length: LINES_MAX }, (_, i): [number, Line] => [
      ROW_ID_MAX - i,
      { count: LINE_COUNT_MAX, selected: true },
    ]);
    const text = sealCart(new Map(full), KEY);
    expect(openCart(text, KEY).size).toBe(LINES_MAX);
    const whole = `carts=${text}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax`;
    expect(whole.length).toBeLessThan(COOKIE_BYTES_MAX);
  });

  it('is an empty cart when sealed by us with lines that no cart has', () => {
    const bad: [number, Line][][] = [
      [[3, { count: 0, selected: true }]],
      [[3, { count: 1000, selected: true }]],
      [[3, { count: 1.5, selected: true }]],
      [[0, { count: 1, selected: true }]],
      [[ROW_ID_MAX + 1, { count: 1, selected: true }]],
      Array.from({ length: LINES_MAX + 1 }, (_, i) => [i + 1, { count: 1, selected: true }]),
      Array.from({ length: 1000 }, (_, i) => [i + 1, { count: 1, selected: true }]),
    ];
    expect(bad.map((lines) => openCart(sealCart(new Map(lines), KEY), KEY).size)).toEqual(
      bad.map(() => 0),
    );
  });

  /** Any text, sealed as only we can. */
  const sealed = (json: string) => {
    const payload = Buffer.from(json).toString('base64url');
    return `${payload}.${createHmac('sha256', KEY).update(payload).digest('base64url')}`;
  };

  it('is an empty cart when sealed by us in a form that no cart has', () => {
    expect(openCart(sealed('[[3,1,1]]'), KEY).size).toBe(1);
    const odd = ['{}', 'null', '[[3,1,1],[4,1]]', '[[3,1,1,1]]', '[[3,1,2]]', '[[3,1,true]]'];
    const like = '[{"0":3,"1":1,"2":1,"length":3}]';
    expect([...odd, like, '["311"]'].map((json) => openCart(sealed(json), KEY).size)).toEqual(
      Array(8).fill(0),
    );
  });

  it('is an empty cart when it is longer than browsers keep, though it is sealed by us', () => {
    const padded = (blanks: number) => sealed(`[[3,1,1]]${' '.repeat(blanks)}`);
    let blanks = 0;
    while (padded(blanks + 1).length <= COOKIE_BYTES_MAX) {
      blanks += 1;
    }
    expect(padded(blanks).length).toBe(COOKIE_BYTES_MAX);
    expect(openCart(padded(blanks), KEY).size).toBe(1);
    expect(openCart(padded(blanks + 1), KEY).size).toBe(0);
  });

  it('stays good over releases: one that was sealed before opens, by the same secret', () => {
    const before = 'W1szLDIsMV1d._bD5ZGO898ztoboCPthVTxujibQJvFJs5pAzZ_QQjXY';
    const opened = openCart(before, cartKey('one secret of thirty-two characters'));
    expect([...opened]).toEqual([[3, { count: 2, selected: true }]]);
  });
});
