import type { Limit } from '../common/rate-limits.js';

/** One limit and its count, this request included. */
export interface State {
  readonly limit: Limit;
  readonly points: number;
  readonly resetsInMs: number;
}

/** What a caller is told of the limits of a request. */
export interface Verdict {
  readonly allowed: boolean;
  /** Of the limit that is nearest to being reached. */
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  /** All limits, `10;w=600, 100;w=600`: requests and window in seconds. */
  readonly policy: string;
}

/** The one limit that matters: of those that are passed the one that lasts longest, else the nearest. */
export function verdictOf(states: readonly State[]): Verdict {
  const passed = states.filter(({ limit, points }) => points > limit.points);
  const [worst] =
    passed.length > 0
      ? passed.toSorted((a, b) => b.resetsInMs - a.resetsInMs)
      : states.toSorted((a, b) => remaining(a) - remaining(b));
  return {
    allowed: passed.length === 0,
    limit: worst?.limit.points ?? 0,
    remaining: worst ? Math.max(remaining(worst), 0) : 0,
    resetSeconds: Math.max(1, Math.ceil((worst?.resetsInMs ?? 0) / 1000)),
    policy: states.map(({ limit }) => `${limit.points};w=${limit.seconds}`).join(', '),
  };
}

function remaining({ limit, points }: State): number {
  return limit.points - points;
}
