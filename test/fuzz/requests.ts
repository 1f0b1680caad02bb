import fc from '../kit/fast-check.js';
import {
  CONTENT_TYPES,
  EVIL_BODIES,
  EVIL_BYTES,
  EVIL_JSON,
  EVIL_TEXTS,
  ODD_HEADERS,
} from './corpus.js';
import type { Operation, Schema } from './document.js';
import type { Sent } from './wire.js';

/** Values that exist in the shop, so that some requests get past the checks of form. */
export type Known = Readonly<Record<string, readonly (string | number)[]>>;

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...EVIL_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 600 }) },
);
const edge = fc.oneof(
  fc.constantFrom(0, -1, 1, 999, 1000, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1.5, -1e9, 1e21),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON in a body, written as it is sent. */
const wrong = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...EVIL_JSON) },
  { weight: 3, arbitrary: text.map((one) => JSON.stringify(one)) },
  { weight: 2, arbitrary: edge.map(String) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

function right(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const values = known[name] ?? schema.enum ?? [schema.example ?? 1];
  return fc.constantFrom(...values);
}

/** A body with the members of the route, some of them wrong, missing, doubled or strange. */
function members(body: Readonly<Record<string, Schema>>, known: Known): fc.Arbitrary<string> {
  const member = Object.entries(body).map(([name, schema]) =>
    fc
      .tuple(
        fc.oneof(
          { weight: 5, arbitrary: right(name, schema, known).map((one) => JSON.stringify(one)) },
          { weight: 2, arbitrary: wrong },
        ),
        fc.constantFrom(...Array<number>(12).fill(1), 0, 2),
      )
      .map(([value, times]) => Array<string>(times).fill(`${JSON.stringify(name)}:${value}`)),
  );
  const strange = fc.constantFrom<string[]>(
    ...Array.from({ length: 8 }, (): string[] => []),
    ['"__proto__":{"polluted":true}'],
    ['"constructor":{"prototype":{"polluted":true}}'],
    ['"role":"admin"', '"user_id":1'],
  );
  return fc.tuple(...member, strange).map((parts) => `{${parts.flat().join(',')}}`);
}

interface Segment {
  readonly text: string;
  readonly astray: boolean;
  /** Neither a value the shop has nor a number, which may be the id of what it has not. */
  readonly isOdd: boolean;
}

function segment(name: string, schema: Schema, known: Known): fc.Arbitrary<Segment> {
  return fc.oneof(
    {
      weight: 4,
      arbitrary: right(name, schema, known).map((one) => ({ ...plain(String(one)), isOdd: false })),
    },
    { weight: 3, arbitrary: text.map((one) => plain(one.slice(0, URL_TEXT_MAX))) },
    { weight: 1, arbitrary: edge.map((one) => plain(String(one))) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(...EVIL_BYTES)
        .map((raw) => ({ text: raw, astray: true, isOdd: true })),
    },
  );
}

/** The server reads heads of up to 16 KB; what is longer is tried over bare sockets. */
const URL_TEXT_MAX = 600;
const HALF_A_PAIR = /\p{Surrogate}/u;

/** Half a surrogate pair has no UTF-8; its bytes are sent all the same. */
function plain(value: string): Segment {
  const encoded = encodeURIComponent(value.replace(new RegExp(HALF_A_PAIR, 'gu'), '\uFFFD'));
  const whole = !HALF_A_PAIR.test(value);
  // An empty segment or one of dots is another path.
  return {
    text: whole ? encoded : `${encoded}%ED%A0%80`,
    astray: !whole || /^\.{0,2}$/.test(value),
    isOdd: !/^[1-9]\d*$/.test(value),
  };
}

function pathOf(operation: Operation, known: Known): fc.Arbitrary<Segment> {
  const inPath = operation.parameters.filter((one) => one.in === 'path');
  const ids = operation.path.startsWith('/orders') || operation.path.startsWith('/admin/orders');
  const values = inPath.map(({ name, schema }) =>
    segment(ids && name === 'id' ? 'order_id' : pathName(operation, name), schema, known),
  );
  return fc.tuple(...values).map((segments) => ({
    text: operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const at = inPath.findIndex((one) => one.name === name);
      return segments[at]?.text ?? '';
    }),
    astray: segments.some((one) => one.astray),
    isOdd: segments.some((one) => one.isOdd),
  }));
}

/** `id` of `/addresses/{id}/` is an address, of `/skus/{id}/` a product. */
function pathName({ path }: Operation, name: string): string {
  const owner = /\/(\w+)\/\{/.exec(path)?.[1] ?? '';
  return name === 'id' ? `${owner}.id` : name;
}

function queryOf(operation: Operation, known: Known): fc.Arbitrary<string> {
  const inQuery = operation.parameters.filter((one) => one.in === 'query');
  const pairs = inQuery.map(({ name, schema }) =>
    fc
      .tuple(
        segment(name, schema, known),
        fc.constantFrom('=', '=', '=', '=', '[]=', '[__proto__]='),
        fc.constantFrom(0, 1, 1, 1, 2),
      )
      .map(([value, join, times]) => Array<string>(times).fill(`${name}${join}${value.text}`)),
  );
  const more = fc.constantFrom<string[]>(
    ...Array.from({ length: 8 }, (): string[] => []),
    ['__proto__[polluted]=1', 'constructor.prototype.polluted=1'],
    Array<string>(300).fill('a=1'),
    ['&&==&'],
  );
  return fc.tuple(...pairs, more).map((parts) => {
    const query = parts.flat().join('&');
    return query === '' ? '' : `?${query}`;
  });
}

/** Any request to a route, from nearly right to plainly mad. */
export function requestTo(
  operation: Operation,
  known: Known,
  token: string | undefined,
): fc.Arbitrary<Sent> {
  const made = members(operation.body ?? {}, known).map((body) => ({
    type: CONTENT_TYPES[0],
    body,
  }));
  const mad = fc.record({
    type: fc.constantFrom(...CONTENT_TYPES, undefined),
    body: fc.oneof(fc.constantFrom(...EVIL_BODIES), wrong),
  });
  const nothing = fc.constant({ type: undefined, body: undefined });
  const body = operation.body
    ? fc.oneof({ weight: 8, arbitrary: made }, { weight: 2, arbitrary: mad }, nothing)
    : fc.oneof({ weight: 8, arbitrary: nothing }, mad);
  const odd = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.array(fc.constantFrom(...ODD_HEADERS), { maxLength: 3 }),
  );
  const key = fc.option(fc.nat(500), { freq: 3 });
  return fc
    .tuple(pathOf(operation, known), queryOf(operation, known), body, odd, key)
    .map(([path, query, { type, body: sent }, strange, number]) => ({
      method: operation.method,
      path: `${path.text}${query}`,
      astray: path.astray,
      isAddressOdd: path.isOdd,
      headers: [
        ...(token === undefined ? [] : ([['Authorization', `Bearer ${token}`]] as const)),
        ...(type === undefined ? [] : ([['Content-Type', type]] as const)),
        ...(number === null ? [] : ([['Idempotency-Key', `fuzz-${number}`]] as const)),
        ...strange,
      ],
      body: sent,
    }));
}
