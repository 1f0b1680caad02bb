/** Reading a bill, and comparing it with our books. */
import { describe, expect, it } from 'vitest';
import {
  BillError,
  compare,
  type Movement,
  parseBill,
} from '../../../src/payment/bill/bill-rules.js';

const HEAD = '商户订单号,业务类型,订单金额（元）,退款批次号/请求号';
const bill = (...lines: string[]) => [HEAD, ...lines].join('\n');
const payment = (outTradeNo: string, amountFen: number): Movement => ({
  outTradeNo,
  outRequestNo: '',
  amountFen,
});
const refund = (outTradeNo: string, outRequestNo: string, amountFen: number): Movement => ({
  outTradeNo,
  outRequestNo,
  amountFen,
});

describe('a bill', () => {
  it('is read by the names of its columns, past byte order mark, comments, blanks and empty lines', () => {
    const text = [
      '\uFEFF#支付宝业务明细查询',
      '# a, comment',
      '',
      `新列, ${HEAD.replaceAll(',', ' , ')}`,
      'x,26\t, 交易 ,9.00 ,',
      '  \t',
      'x,26,退款,-2.50,26-1\t',
      '#交易合计：1笔',
    ].join('\r\n');
    expect(parseBill(text)).toEqual([payment('26', 900), refund('26', '26-1', 250)]);
    expect(parseBill(text.replaceAll('\r\n', '\n'))).toHaveLength(2);
  });

  it('begins with the names of its columns even behind a byte order mark', () => {
    expect(parseBill(`\uFEFF${bill('26,交易,9.00,')}`)).toEqual([payment('26', 900)]);
    expect(parseBill(bill())).toEqual([]);
  });

  it('has a request number for refunds only: a payment is its order’s, whatever stands there', () => {
    expect(parseBill(bill('26,交易,9.00,26-1', '26,退款,2.00,'))).toEqual([
      payment('26', 900),
      refund('26', '', 200),
    ]);
  });

  it.each([
    ['no line at all', '', 'the bill has no line of column names'],
    ['comments alone', '#a\r\n#b', 'the bill has no line of column names'],
    ...HEAD.split(',').map((column): [string, string, string] => [
      `no column ${column}`,
      HEAD.replace(column, '别的'),
      `the bill has no column ${column}`,
    ]),
  ])('cannot be understood with %s', (_, text, message) => {
    expect(() => parseBill(text)).toThrow(new BillError(message));
  });

  it.each([
    ['a comma too many', '26,交易,9.00,,'],
    ['a comma too few', '26,交易,9.00'],
    ['another kind', '26,转账,9.00,'],
    ['no kind', '26,,9.00,'],
    ['no amount', '26,交易,,'],
    ['an amount with two signs', '26,退款,--9.00,26-1'],
    ['an amount with a sign behind', '26,退款,9.00-,26-1'],
    ['no order', ',交易,9.00,'],
  ])('is refused as a whole for a line with %s, which is told', (_, line) => {
    const text = bill('25,交易,1.00,', line);
    expect(() => parseBill(text)).toThrow(
      new BillError(`a line of the bill cannot be read: ${line}`),
    );
  });
});

describe('a bill and our books', () => {
  it('agree when the same moved, and what belongs to another day may be in ours only', () => {
    const moved = [payment('1', 900), refund('1', '1-1', 200)];
    expect(compare(moved, [...moved, payment('2', 500)], moved)).toEqual([]);
  });

  it('differ by what we have not booked, by amounts, and by what was not billed', () => {
    const theirs = [payment('1', 900), payment('2', 500), refund('2', '2-1', 100)];
    const ours = [payment('2', 501), refund('2', '2-1', 100), payment('3', 700)];
    expect(compare(theirs, ours, ours)).toEqual([
      { kind: 'not_booked', outTradeNo: '1', outRequestNo: '', oursFen: null, theirsFen: 900 },
      { kind: 'amount', outTradeNo: '2', outRequestNo: '', oursFen: 501, theirsFen: 500 },
      { kind: 'not_billed', outTradeNo: '3', outRequestNo: '', oursFen: 700, theirsFen: null },
    ]);
  });

  it('tell refunds of one order, and orders with like numbers, from one another', () => {
    const ours = [refund('1', '1-1', 100), refund('1', '1-2', 100), refund('11', '-1', 100)];
    expect(compare(ours.slice(0, 1), ours, ours)).toEqual(
      ours.slice(1).map(({ outTradeNo, outRequestNo }) => ({
        kind: 'not_billed',
        outTradeNo,
        outRequestNo,
        oursFen: 100,
        theirsFen: null,
      })),
    );
  });

  it('differ when the bill names a movement twice: it has moved twice, and is told once', () => {
    const one = payment('1', 900);
    expect(compare([one, payment('2', 5), one], [one, payment('2', 5)], [one])).toEqual([
      { kind: 'amount', outTradeNo: '1', outRequestNo: '', oursFen: 900, theirsFen: 1800 },
    ]);
  });
});
