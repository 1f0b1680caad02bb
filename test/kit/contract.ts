import { expect, it } from 'vitest';
import type { Answer } from './client.js';
import { count, id, money, problemsOf, type Shape, text, url } from './shape.js';

/** A SKU, wherever the contract says SKU. */
export const SKU: Shape = { id, name: text, price: money, default_image_url: url, comments: count };

type Headers = Record<string, string>;

/** One row of the contract: what is asked, and the status and exact shape of the answer. */
export interface Row<Ground> {
  readonly row: string;
  readonly asks: (ground: Ground) => Promise<Answer<unknown>>;
  readonly status: number;
  readonly answers: Shape;
}

/** One refusal: its code, and the text in the member that the original pages read. */
export interface Refusal<Ground> {
  readonly row: string;
  /** Asked twice, in each language once; what it needs it makes anew. */
  readonly asks: (ground: Ground, headers: Headers) => Promise<Answer>;
  readonly status: number;
  readonly code: string;
  readonly member: string;
  readonly zh: string;
  readonly en: string;
}

/** A test for every row. */
export function walk<Ground>(ground: () => Ground, rows: readonly Row<Ground>[]): void {
  const titled = rows.map((row) => [`${row.row}: ${row.status}`, row] as const);
  it.each(titled)('%s', async (_, { asks, status, answers }) => {
    const answer = await asks(ground());
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    const body = answer.body === '' ? null : answer.body;
    expect(problemsOf(body, answers)).toEqual([]);
  });
}

/** A test for every refusal: one problem document, in Chinese by default and in English on demand. */
export function walkRefusals<Ground>(
  ground: () => Ground,
  refusals: readonly Refusal<Ground>[],
): void {
  const titled = refusals.map(
    (refusal) => [`${refusal.row}: ${refusal.status} ${refusal.zh}`, refusal] as const,
  );
  it.each(titled)('%s', async (_, refusal) => {
    const { asks, status, code, member } = refusal;
    for (const [headers, said] of [
      [{}, refusal.zh],
      [{ 'Accept-Language': 'en' }, refusal.en],
    ] as const) {
      const answer = await asks(ground(), headers);
      expect([answer.status, answer.body['code']], JSON.stringify(answer.body)).toEqual([
        status,
        code,
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({
        type: expect.stringMatching(/^urn:meiduo:problem:/) as string,
        title: expect.any(String) as string,
        status,
        detail: said,
        message: said,
        request_id: expect.any(String) as string,
      });
      const read = answer.body[member];
      expect(read).toEqual(['0', 'message', 'detail'].includes(member) ? said : [said]);
    }
  });
}
