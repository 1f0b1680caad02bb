/** Work that runs by itself, when it fails. */
import { expect, it } from 'vitest';
import { registry } from '../../src/common/metrics.js';
import { Repeater } from '../../src/common/repeater.js';

it('counts a failed run under the name of its job, and runs again', async () => {
  let runs = 0;
  let again = () => {};
  const hasRunAgain = new Promise<void>((resolve) => (again = resolve));
  const repeater = new Repeater(
    'canary',
    async () => {
      runs += 1;
      if (runs === 1) {
        throw new Error('the first run fails');
      }
      again();
    },
    1,
  );
  repeater.start();
  await hasRunAgain;
  await repeater.stop();
  expect(await registry.metrics()).toContain('job_failures_total{job="canary"} 1');
});
