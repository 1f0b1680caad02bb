import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnModuleDestroy,
} from '@nestjs/common';
import type { Repeater } from './repeater.js';

/** Work that repeats itself while the shop runs, where jobs are wanted (JOBS). */
export abstract class RepeatedJobs
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  /** Aborted by the stop, so that work ends after the row or the batch it is at. */
  protected readonly stopping = new AbortController();
  protected abstract readonly jobs: readonly Repeater[];
  private stopped: Promise<unknown> = Promise.resolve();

  constructor(private readonly wanted: { readonly jobsEnabled: boolean }) {}

  onApplicationBootstrap(): void {
    if (this.wanted.jobsEnabled) {
      this.jobs.forEach((job) => job.start());
    }
  }

  /** The first step of a shutdown, so that the jobs of all modules have the same time to end. */
  onModuleDestroy(): void {
    this.stopping.abort();
    this.stopped = Promise.all(this.jobs.map((job) => job.stop()));
  }

  /** Returns when the runs under way have ended, or are left behind. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
