import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { wordsOf } from './error-words.js';
import { jobFailures } from './metrics.js';

/** All work of the shop may be killed at any statement, so a stop need not wait for ever. */
const STOP_WAIT_MS = 5000;

/**
 * Runs work again and again, `pauseMs` after the last run has ended: runs never overlap, and a slow
 * one delays the next. A run that fails is logged and counted under the name of its job, and does
 * not stop the ones after it.
 */
export class Repeater {
  private readonly logger = new Logger(Repeater.name);
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly job: string,
    private readonly work: () => Promise<unknown>,
    private readonly pauseMs: number,
    private readonly stopWaitMs = STOP_WAIT_MS,
  ) {}

  /** Plans the first run, one pause from now. */
  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, this.pauseMs);
    this.timer.unref();
  }

  /** Plans no more runs; returns when the one under way has ended, or is to be left behind. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.running, delay(this.stopWaitMs, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      jobFailures.inc({ job: this.job });
      this.logger.error(`${this.job}: ${wordsOf(error)}`);
    }
    if (!this.stopped) {
      this.start();
    }
  }
}
