/** So often what differs is timed again; what chance has made is then outweighed. */
const COMPARISONS_MAX = 5;

/** What two ways took, each as the median of all its tries in milliseconds. */
export interface Comparison {
  readonly a: number;
  readonly b: number;
  /** Tries of each. */
  readonly tries: number;
  /** Where the two do not differ by more than the factor. */
  readonly alike: boolean;
}

/**
 * Compares how long two things take, `tries` times each and in turns. A difference that lies in them
 * is there every time; one that chance has made is not, so while they differ as many tries are made
 * again. All tries of both count, those of the first comparison too.
 */
export async function compareTimes(
  tries: number,
  factor: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<Comparison> {
  const times: [number[], number[]] = [[], []];
  for (let comparison = 1; ; comparison += 1) {
    for (let i = 0; i < tries; i += 1) {
      // Each is the earlier one every other time, since what is done may cost the next.
      const turns = [() => timeOf(first, times[0]), () => timeOf(second, times[1])];
      for (const turn of i % 2 === 0 ? turns : turns.toReversed()) {
        await turn();
      }
    }
    const [a, b] = [median(times[0]), median(times[1])];
    const alike = a / b < factor && b / a < factor;
    if (alike || comparison === COMPARISONS_MAX) {
      return { a, b, tries: comparison * tries, alike };
    }
  }
}

async function timeOf(way: () => Promise<unknown>, times: number[]): Promise<void> {
  const since = performance.now();
  await way();
  times.push(performance.now() - since);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
