/** The yardstick of the contract test: it has to find every difference, or the test proves nothing. */
import { describe, expect, it } from 'vitest';
import * as is from '../kit/shape.js';

const SHAPE = { id: is.id, price: is.money, skus: [{ name: is.text }], ok: true, none: null };
const RIGHT = { id: 3, price: '6499.00', skus: [{ name: 'a' }], ok: true, none: null };

describe('problemsOf', () => {
  it('finds nothing in what is right', () => {
    expect(is.problemsOf(RIGHT, SHAPE)).toEqual([]);
  });

  it.each<[what: string, value: unknown, where: string]>([
    ['a member too many', { ...RIGHT, user_id: 3 }, '$.user_id'],
    ['a member too few', { price: '1.00', skus: [{ name: 'a' }], ok: true, none: null }, '$.id'],
    ['an id as a string', { ...RIGHT, id: '3' }, '$.id'],
    ['money as a number', { ...RIGHT, price: 6499 }, '$.price'],
    ['money with one decimal', { ...RIGHT, price: '6499.0' }, '$.price'],
    ['an empty list', { ...RIGHT, skus: [] }, '$.skus'],
    ['an object for a list', { ...RIGHT, skus: { name: 'a' } }, '$.skus'],
    ['a wrong element', { ...RIGHT, skus: [{ name: 'a' }, { name: 1 }] }, '$.skus[1].name'],
    ['another value', { ...RIGHT, ok: 'true' }, '$.ok'],
    ['nothing instead of null', { ...RIGHT, none: undefined }, '$.none'],
    ['a list for an object', [RIGHT], '$'],
  ])('finds %s, and says where', (_, value, where) => {
    expect(is.problemsOf(value, SHAPE).map((problem) => problem.split(' ')[0])).toEqual([where]);
  });

  it.each<[shape: is.Shape, right: unknown, wrong: unknown]>([
    [is.orderId, '2611222150361230042', 2_611_222_150_361_230_000],
    [is.orderId, '2611222150361230042', '12345'],
    [is.time, '2026-11-22 21:50:36', '2026-11-22T21:50:36Z'],
    [is.url, 'http://localhost:3000/pictures/3.svg', '/pictures/3.svg'],
    [is.bool, false, 0],
    [is.count, 0, -1],
    [is.count, 0, '0'],
    [is.token, 'a.b.c', 'a.b'],
    [is.either(is.url, null), null, ''],
    [[], [], [1]],
  ])('tells right from wrong %#', (shape, right, wrong) => {
    expect(is.problemsOf(right, shape)).toEqual([]);
    expect(is.problemsOf(wrong, shape)).toHaveLength(1);
  });
});
