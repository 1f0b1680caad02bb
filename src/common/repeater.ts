/**
 * Runs work again and again, `pauseMs` after the last run has ended: runs never overlap, and a slow
 * one delays the next. A run that fails is told to `onError` and does not stop the ones after it.
 */
export class Repeater {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly pauseMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Plans the first run, one pause from now. */
  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, this.pauseMs);
    this.timer.unref();
  }

  /** Plans no more runs; returns when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.onError(error);
    }
    if (!this.stopped) {
      this.start();
    }
  }
}
