import { ShopError } from './errors.js';

/**
 * Lets so many pieces of work run at once and so many more wait, in the order they came. Whoever
 * comes after that is refused: BUSY, with a time to come again.
 */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingMax: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) {
      this.running += 1;
    } else if (this.waiting.length < this.waitingMax) {
      await new Promise<void>((go) => this.waiting.push(go));
    } else {
      throw new ShopError('BUSY', { retryAfterSeconds: 1 });
    }
    try {
      return await work();
    } finally {
      // The place goes straight to the next one, so that nobody overtakes those who wait.
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.running -= 1;
      }
    }
  }
}
