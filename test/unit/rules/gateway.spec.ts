/** What a message of the gateway has to be to be believed, and what its answers decide. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as codes from '../../../src/payment/gateway/alipay-codes.js';
import { asSignedFields, genuine, publicKeyOf } from '../../../src/payment/gateway/signature.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const signed = (text: string, algorithm = 'RSA-SHA256') =>
  createSign(algorithm).update(text, 'utf8').sign(privateKey, 'base64');

describe('the public key', () => {
  it('is read from PEM, from PEM with escaped line ends, and from bare base64 with blanks around it', () => {
    const bare = pem.split('\n').slice(1, -2).join('');
    for (const text of [pem, pem.replaceAll('\n', '\\n'), bare, ` ${bare}\n`]) {
      expect(publicKeyOf(text).equals(publicKey)).toBe(true);
    }
    expect(() => publicKeyOf('nonsense')).toThrow();
  });
});

describe('the fields of a message', () => {
  it('are those of an object whose values are all single strings', () => {
    expect(asSignedFields({ a: '1', b: '' })).toEqual({ a: '1', b: '' });
  });

  it.each([
    [{ a: '1', b: ['2'] }],
    [{ a: 1 }],
    [{ a: undefined }],
    [{}],
    [[]],
    [['a']],
    ['a=1'],
    [null],
    [undefined],
    [() => 'a'],
  ])('are none for %j', (body) => {
    expect(asSignedFields(body)).toBeUndefined();
  });
});

describe('a message', () => {
  const content = { total_amount: '1.00', app_id: '9', subject: '美多 & 商城=1', empty: '' };
  const text = 'app_id=9&empty=&subject=美多 & 商城=1&total_amount=1.00';
  const message = { ...content, sign: signed(text), sign_type: 'RSA2' };

  it('is genuine when its fields, sorted, without sign and sign_type, are what was signed', () => {
    expect(genuine(message, publicKey)).toBe(true);
  });

  it('is not when a field was changed, added, dropped or renamed', () => {
    const { subject, ...dropped } = message;
    const forged = [
      { ...message, total_amount: '2.00' },
      { ...message, more: '' },
      dropped,
      { ...dropped, subjects: subject },
    ];
    expect(forged.map((one) => genuine(one, publicKey))).toEqual([false, false, false, false]);
  });

  it('is not without a signature, with nonsense for one, or with another’s', () => {
    const { sign, ...unsigned } = message;
    const forged = ['', 'x', sign.slice(4), signed(`${text}&`)].map((one) => ({
      ...message,
      sign: one,
    }));
    expect([unsigned, ...forged].map((one) => genuine(one, publicKey))).toEqual(
      Array(5).fill(false),
    );
  });

  it('is not when its signature is written in another way that reads as the same bytes', () => {
    const { sign } = message;
    const lookalike = String.fromCharCode(sign.charCodeAt(0) + 0x2400);
    const same = [
      sign.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      `${sign.slice(0, 76)}\n${sign.slice(76)}`,
      `${sign} `,
    ];
    const bytes = Buffer.from(sign, 'base64');
    expect(same.map((one) => Buffer.from(one, 'base64').equals(bytes))).toEqual(
      Array(3).fill(true),
    );
    // Node.js 20 reads this one as the same bytes too.
    const written = [...same, `${lookalike}${sign.slice(1)}`];
    expect(written.map((one) => genuine({ ...message, sign: one }, publicKey))).toEqual(
      Array(4).fill(false),
    );
  });

  it('is not when it names another kind of signature or none, even signed with that kind', () => {
    const { sign_type, ...untyped } = message;
    void sign_type;
    const forged = [
      untyped,
      { ...message, sign_type: 'RSA' },
      { ...message, sign: signed(text, 'RSA-SHA1'), sign_type: 'RSA' },
      { ...message, sign: signed(text, 'RSA-SHA1') },
    ];
    expect(forged.map((one) => genuine(one, publicKey))).toEqual(Array(4).fill(false));
  });

  it('is not, instead of a fault, when its key cannot verify at all', () => {
    const { publicKey: other } = generateKeyPairSync('x25519');
    expect(genuine(message, other)).toBe(false);
  });
});

describe('an answer of the gateway', () => {
  const { isNotFound, isNotClosable, isNotPayable, isSellerPoor, isNeverRefunded, isNoBill } =
    codes;
  /** By Alipay's documentation of query, close, precreate, refund and bill download. */
  const meanings = [
    ['isNotFound', isNotFound, ['ACQ.TRADE_NOT_EXIST']],
    [
      'isNotClosable',
      isNotClosable,
      ['ACQ.TRADE_STATUS_ERROR', 'ACQ.REASON_TRADE_STATUS_INVALID', 'ACQ.REASON_ILLEGAL_STATUS'],
    ],
    [
      'isNotPayable',
      isNotPayable,
      ['ACQ.TRADE_HAS_SUCCESS', 'ACQ.TRADE_HAS_CLOSE', 'ACQ.TRADE_HAS_FINISHED'],
    ],
    ['isSellerPoor', isSellerPoor, ['ACQ.SELLER_BALANCE_NOT_ENOUGH']],
    [
      'isNeverRefunded',
      isNeverRefunded,
      [
        'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
        'ACQ.REASON_TRADE_REFUND_FEE_ERR',
        'ACQ.DISCORDANT_REPEAT_REQUEST',
        'ACQ.TRADE_HAS_FINISHED',
        'ACQ.TRADE_HAS_CLOSE',
        'ACQ.TRADE_NOT_ALLOW_REFUND',
        'ACQ.NOT_ALLOW_PARTIAL_REFUND',
      ],
    ],
    ['isNoBill', isNoBill, ['isp.bill_not_exist', 'BILL_NOT_EXIST']],
  ] as const;
  const all = [
    ...new Set(meanings.flatMap(([, , named]): readonly string[] => named)),
    'ACQ.SYSTEM_ERROR',
    '',
  ];

  it.each(meanings)(
    'decides by the codes that are named for it and by no other: %s',
    (_, is, named) => {
      const taken = all.filter((sub_code) => is({ code: '40004', sub_code }));
      expect(new Set(taken)).toEqual(new Set<string>(named));
    },
  );

  it('decides nothing unless the method itself failed: no code, another code, or success', () => {
    for (const [, is, [sub_code]] of meanings) {
      expect(is({ code: '40004' })).toBe(false);
      expect(is({ code: '20000', sub_code })).toBe(false);
      expect(is({ code: codes.OK, sub_code })).toBe(false);
    }
    expect(codes.OK).toBe('10000');
  });
});
