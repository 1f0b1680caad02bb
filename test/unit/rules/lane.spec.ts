/** The lane orders go through: what is gathered, what is refused, and who is told what. */
import { EventEmitter, once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { laneRefused, laneWaiting } from '../../../src/common/metrics.js';
import type { BatchRunner } from '../../../src/orders/placement/batch-runner.js';
import {
  GroupLane,
  LaneFullError,
  type LaneLimits,
  type Settled,
} from '../../../src/orders/placement/group-lane.js';
import type { PlaceOrder } from '../../../src/orders/placement/place-order.js';
import { DirectLane } from '../../../src/orders/placement/placement-lane.js';

/** A lane whose batches wait until they are let go, one by one. */
class Held {
  readonly batches: number[][] = [];
  readonly lane: GroupLane<number, number>;
  private readonly gate = new EventEmitter();

  constructor(
    limits: LaneLimits,
    private readonly answer: (batch: readonly number[]) => readonly Settled<number>[] = (batch) =>
      batch.map((value) => ({ value })),
  ) {
    this.lane = new GroupLane(async (batch) => {
      this.batches.push([...batch]);
      await once(this.gate, 'go');
      return this.answer(batch);
    }, limits);
  }

  submit(...commands: number[]): Promise<number>[] {
    return commands.map((command) => this.lane.submit(command));
  }

  go(): void {
    this.gate.emit('go');
  }
}

const range = (count: number, from = 1) => Array.from({ length: count }, (_, i) => from + i);

describe('the lane', () => {
  it('runs the first at once and gathers the others behind it, in order, up to a batch', async () => {
    const held = new Held({ batchMax: 3, waitingMax: 10 });
    const all = held.submit(...range(6));
    expect(held.batches).toEqual([[1]]);
    held.go();
    await all[0];
    expect(held.batches).toEqual([[1], [2, 3, 4]]);
    held.go();
    await all[3];
    expect(held.batches).toEqual([[1], [2, 3, 4], [5, 6]]);
    held.go();
    expect(await Promise.all(all)).toEqual(range(6));
  });

  it('is quiet again afterwards: the next command goes at once', async () => {
    const held = new Held({ batchMax: 3, waitingMax: 10 });
    const [first] = held.submit(1);
    held.go();
    await first;
    const [second] = held.submit(2);
    expect(held.batches).toEqual([[1], [2]]);
    held.go();
    expect(await second).toBe(2);
  });

  it('lets so many wait and no more, and tells how many there are', async () => {
    const before = laneWaiting.count;
    const held = new Held({ batchMax: 1, waitingMax: 2 });
    const all = held.submit(1, 2, 3);
    expect(laneWaiting.count - before).toBe(2);
    await expect(held.lane.submit(4)).rejects.toThrow(LaneFullError);
    expect(laneWaiting.count - before).toBe(2);
    held.go();
    await all[0];
    expect(laneWaiting.count - before).toBe(1);
    const [fifth] = held.submit(5);
    for (const one of [all[1], all[2], fifth]) {
      held.go();
      await one;
    }
    expect(held.batches).toEqual([[1], [2], [3], [5]]);
    expect(laneWaiting.count).toBe(before);
  });

  it('gives everybody the result of their own command, refusals included', async () => {
    const held = new Held({ batchMax: 9, waitingMax: 9 }, (batch) =>
      batch.map((n) => (n === 3 ? { error: new Error('not three') } : { value: n * 10 })),
    );
    const all = held.submit(1, 2, 3, 4);
    held.go();
    await all[0];
    held.go();
    expect(await Promise.allSettled(all)).toEqual([
      { status: 'fulfilled', value: 10 },
      { status: 'fulfilled', value: 20 },
      { status: 'rejected', reason: new Error('not three') },
      { status: 'fulfilled', value: 40 },
    ]);
  });

  it('leaves nobody without an answer when a batch has too few results', async () => {
    const held = new Held({ batchMax: 9, waitingMax: 9 }, () => []);
    const [only] = held.submit(1);
    held.go();
    await expect(only).rejects.toThrow('the batch has no result for this command');
  });

  it('takes those who wait out of the count when it finds no database', async () => {
    const before = laneWaiting.count;
    const held = new Held({ batchMax: 1, waitingMax: 9 }, () => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    });
    const all = Promise.allSettled(held.submit(1, 2, 3));
    held.go();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect([held.batches, laneWaiting.count]).toEqual([[[1]], before]);
  });

  it('sends the next batch off before it tells the last one, eight at a time', async () => {
    const told: number[] = [];
    const lane = new GroupLane<number, number>(
      (batch) => {
        told.push(-batch.length);
        return Promise.resolve(batch.map((value) => ({ value })));
      },
      { batchMax: 17, waitingMax: 99 },
    );
    const turns: number[] = [];
    const count = () => {
      turns.push(told.filter((n) => n > 0).length);
      if (turns.at(-1) !== 20) {
        setImmediate(count);
      }
    };
    const all = range(20).map(async (n) => told.push(await lane.submit(n)));
    setImmediate(count);
    await Promise.all(all);
    expect(told.filter((n) => n > 0).sort((a, b) => a - b)).toEqual(range(20));
    const batches = told.flatMap((n, i) => (n < 0 ? [[i, n]] : []));
    // The 17 of the second batch are told after the third, of two, has been sent off.
    expect(batches.map(([, n]) => n)).toEqual([-1, -17, -2]);
    expect(told.indexOf(2)).toBeGreaterThan(batches[2]?.[0] ?? Infinity);
    const steps = turns.map((n, i) => n - (turns[i - 1] ?? 0)).filter((n) => n > 0);
    expect(Math.max(...steps)).toBeLessThan(17);
    expect(steps).toContain(8);
  });
});

