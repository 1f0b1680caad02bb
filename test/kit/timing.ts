/** So many comparisons may be spoiled by what else the machine does, as long as one is not. */
const COMPARISONS_MAX = 5;

/** What two ways took, each as the median of its tries in milliseconds, in turns. */
export interface Comparison {
  readonly a: number;
  readonly b: number;
  /** Where the two do not differ by more than the factor. */
  readonly alike: boolean;
}

/**
 * Compares how long two things take, `tries` times each and in turns. A difference that lies in them
 * is there every time; one that chance has made is not, so the comparison is made again then.
 */
export async function compareTimes(
  tries: number,
  factor: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<Comparison> {
  for (let comparison = 1; ; comparison += 1) {
    const [a, b] = await mediansOf(tries, first, second);
    const alike = a / b < factor && b / a < factor;
    if (alike || comparison === COMPARISONS_MAX) {
      return { a, b, alike };
    }
  }
}

async function mediansOf(
  tries: number,
  ...ways: readonly [() => Promise<unknown>, () => Promise<unknown>]
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < tries; i += 1) {
    for (const [n, way] of ways.entries()) {
      const since = performance.now();
      await way();
      times[n]?.push(performance.now() - since);
    }
  }
  return [median(times[0]), median(times[1])];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
