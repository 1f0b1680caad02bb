import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { jobFailures } from '../../common/metrics.js';
import { Repeater } from '../../common/repeater.js';
import { Config } from '../../config/config.js';
import { CheckerService } from './checker.service.js';

/** How often an instance looks whether a check is due, and what the others have found. */
const PAUSE_MS = 10_000;

/** Lets the checker have its turns (JOBS). */
@Injectable()
export class CheckerJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CheckerJob.name);
  private readonly stopping = new AbortController();
  private readonly repeater: Repeater;

  constructor(
    checker: CheckerService,
    private readonly config: Config,
  ) {
    this.repeater = new Repeater(
      () => checker.turn(this.stopping.signal),
      PAUSE_MS,
      (error) => this.failed(error),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.repeater.start();
    }
  }

  /** Ends after the statement that is under way; the run comes again on another instance. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.repeater.stop();
  }

  private failed(error: unknown): void {
    if (!this.stopping.signal.aborted) {
      jobFailures.inc({ job: 'checker' });
      this.logger.error(`the invariants were not checked: ${String(error)}`);
    }
  }
}
