/** Work that runs by itself: when it fails, and when it is not wanted any more. */
import { expect, it, vi } from 'vitest';
import { registry } from '../../src/common/metrics.js';
import { RepeatedJobs } from '../../src/common/repeated-jobs.js';
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

it('runs where jobs are wanted, and a stop tells the run under way and waits for it', async () => {
  vi.useFakeTimers();
  const log: string[] = [];
  let end = () => {};
  class Jobs extends RepeatedJobs {
    protected readonly jobs = [
      new Repeater(
        'a job',
        () => {
          log.push('begun');
          this.stopping.signal.addEventListener('abort', () => log.push('told'));
          return new Promise<void>((resolve) => (end = resolve));
        },
        1000,
      ),
    ];
  }
  try {
    new Jobs({ jobsEnabled: false }).onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(5000);
    expect(log).toEqual([]);
    const jobs = new Jobs({ jobsEnabled: true });
    jobs.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(5000);
    jobs.onModuleDestroy();
    const stopped = jobs.beforeApplicationShutdown().then(() => log.push('stopped'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(log).toEqual(['begun', 'told']);
    end();
    await stopped;
    await vi.advanceTimersByTimeAsync(5000);
    expect(log).toEqual(['begun', 'told', 'stopped']);
  } finally {
    vi.useRealTimers();
  }
});

it('is left behind by a stop when its run does not end in time', async () => {
  let begun = () => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const endless = () => {
    begun();
    return new Promise<void>(() => {});
  };
  const repeater = new Repeater('an endless job', endless, 1, 1);
  repeater.start();
  await hasBegun;
  await expect(repeater.stop()).resolves.toBeUndefined();
});
