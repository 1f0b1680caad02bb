/** Random choices that are the same in every run with the same seed. */
export interface Choices {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** So many different elements, in the order drawn. */
  distinct<T>(from: readonly T[], count: number): T[];
}

/** The generator mulberry32: small, fast, and good enough to spread buyers over products. */
export function randomFrom(seed: number): Choices {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    between,
    distinct: (from, count) => {
      const drawn = new Set<number>();
      while (drawn.size < Math.min(count, from.length)) {
        drawn.add(between(0, from.length - 1));
      }
      return [...drawn].map((i) => from[i] as (typeof from)[number]);
    },
  };
}
