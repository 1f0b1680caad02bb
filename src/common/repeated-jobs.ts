import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Repeater } from './repeater.js';

/** Work that repeats itself while the shop runs, where jobs are wanted (JOBS). */
export abstract class RepeatedJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Aborted by the stop, so that work ends after the row or the batch it is at. */
  protected readonly stopping = new AbortController();
  protected abstract readonly jobs: readonly Repeater[];

  constructor(private readonly wanted: { readonly jobsEnabled: boolean }) {}

  onApplicationBootstrap(): void {
    if (this.wanted.jobsEnabled) {
      this.jobs.forEach((job) => job.start());
    }
  }

  /** Returns when the runs under way have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.jobs.map((job) => job.stop()));
  }
}
