/**
 * What a JSON answer has to look like: exactly these members with exactly these types. A function is
 * a type, an object its members, `[shape]` a list with at least one element, `[]` an empty list, and
 * anything else the value itself.
 */
export type Shape =
  | ((value: unknown) => string | undefined)
  | { readonly [member: string]: Shape }
  | readonly Shape[]
  | string
  | number
  | boolean
  | null;

const matching =
  (what: string, isRight: (value: unknown) => boolean) =>
  (value: unknown): string | undefined =>
    isRight(value) ? undefined : `is ${JSON.stringify(value)}, not ${what}`;

const textLike = (what: string, pattern: RegExp) =>
  matching(what, (value) => typeof value === 'string' && pattern.test(value));

/** A JSON number that is an id. */
export const id = matching('an id', (value) => Number.isSafeInteger(value) && Number(value) > 0);
/** A JSON number that counts something. */
export const count = matching(
  'a count',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const bool = matching('a boolean', (value) => typeof value === 'boolean');
export const text = matching('a text', (value) => typeof value === 'string');
/** Yuan with two decimals, as a string. */
export const money = textLike('yuan with two decimals', /^(0|[1-9]\d*)\.\d\d$/);
/** An order id: a string of digits, since it is larger than the largest exact number. */
export const orderId = matching(
  'a long string of digits',
  (value) =>
    typeof value === 'string' &&
    /^[1-9]\d+$/.test(value) &&
    BigInt(value) > BigInt(Number.MAX_SAFE_INTEGER),
);
/** `YYYY-MM-DD HH:MM:SS`. */
export const time = textLike('a time', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
export const url = matching(
  'an absolute URL',
  (value) => typeof value === 'string' && URL.canParse(value),
);
/** A token of three parts. */
export const token = textLike('a token', /^[\w-]+\.[\w-]+\.[\w-]+$/);

export const either =
  (...shapes: readonly Shape[]) =>
  (value: unknown): string | undefined =>
    shapes.some((shape) => problemsOf(value, shape).length === 0)
      ? undefined
      : `is ${JSON.stringify(value)}, none of what it may be`;

/** One page of a list: `page([shape])`, or `page([])` for one with nothing on it. */
export const page = (results: readonly Shape[]): Shape => ({
  count,
  next: either(url, null),
  previous: either(url, null),
  results,
});

/** Everything in which the value differs from the shape, each with where it is. Empty is good. */
export function problemsOf(value: unknown, shape: Shape, where = '$'): string[] {
  if (typeof shape === 'function') {
    const problem = shape(value);
    return problem === undefined ? [] : [`${where} ${problem}`];
  }
  if (isList(shape)) {
    return listProblems(value, shape, where);
  }
  if (typeof shape === 'object' && shape !== null) {
    return memberProblems(value, shape, where);
  }
  return value === shape
    ? []
    : [`${where} is ${JSON.stringify(value)}, not ${JSON.stringify(shape)}`];
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

function listProblems(value: unknown, [of]: readonly Shape[], where: string): string[] {
  if (!Array.isArray(value)) {
    return [`${where} is ${JSON.stringify(value)}, not a list`];
  }
  if (of === undefined || value.length === 0) {
    const expected = of === undefined ? 0 : 1;
    return value.length === expected ? [] : [`${where} has ${value.length} elements`];
  }
  return value.flatMap((element, i) => problemsOf(element, of, `${where}[${i}]`));
}

function memberProblems(
  value: unknown,
  shape: { readonly [member: string]: Shape },
  where: string,
): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${where} is ${JSON.stringify(value)}, not an object`];
  }
  const members = value as Record<string, unknown>;
  const extra = Object.keys(members).filter((name) => !(name in shape));
  return [
    ...extra.map((name) => `${where}.${name} is not in the contract`),
    ...Object.entries(shape).flatMap(([name, of]) =>
      name in members
        ? problemsOf(members[name], of, `${where}.${name}`)
        : [`${where}.${name} is missing`],
    ),
  ];
}
