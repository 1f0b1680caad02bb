/** Idempotency keys and what they stand for. */
import { describe, expect, it } from 'vitest';
import { ShopError } from '../../../src/common/errors.js';
import { checkedKey, requestHash } from '../../../src/common/idempotency.js';
import { keyOf } from '../../../src/orders/placement/place-order.js';

describe('an idempotency key', () => {
  it('may be left out, and may be 1 to 255 visible ASCII characters', () => {
    for (const key of [undefined, '!', '~', 'x'.repeat(255)]) {
      expect(checkedKey(key)).toBe(key);
    }
  });

  it.each(['', 'x'.repeat(256), 'a b', ' a', 'a ', 'a\n', 'é', '键', '\u007f'])(
    'may not be %j: the refusal names the header, in two languages',
    (key) => {
      let refusal: unknown;
      try {
        checkedKey(key);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(ShopError);
      expect(refusal).toMatchObject({
        code: 'VALIDATION_FAILED',
        extras: {
          fields: [
            {
              field: 'Idempotency-Key',
              message: expect.stringMatching(/255 个可见字符.*255 visible/s),
            },
          ],
        },
      });
    },
  );

  it('is another key of another user, and of no two users the same', () => {
    expect(keyOf(1, '2')).not.toBe(keyOf(2, '2'));
    expect(keyOf(1, '1')).not.toBe(keyOf(11, ''));
    expect(keyOf(1, '2 3')).not.toBe(keyOf(12, '3'));
  });
});

describe('the hash of a request', () => {
  it('is the SHA-256 of what was asked for, the same for the same', () => {
    expect(requestHash('buyer', '26', 1)).toBe(
      '94d689e11358c5d7196e43f30262fd445ae10b87989de99181c950f204b71012',
    );
    expect(requestHash('buyer', '26', 1)).toBe(requestHash('buyer', '26', 1));
  });

  it('differs where any part differs, in kind or in place', () => {
    const hashes = [['a', 'b'], ['ab'], ['b', 'a'], ['a', 1], ['a', '1'], [['a', 1]]].map((parts) =>
      requestHash(...parts),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
