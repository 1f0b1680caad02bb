/**
 * Rolling restarts under 200 requests a second: a process that is told to stop says so to the load
 * balancer first, serves on until nothing comes any more, and ends. Nobody notices.
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fleet } from '../fault/kit/fleet.js';
import { type Buyer, buildBuyers, buildSkus } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { violations } from '../kit/invariants.js';

const RESTARTS = FULL ? 50 : 3;
const PER_SECOND = 200;
const TICK_MS = 20;
const PROBE_MS = 100;
/** A load balancer that a slow machine keeps from asking for so long would send to a closed door. */
const GRACE_MS = 2000;
/** A machine that cannot serve so many a second is sent fewer, and the figure is reached down to 150. */
const IN_FLIGHT_MAX = 48;
const PER_SECOND_MIN = 150;
const HOUR_MS = 3_600_000;

/** Sends everything to the processes whose probe was green a moment ago, as load balancers do. */
class LoadBalancer {
  private green: readonly string[] = [];
  private stopped = false;
  private readonly rounds = new EventEmitter();

  constructor(
    private readonly fleet: Fleet,
    private readonly probeMs: number,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      const { urls } = this.fleet;
      const probes = await Promise.all(
        urls.map((url) =>
          fetch(`${url}/health/ready`).then(
            ({ ok }) => ok,
            () => false,
          ),
        ),
      );
      this.green = urls.filter((_, i) => probes[i]);
      this.rounds.emit('round');
      await delay(this.probeMs);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** The moment after the next probes: what they said is believed for the longest time from here. */
  async probed(): Promise<void> {
    await once(this.rounds, 'round');
  }

  /** Somebody who is in service, in turns. */
  pick(n: number): string | undefined {
    return this.green[n % this.green.length];
  }
}

describe('G15', () => {
  let db: TestDatabase;
  let buyers: Buyer[];
  let sku: number;

  beforeAll(async () => {
    db = await freshDatabase();
    buyers = await buildBuyers(db, 50);
    [sku = 0] = await buildSkus(db, 1, { stock: 1_000_000 });
  });
  afterAll(() => db.close());

  interface Traffic {
    readonly sent: number;
    readonly perSecond: number;
    readonly failed: readonly string[];
    readonly exitMs: number;
  }

  /** Restarts the two processes in turns while the requests go on, each right after it was found well. */
  async function restart(times: number, graceMs: number, probeMs: number): Promise<Traffic> {
    const fleet = await Fleet.start(2, db.url, {
      SHUTDOWN_GRACE_MS: String(graceMs),
      JOBS: 'on',
    });
    const balancer = new LoadBalancer(fleet, probeMs);
    const balancing = balancer.run();
    const requests: Promise<void>[] = [];
    const failed: string[] = [];
    let inFlight = 0;
    const send = async (n: number) => {
      const buyer = buyers[n % buyers.length] as Buyer;
      const client = new Client(balancer.pick(n) ?? '', tokenFor(buyer.id), 60_000);
      const path = n % 3;
      inFlight += 1;
      const answer = await (
        path === 0
          ? client.put('/cart/', { sku_id: sku, count: 1 })
          : path === 1
            ? client.post('/orders/', { address: buyer.addressId, pay_method: 1 })
            : client.get('/orders/')
      ).catch((error: Error) => ({ status: 0, body: { message: error.message } }));
      inFlight -= 1;
      // Another request of this buyer may have been faster, and the cart is empty then.
      const late = path === 1 && 'code' in answer.body && answer.body.code === 'CART_EMPTY';
      if (!late && (answer.status < 200 || answer.status >= 300)) {
        failed.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
    };
    // Nobody is in service before the first probes have come back.
    await balancer.probed();
    const beganAt = performance.now();
    let missed = 0;
    const tick = setInterval(() => {
      const due = Math.floor(((performance.now() - beganAt) / 1000) * PER_SECOND);
      const room = Math.min(due - missed - requests.length, IN_FLIGHT_MAX - inFlight);
      for (let sent = 0; sent < room; sent += 1) {
        requests.push(send(requests.length));
      }
      missed = due - requests.length;
    }, TICK_MS);
    let exitMs = 0;
    try {
      for (let i = 0; i < times; i += 1) {
        const { child } = fleet.at(i % 2);
        const exited = once(child, 'exit');
        await balancer.probed();
        const since = performance.now();
        child.kill('SIGTERM');
        await exited;
        exitMs = Math.max(exitMs, performance.now() - since);
        await fleet.begin(i % 2);
        // The first round may have begun before the process was there; the second sees it.
        await balancer.probed();
        await balancer.probed();
      }
      clearInterval(tick);
      const seconds = (performance.now() - beganAt) / 1000;
      await Promise.all(requests);
      return { sent: requests.length, perSecond: requests.length / seconds, failed, exitMs };
    } finally {
      clearInterval(tick);
      balancer.stop();
      await balancing;
      await fleet.close();
    }
  }

  it(
    'no request fails while the processes are restarted one after the other',
    async () => {
      const { sent, perSecond, failed, exitMs } = await restart(RESTARTS, GRACE_MS, PROBE_MS);
      expect(failed).toEqual([]);
      expect(exitMs).toBeLessThan(60_000);
      expect(await violations(db)).toEqual([]);
      figure(
        'G15',
        `rolling restarts at up to ${PER_SECOND} requests a second`,
        `${RESTARTS} restarts, jobs on, ${PER_SECOND_MIN} requests a second or more, 0 failed, exit within 10 s`,
        `${RESTARTS} restarts, ${sent} requests, ${perSecond.toFixed(0)} a second, 0 failed, exit after ${exitMs.toFixed(0)} ms at most`,
        exitMs < 10_000 && perSecond >= PER_SECOND_MIN,
      );
    },
    HOUR_MS,
  );

  it('the harness sees what a process fails that closes without a grace', async () => {
    // Without a grace the process is gone long before the balancer asks again.
    expect((await restart(1, 0, 1000)).failed).not.toEqual([]);
  });
});
