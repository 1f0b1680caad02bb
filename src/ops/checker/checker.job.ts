import { Injectable } from '@nestjs/common';
import { RepeatedJobs } from '../../common/repeated-jobs.js';
import { Repeater } from '../../common/repeater.js';
import { Config } from '../../config/config.js';
import { CheckerService } from './checker.service.js';

/** How often an instance looks whether a check is due, and what the others have found. */
const PAUSE_MS = 10_000;
/** How long a stop waits for the statement under way; it only reads, so it may be left behind. */
const STOP_WAIT_MS = 1000;

/** Lets the checker have its turns (JOBS). */
@Injectable()
export class CheckerJob extends RepeatedJobs {
  protected readonly jobs = [new Repeater('checker', () => this.turn(), PAUSE_MS, STOP_WAIT_MS)];

  constructor(
    private readonly checker: CheckerService,
    config: Config,
  ) {
    super(config);
  }

  /** A turn that ends because of the stop has not failed. */
  private async turn(): Promise<void> {
    const { signal } = this.stopping;
    try {
      await this.checker.turn(signal);
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    }
  }
}
