import type { Driven } from './closed-loop.js';
import type { Target } from './fleet.js';
import type { Ground, Outcomes } from './ground.js';
import { type Program, type Workload, writesOrders } from './variants.js';

const WARM_UP_BUYERS = 5000;
/** A run is long enough for every client to order a few times, and for a median. */
const ROUNDS_MIN = 3;
const ORDERS_MIN = 100;
const LATE = 5;

/** Buyers that the longest run can use, warm-up included; no more than the shop remembers tokens of. */
export const BUYERS = 24_000;

/** One cell of the table, measured once. */
export interface Measured {
  readonly ordersPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly apiCpuUsPerOrder: number;
  /** NaN where the system does not tell it. */
  readonly dbCpuUsPerOrder: number;
  readonly loadCpuUsPerOrder: number;
  readonly statementsPerOrder: number;
  readonly fsyncsPerOrder: number;
  /** Requests that were answered 503. */
  readonly refused: number;
  /** The most memory one API process has had so far. */
  readonly peakMb: number;
}

export interface Cell {
  readonly workload: Workload;
  readonly clients: number;
  /** How long the target works before it is measured, at most: the others had the machine meanwhile. */
  readonly warmUpMs: number;
  /** How long the measured run should take, about. */
  readonly runSeconds: number;
}

/**
 * Warms the target up, measures one run, and looks at every row it has left. The number of orders
 * follows from the speed of the warm-up, and nothing is in flight when counting begins and ends, so
 * what is counted belongs to exactly these orders. Throws when anything is wrong.
 */
export async function measure(
  ground: Ground,
  target: Target,
  { workload, clients, warmUpMs, runSeconds }: Cell,
): Promise<Measured> {
  const writes = writesOrders(target.program);
  const carts = async (from: number, count: number) => {
    if (writes) {
      await ground.fillCarts(workload, from, count);
    }
  };
  await ground.reset();
  await carts(0, WARM_UP_BUYERS);
  const warmUp = await target.drive({
    clients,
    from: 0,
    count: WARM_UP_BUYERS,
    limitMs: warmUpMs,
  });
  const wanted = Math.max(
    (warmUp.jobs / warmUp.seconds) * runSeconds,
    ROUNDS_MIN * clients,
    ORDERS_MIN,
  );
  const count = Math.min(Math.ceil(wanted), BUYERS - WARM_UP_BUYERS);
  await carts(WARM_UP_BUYERS, count);

  const before = await ground.counters();
  await target.begin();
  const run = await target.drive({
    clients,
    from: WARM_UP_BUYERS,
    count,
    limitMs: LATE * runSeconds * 1000,
  });
  const { apiCpuUs, loadCpuUs, peakMb } = await target.end();
  const after = await ground.counters();

  const all = outcomes(target.program, [warmUp, run]);
  await (writes
    ? ground.check(workload, WARM_UP_BUYERS + count, all)
    : ground.check(workload, 0, { placed: 0, refused: 0 }));
  const { placed, refused } = outcomes(target.program, [run]);
  return {
    ordersPerS: placed / run.seconds,
    p50Ms: run.p50Ms,
    p99Ms: run.p99Ms,
    apiCpuUsPerOrder: apiCpuUs / placed,
    dbCpuUsPerOrder: (after.cpuUs - before.cpuUs) / placed,
    loadCpuUsPerOrder: loadCpuUs / placed,
    statementsPerOrder: ground.statementsBetween(before, after) / placed,
    fsyncsPerOrder: (after.fsyncs - before.fsyncs) / placed,
    refused,
    peakMb,
  };
}

/** 201 and 202 are orders, 503 is an honest refusal, and anything else is a fault. */
function outcomes(program: Program, runs: readonly Driven[]): Outcomes {
  const count = (status: number) =>
    runs.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0);
  const placed = count(201) + count(202);
  const refused = count(503);
  if (placed + refused !== runs.reduce((sum, { jobs }) => sum + jobs, 0)) {
    const said = runs.map(({ statuses }) => JSON.stringify(statuses)).join(' ');
    throw new Error(`${program}: answers by status, warm-up and run: ${said}`);
  }
  return { placed, refused };
}
