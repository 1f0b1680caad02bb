/**
 * The shop dies at a statement: before the database gets it, or after it has done it and before the
 * shop knows. Every statement of the transactions of five flows is such a point; there the network
 * is cut for good, and processes are killed by SIGKILL. In the moment of death the books balance,
 * and afterwards the same request comes to the one right end, at another process too.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchWorker, type Flow, FLOWS, type Run, type Worker } from '../fault/kit/flows.js';
import { type Mortal, Succession, type SuccessionOptions } from '../fault/kit/succession.js';
import { type Cut, MysqlProxy } from '../kit/mysql-proxy.js';
import { figure, FULL } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';
import { undone } from '../kit/transactions.js';
import { Bench } from '../payment/kit.js';

const HOUR_MS = 3_600_000;
const EARLY_COMMIT = new URL('seed-early-commit.mjs', import.meta.url).href;
/** The kinds of bugs on purpose; a test that found one says so here. */
const BUGS = ['no transactions', 'goods committed early', 'money of no order'] as const;
const found = new Set<(typeof BUGS)[number]>();
/** Nothing was shown then, neither that the shop is right nor that it is wrong. */
const ALIVE = 'the shop did not die';

/** The shop beside the sandbox, with its database behind a proxy. */
class Ground {
  proxy: MysqlProxy;
  readonly bench: Bench;

  constructor({ balanced }: { readonly balanced: boolean }) {
    const way = async (databaseUrl: string) => {
      const { hostname, port } = new URL(databaseUrl);
      this.proxy = await MysqlProxy.before(hostname, Number(port));
      return this.proxy.urlOf(databaseUrl);
    };
    afterAll(() => this.proxy.close());
    this.bench = new Bench({}, way, balanced);
  }
}

function flowOf(name: string): Flow {
  return FLOWS.find((flow) => flow.name === name) as Flow;
}

/** A flow from its beginning to its end, the jobs afterwards included. */
async function attempt(run: Run, by: Worker): Promise<void> {
  await run.act(by);
  await run.jobs?.(by);
}

/** What is cut: in short not the jobs afterwards, which find nothing left to do. */
const untilCut = FULL ? attempt : (run: Run, by: Worker) => run.act(by);

/** What is wrong in the moment of death: rules that are broken, or a step that was done by halves. */
async function wrongNow(bench: Bench, run: Run, flow: Flow): Promise<string[]> {
  const state = await run.state();
  const whole = [flow.start, ...(flow.between ?? []), flow.end].includes(state);
  return [...(whole ? [] : [`died as ${state}`]), ...(await violations(bench.shop.db))];
}

/** Tries again, as buyers, Alipay and the jobs do; a connection that was reset may be met once. */
async function finish(run: Run, { end }: Flow, by: Worker): Promise<string[]> {
  for (let tries = 1; tries <= 3 && (await run.state()) !== end; tries += 1) {
    await attempt(run, by).catch(() => {});
  }
  return wrongEnd(run, end);
}

async function wrongEnd(run: Run, end: string): Promise<string[]> {
  const state = await run.state();
  return state === end ? [] : [`ended as ${state}`];
}

/** Lets the shop die at the `k`th statement of a run; what was wrong then and in the end. */
async function dieAt({ proxy, bench }: Ground, flow: Flow, k: number, how: Cut): Promise<string[]> {
  const run = await flow.prepare(bench);
  const worker = benchWorker(bench);
  const cuts = proxy.cuts;
  proxy.dieAt(k, how);
  await untilCut(run, worker).catch(() => {});
  const wrong = proxy.cuts === cuts + 1 ? [] : [ALIVE];
  wrong.push(...(await wrongNow(bench, run, flow)));
  proxy.reset();
  return [...wrong, ...(await finish(run, flow, worker))];
}

/** The statements of transactions that a flow sends through a proxy when nothing goes wrong. */
async function statementsOf(
  proxy: MysqlProxy,
  flow: Flow,
  run: Run,
  act: () => Promise<unknown>,
): Promise<string[]> {
  expect(await run.state()).toBe(flow.start);
  const stop = proxy.record();
  await act();
  const statements = stop();
  expect(await run.state()).toBe(flow.end);
  return statements;
}

async function statementsOn({ proxy, bench }: Ground, flow: Flow): Promise<string[]> {
  const run = await flow.prepare(bench);
  return statementsOf(proxy, flow, run, () => untilCut(run, benchWorker(bench)));
}

describe('G1', () => {
  const ground = new Ground({ balanced: true });
  let points = 0;

  it.each(FLOWS)(
    '$name survives a death at every statement',
    async (flow) => {
      const statements = await statementsOn(ground, flow);
      // Some statements travel together in a packet, and only between packets can the network die.
      expect(statements.length).toBeGreaterThanOrEqual(2);
      for (const how of ['drop-request', 'drop-reply'] as const) {
        for (let k = 1; k <= statements.length; k += 1) {
          const where = `${how} ${k}: ${statements[k - 1]?.slice(0, 80)}`;
          expect(await dieAt(ground, flow, k, how), where).toEqual([]);
          points += 1;
        }
      }
    },
    HOUR_MS,
  );

  it('was all of it', () => {
    expect(points).toBeGreaterThan(100);
    figure(
      'G1',
      `crash points of ${FLOWS.length} flows, before and after every statement`,
      '0 partial states',
      `${points} points, 0 partial states`,
    );
  });
});

/** Where a process is killed: the statement has not left for the server, or its reply has come back. */
interface Point {
  readonly k: number;
  readonly what: 'request' | 'reply';
}

/**
 * Before each statement, and after each COMMIT. After another statement the database is as before
 * the next one, and the process has done nothing in between that outlives it.
 */
