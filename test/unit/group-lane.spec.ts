import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { ShopError } from '../../src/common/errors.js';
import { laneFlushed } from '../../src/common/metrics.js';
import { GroupLane } from '../../src/orders/placement/group-lane.js';

const LIMITS = { batchMax: 1, waitingMax: 10 };

/** Three commands, of which the first one's batch fails with `failure` when the others wait. */
async function submitted(failure: Error): Promise<{ batches: number; statuses: string[] }> {
  let batches = 0;
  const gate = new EventEmitter();
  const lane = new GroupLane<number, number>(async (batch) => {
    batches += 1;
    if (batch[0] === 1) {
      await once(gate, 'open');
      throw failure;
    }
    return batch.map((value) => ({ value }));
  }, LIMITS);
  const results = Promise.allSettled([1, 2, 3].map((command) => lane.submit(command)));
  gate.emit('open');
  const settled = await results;
  return { batches, statuses: settled.map(({ status }) => status) };
}

const flushed = async () => (await laneFlushed.get()).values[0]?.value ?? 0;

it('a batch that finds no database refuses those who wait, instead of keeping them as long again', async () => {
  for (const error of [
    new ShopError('UNAVAILABLE'),
    { code: 'ECONNREFUSED' } as unknown as Error,
    { code: 'PROTOCOL_SEQUENCE_TIMEOUT' } as unknown as Error,
  ]) {
    const before = await flushed();
    expect(await submitted(error)).toEqual({
      batches: 1,
      statuses: ['rejected', 'rejected', 'rejected'],
    });
    expect((await flushed()) - before, 'those who waited are counted').toBe(2);
  }
});

it('any other failure of a batch is its own', async () => {
  for (const error of [new Error('a fault'), new ShopError('BUSY')]) {
    const before = await flushed();
    expect(await submitted(error)).toEqual({
      batches: 3,
      statuses: ['rejected', 'fulfilled', 'fulfilled'],
    });
    expect(await flushed()).toBe(before);
  }
});