describe('telling the callers', () => {
  const laneOf = (batchMax: number) =>
    new GroupLane<number, number>((batch) => Promise.resolve(batch.map((value) => ({ value }))), {
      batchMax,
      waitingMax: 99,
    });

  it('waits for no turn of the loop when no other batch is waiting', async () => {
    let turned = false;
    const answer = laneOf(8).submit(1);
    setImmediate(() => (turned = true));
    await answer;
    expect(turned).toBe(false);
  });

  it('asks for no more turns of the loop than it needs: one for eight', async () => {
    const turns = vi.spyOn(globalThis, 'setImmediate');
    const lane = laneOf(8);
    await Promise.all(range(10).map((n) => lane.submit(n)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const own = turns.mock.calls.length - 2;
    turns.mockRestore();
    expect(own).toBe(2);
  });
});

describe('the lane of this process', () => {
  const command = (orderId: string) => ({ orderId }) as PlaceOrder;
  const laneOf = (run: (commands: readonly PlaceOrder[]) => Promise<unknown>, waitingMax = 9) =>
    new DirectLane({ run } as unknown as BatchRunner, { batchMax: 1, waitingMax });

  it('answers what its order came to, and keeps nothing to be asked for later', async () => {
    const lane = laneOf((commands) =>
      Promise.resolve(commands.map(({ orderId }) => ({ value: { kind: 'placed', orderId } }))),
    );
    expect(await lane.submit(command('1'))).toEqual({ kind: 'placed', orderId: '1' });
    await expect(lane.find()).resolves.toBeUndefined();
  });

  it('is busy when too many wait: they may come again in a second, and are counted', async () => {
    const refusals = async () => (await laneRefused.get()).values[0]?.value ?? 0;
    const before = await refusals();
    const lane = laneOf(() => Promise.resolve([]), 0);
    await expect(lane.submit(command('1'))).rejects.toMatchObject({
      code: 'BUSY',
      extras: { retryAfterSeconds: 1 },
    });
    expect((await refusals()) - before).toBe(1);
  });

  it('hides no fault: what the batch throws is what the caller is told, and no refusal', async () => {
    const fault = new Error('a fault');
    const before = (await laneRefused.get()).values[0]?.value ?? 0;
    await expect(laneOf(() => Promise.reject(fault)).submit(command('1'))).rejects.toBe(fault);
    expect((await laneRefused.get()).values[0]?.value ?? 0).toBe(before);
  });
});