function pointsOf(statements: readonly string[]): Point[] {
  return statements.flatMap((text, i): Point[] => [
    { k: i + 1, what: 'request' },
    ...(/COMMIT$/i.test(text) ? [{ k: i + 1, what: 'reply' } as const] : []),
  ]);
}

/** In short the point in the middle and the last one. */
function selected(points: readonly Point[]): readonly Point[] {
  return FULL
    ? points
    : [points[Math.floor(points.length / 2)], points.at(-1)].flatMap((p) => p ?? []);
}

/** Processes that are killed one after the other, beside a sandbox. */
class Line {
  readonly bench: Bench;
  private succession: Succession;
  private living: Mortal;

  constructor(balanced: boolean, options?: SuccessionOptions) {
    this.bench = new Bench({}, undefined, balanced);
    beforeAll(async () => {
      const { db, settings } = this.bench.shop;
      this.succession = new Succession(db.url, settings, options);
      this.living = await this.succession.next();
    });
    afterAll(() => this.succession.close());
  }

  async statementsOf(flow: Flow): Promise<string[]> {
    const run = await flow.prepare(this.bench);
    return statementsOf(this.living.proxy, flow, run, async () => {
      await run.act(this.living);
    });
  }

  /**
   * Kills the process that serves at a point of a run, and lets the next one go on. The sweeper's
   * lanes have at times a statement more or less than when they were recorded. Then they are recorded
   * again, and the point is looked for there, or the last one there is.
   */
  async killAt(flow: Flow, { k, what }: Point, triesLeft = 2): Promise<string[]> {
    const { bench, living: victim } = this;
    const run = await flow.prepare(bench);
    const hold = victim.proxy.hold(k, what);
    const acting = run.act(victim).catch(() => {});
    const reached = await Promise.race([hold.reached.then(() => true), acting.then(() => false)]);
    await victim.kill();
    await acting;
    this.living = await this.succession.next();
    if (!reached) {
      const points = pointsOf(await this.statementsOf(flow));
      const again = points.find((point) => point.k === k && point.what === what) ?? points.at(-1);
      return again && triesLeft > 0 ? this.killAt(flow, again, triesLeft - 1) : [ALIVE];
    }
    await undone(bench.shop.db);
    const wrong = await wrongNow(bench, run, flow);
    wrong.push(...(await finish(run, flow, this.living)));
    // Who asks once more is told, and nothing happens a second time.
    await attempt(run, this.living);
    return [...wrong, ...(await wrongEnd(run, flow.end))];
  }
}

describe('G1 kill -9', () => {
  const line = new Line(true);
  let kills = 0;

  it.each(FLOWS)(
    '$name is done once when its process is killed at a statement and another one goes on',
    async (flow) => {
      const statements = await line.statementsOf(flow);
      for (const point of selected(pointsOf(statements))) {
        const where = `${point.what} ${point.k}: ${statements[point.k - 1]?.slice(0, 80)}`;
        expect(await line.killAt(flow, point), where).toEqual([]);
        kills += 1;
      }
    },
    HOUR_MS,
  );

  it('was all of it', () => {
    expect(kills).toBeGreaterThanOrEqual(FULL ? 100 : 10);
    figure(
      'G1',
      `kill -9 in ${FLOWS.length} flows, ${FULL ? 'before every statement and after every COMMIT' : 'at two points of each'}`,
      '0 partial states, each done once by the next process',
      `${kills} kills, 0 partial states, each done once`,
    );
  });
});

describe('G1 with a bug the harness is there for:', () => {
  const ground = new Ground({ balanced: false });
  const line = new Line(false, { seeds: [EARLY_COMMIT], ahead: 1 });

  /** Dies at one statement after the other, from the last on, until something is wrong. */
  async function seen(flow: Flow, statement: RegExp, instead: string): Promise<string[]> {
    const statements = await statementsOn(ground, flow);
    const stop = ground.proxy.rewrite(statement, instead);
    try {
      for (let k = statements.length - 1; k > 1; k -= 1) {
        const wrong = await dieAt(ground, flow, k, 'drop-request');
        if (wrong.some((one) => one !== ALIVE)) {
          return wrong;
        }
      }
      return [];
    } finally {
      stop();
      ground.proxy.reset();
    }
  }

  // Not placing an order: what it writes is one packet, so nothing can be seen by halves there.
  it.each(FLOWS.slice(1, 4))(
    '$name that is done by halves, without transactions, is seen',
    async (flow) => {
      expect(await seen(flow, /^START TRANSACTION$/, 'DO 0')).not.toEqual([]);
      found.add('no transactions');
    },
    HOUR_MS,
  );

  it('money that is booked and pays no order is seen', async () => {
    // Writes one row, as the statement it is sent for does, and changes nothing.
    const wrong = await seen(
      flowOf('a notify'),
      /^\s*UPDATE orders SET status/,
      'UPDATE areas SET name = name LIMIT 1',
    );
    expect(wrong).toContainEqual(expect.stringContaining('I13'));
    found.add('money of no order');
  });

  it('goods that are committed before their order is canceled are seen', async () => {
    const flow = flowOf('canceling');
    const statements = await line.statementsOf(flow);
    const k = 1 + statements.findIndex((text) => text.startsWith('UPDATE orders SET status'));
    expect(await line.killAt(flow, { k, what: 'request' })).toContainEqual(
      expect.stringContaining('died as 1 5 1 0  1'),
    );
    found.add('goods committed early');
  });

  it('was all of them', () => {
    expect([...found].sort()).toEqual([...BUGS].sort());
    figure(
      'G1',
      `bugs on purpose: ${BUGS.join(', ')}`,
      `all ${BUGS.length} seen`,
      `${found.size} of ${BUGS.length} seen`,
      found.size === BUGS.length,
    );
  });
});
