/**
 * Goal: the pure rules hold for every input, not only for the examples of the other files.
 * Method: fast-check properties, and tables where the rule is a table.
 */
import { crc32 } from 'node:zlib';
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import {
  expiryOfTimeout,
  formatBeijing,
  parseBeijing,
  startOfBeijingDay,
} from '../../src/alipay-sandbox/rules/beijing-time.js';
import { billPeriod } from '../../src/alipay-sandbox/rules/bill.js';
import { BizError } from '../../src/alipay-sandbox/rules/errors.js';
import { encodeGbk } from '../../src/alipay-sandbox/rules/gbk.js';
import { parseYuan, yuan } from '../../src/alipay-sandbox/rules/money.js';
import { nextAttemptMs, readPolicy } from '../../src/alipay-sandbox/rules/notify-policy.js';
import { readOrder } from '../../src/alipay-sandbox/rules/order-request.js';
import { decideRefund } from '../../src/alipay-sandbox/rules/refund.js';
import { noticeSignText, requestSignText } from '../../src/alipay-sandbox/rules/signing.js';
import {
  afterDeadline,
  canBecome,
  refundedFen,
  type Trade,
  type TradeStatus,
} from '../../src/alipay-sandbox/rules/trade.js';
import { packZip } from '../../src/alipay-sandbox/rules/zip.js';
import { html } from '../../src/alipay-sandbox/web/html.js';

const NOW_MS = Date.parse('2026-11-22T16:30:00Z');
const STATUSES: TradeStatus[] = [
  'WAIT_BUYER_PAY',
  'TRADE_SUCCESS',
  'TRADE_CLOSED',
  'TRADE_FINISHED',
];

function trade(change: Partial<Trade> = {}): Trade {
  const order = {
    product: 'page' as const,
    outTradeNo: 'o',
    totalFen: 1000,
    subject: 's',
    expiresMs: NOW_MS,
  };
  const base = { id: 't', order, buyerId: 'b', createdMs: NOW_MS, paidMs: NOW_MS, refunds: [] };
  return { ...base, status: 'TRADE_SUCCESS', ...change };
}

describe('time', () => {
  it('is written in Beijing time and read back, whatever the zone of this process', () => {
    expect(formatBeijing(NOW_MS)).toBe('2026-11-23 00:30:00');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseBeijing(formatBeijing(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it.each(['2026-02-30 00:00:00', '2026-1-1 00:00:00', '2026-01-01T00:00:00', '', 'x'])(
    'refuses %s',
    (text) => expect(parseBeijing(text)).toBeUndefined(),
  );

  it('runs out after a timeout_express, and 1c means the end of the Beijing day', () => {
    expect(expiryOfTimeout('90m', NOW_MS)).toBe(NOW_MS + 90 * 60_000);
    expect(expiryOfTimeout('15d', NOW_MS)).toBe(NOW_MS + 15 * 86_400_000);
    expect(expiryOfTimeout('1c', NOW_MS)).toBe(Date.parse('2026-11-23T16:00:00Z'));
    expect(startOfBeijingDay(NOW_MS)).toBe(Date.parse('2026-11-22T16:00:00Z'));
    for (const text of ['16d', '0m', '1.5h', '2c', '1s', '']) {
      expect(expiryOfTimeout(text, NOW_MS)).toBeUndefined();
    }
  });

  it('of a bill is a Beijing day or month', () => {
    const day = billPeriod('2026-11-22');
    expect(day?.fromMs).toBe(Date.parse('2026-11-21T16:00:00Z'));
    expect(day?.toMs).toBe(Date.parse('2026-11-22T16:00:00Z'));
    const month = billPeriod('2026-02');
    expect((month?.toMs ?? 0) - (month?.fromMs ?? 0)).toBe(28 * 86_400_000);
    expect(billPeriod('2026-12')?.toMs).toBe(Date.parse('2026-12-31T16:00:00Z'));
    for (const text of ['2026-13', '2026-02-30', 'today', '']) {
      expect(billPeriod(text)).toBeUndefined();
    }
  });
});

describe('money', () => {
  it('is written and read back without loss', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000_000), (fen) => {
        expect(yuan(fen)).toMatch(/^\d+\.\d{2}$/);
        expect(parseYuan(yuan(fen))).toBe(fen);
      }),
    );
    expect(yuan(-5)).toBe('-0.05');
  });

  it.each([
    '1.005',
    '-1',
    '1e3',
    ' 1',
    '1,000.00',
    '.5',
    '',
    '０.01',
    undefined,
    null,
    [],
    ['5'],
    {},
  ])('refuses %s', (value) => expect(parseYuan(value)).toBeUndefined());
});

describe('states', () => {
  it('never leave the end, and only time or a refund leads out of success', () => {
    const steps = STATUSES.flatMap((from) =>
      STATUSES.filter((to) => canBecome(from, to)).map((to) => `${from} ${to}`),
    );
    expect(steps).toEqual([
      'WAIT_BUYER_PAY TRADE_SUCCESS',
      'WAIT_BUYER_PAY TRADE_CLOSED',
      'TRADE_SUCCESS TRADE_CLOSED',
      'TRADE_SUCCESS TRADE_FINISHED',
    ]);
  });

  it('change at the deadline exactly, and not a millisecond before', () => {
    const waiting = trade({ status: 'WAIT_BUYER_PAY', paidMs: undefined });
    expect(afterDeadline(waiting, NOW_MS - 1)).toBe(waiting);
    expect(afterDeadline(waiting, NOW_MS)).toMatchObject({ status: 'TRADE_CLOSED' });
    const inNinetyDays = NOW_MS + 90 * 86_400_000;
    expect(afterDeadline(trade(), inNinetyDays - 1).status).toBe('TRADE_SUCCESS');
    expect(afterDeadline(trade(), inNinetyDays).status).toBe('TRADE_FINISHED');
  });
});

