import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { ShopError } from '../../src/common/errors.js';
import { GroupLane } from '../../src/orders/placement/group-lane.js';

const LIMITS = { batchMax: 1, waitingMax: 10 };

/** Three commands, of which the first one's batch fails with `error` when the others wait. */
async function submitted(error: Error): Promise<{ batches: number; statuses: string[] }> {
  let batches = 0;
  const gate = new EventEmitter();
  const lane = new GroupLane<number, number>(async (batch) => {
    batches += 1;
    if (batch[0] === 1) {
      await once(gate, 'open');
      throw error;
    }
    return batch.map((value) => ({ value }));
  }, LIMITS);
  const results = [1, 2, 3].map((command) => lane.submit(command));
  gate.emit('open');
  const settled = await Promise.allSettled(results);
  return { batches, statuses: settled.map(({ status }) => status) };
}

it('a batch that finds no database refuses those who wait, instead of keeping them as long again', async () => {
  for (const error of [
    new ShopError('UNAVAILABLE'),
    { code: 'ECONNREFUSED' } as unknown as Error,
  ]) {
    expect(await submitted(error)).toEqual({
      batches: 1,
      statuses: ['rejected', 'rejected', 'rejected'],
    });
  }
});

it('any other failure of a batch is its own', async () => {
  for (const error of [new Error('a fault'), new ShopError('BUSY')]) {
    expect(await submitted(error)).toEqual({
      batches: 3,
      statuses: ['rejected', 'fulfilled', 'fulfilled'],
    });
  }
});
