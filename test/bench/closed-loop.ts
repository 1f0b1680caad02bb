/** What so many clients are to do: each job once, in order, by whoever is free. */
export interface Load {
  readonly clients: number;
  /** The first job, and how many there are. */
  readonly from: number;
  readonly count: number;
  /** No job begins after this time. */
  readonly limitMs: number;
}

export interface Driven {
  /** Jobs that were begun, all of which have ended. */
  readonly jobs: number;
  /** Jobs by the status of their answer. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * A closed loop: every client sends its next job when the answer to the last one is there. The
 * latency of every job is kept, nothing is sampled.
 */
export async function closedLoop(
  { clients, from, count, limitMs }: Load,
  send: (client: number, job: number) => Promise<number>,
): Promise<Driven> {
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  const startMs = performance.now();
  let next = from;
  const client = async (_: unknown, me: number): Promise<void> => {
    while (next < from + count && performance.now() - startMs < limitMs) {
      const job = next;
      next += 1;
      const sentMs = performance.now();
      const status = await send(me, job);
      latenciesMs.push(performance.now() - sentMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - startMs) / 1000;
  latenciesMs.sort((a, b) => a - b);
  return {
    jobs: next - from,
    statuses,
    seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

/** The smallest of the sorted values that at least this share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