describe('refunds', () => {
  it('never sum up to more than was paid, and close the trade exactly when all is back', () => {
    const wishes = fc.array(
      fc.record({
        amountFen: fc.integer({ min: 0, max: 700 }),
        outRequestNo: fc.constantFrom('a', 'b', 'c', 'd'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(wishes, (requests) => {
        let current = trade();
        let movedFen = 0;
        for (const request of requests) {
          try {
            const outcome = decideRefund(current, request, NOW_MS);
            if (outcome.fundChange) movedFen += request.amountFen;
            current = outcome.trade;
          } catch (error) {
            expect(error).toBeInstanceOf(BizError);
          }
        }
        expect(refundedFen(current)).toBe(movedFen);
        expect(movedFen).toBeLessThanOrEqual(1000);
        expect(current.status === 'TRADE_CLOSED').toBe(movedFen === 1000);
      }),
    );
  });
});

describe('orders', () => {
  const good = {
    out_trade_no: '2026-11_a',
    total_amount: '0.01',
    subject: 's',
    product_code: 'FAST_INSTANT_TRADE_PAY',
  };

  it.each([
    [{ out_trade_no: 'a b' }, 'out_trade_no'],
    [{ out_trade_no: 'x'.repeat(65) }, 'out_trade_no'],
    [{ out_trade_no: undefined }, 'out_trade_no'],
    [{ total_amount: '0.00' }, 'total_amount'],
    [{ total_amount: '100000000.01' }, 'total_amount'],
    [{ subject: '' }, 'subject'],
    [{ subject: 'x'.repeat(257) }, 'subject'],
    [{ product_code: 'QUICK_WAP_WAY' }, 'product_code'],
    [{ time_expire: '2026-11-22' }, 'time_expire'],
    [{ timeout_express: '20d' }, 'timeout_express'],
  ])('are refused for %o with the name of the field', (change, name) => {
    expect(() => readOrder('page', { ...good, ...change }, {}, NOW_MS)).toThrow(name);
  });

  it('take 256 characters, emoji and the largest amount; time_expire wins over a timeout', () => {
    const order = readOrder(
      'page',
      {
        ...good,
        subject: '🎁'.repeat(256),
        total_amount: '100000000.00',
        time_expire: '2026-11-23 00:31:00',
        timeout_express: '15d',
      },
      {},
      NOW_MS,
    );
    expect(order).toMatchObject({ totalFen: 10_000_000_000, expiresMs: NOW_MS + 60_000 });
  });

  it.each(['javascript:alert(1)', 'shop', 'ftp://shop.example/'])(
    'refuse %s as an address to send the buyer to',
    (returnUrl) => {
      expect(() => readOrder('page', good, { returnUrl }, NOW_MS)).toThrow('return_url');
    },
  );
});

describe('signing texts', () => {
  it('sort by name; a request drops empty values and keeps sign_type, a notice not', () => {
    const params = { b: '2', sign: 's', sign_type: 'RSA2', a: '1', empty: '' };
    expect(requestSignText(params)).toBe('a=1&b=2&sign_type=RSA2');
    expect(noticeSignText(params)).toBe('a=1&b=2&empty=');
  });
});

describe('notifications', () => {
  it('are tried eight times', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => nextAttemptMs(attempts, 0));
    expect(waits.slice(0, 7).every((wait) => wait !== undefined)).toBe(true);
    expect(waits[7]).toBeUndefined();
  });

  it('policies are read strictly', () => {
    expect(readPolicy({ page: ['TRADE_CLOSED'] })).toMatchObject({ page: ['TRADE_CLOSED'] });
    const wrong: unknown[] = [
      'none',
      { page: ['PAID'] },
      { web: [] },
      { page: 1 },
      7,
      null,
      { toString: [] },
    ];
    for (const wish of wrong) expect(readPolicy(wish)).toBeUndefined();
  });
});

describe('formats', () => {
  it('GBK is read back by Node, and what it lacks becomes ?', () => {
    const text = '支付宝业务明细（元） abc,123\r\n';
    expect(new TextDecoder('gbk').decode(encodeGbk(text))).toBe(text);
    expect(encodeGbk('a🎁b').toString('latin1')).toBe('a?b');
  });

  it('a zip entry states the size and the checksum of its content', () => {
    const data = Buffer.from('明细'.repeat(100));
    const zip = packZip([{ name: Buffer.from('a.csv'), data }]);
    expect(zip.readUInt32LE(0)).toBe(0x04034b50);
    expect(zip.readUInt32LE(14)).toBe(crc32(data));
    expect(zip.readUInt32LE(22)).toBe(data.length);
    expect(zip.subarray(30, 35).toString()).toBe('a.csv');
  });

  it('HTML escapes every value that is not HTML itself', () => {
    const evil = `<script>"'&`;
    expect(html`<p title="${evil}">${evil}${html`<b>${1}</b>`}${false}${undefined}</p>`.text).toBe(
      '<p title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;<b>1</b></p>',
    );
  });
});
