import { randomInt } from 'node:crypto';
import { shanghaiTime } from '../common/clock.js';

const WORKERS = 1000;
const PER_SECOND = 10_000;

/**
 * Makes order ids: 19 digits that fit a BIGINT, `yyMMddHHmmss` in Beijing time, three digits of
 * this process and four that count. One process never repeats an id: the counter goes on over the
 * seconds, and a second that has used all 10,000 borrows from the next. Two processes that drew the
 * same worker number can collide; the primary key refuses that, and the caller draws again.
 */
export class OrderIds {
  private worker = randomInt(WORKERS);
  private second = 0;
  private used = 0;
  private sequence = randomInt(PER_SECOND);
  private made?: { readonly second: number; readonly worker: number; readonly text: string };

  constructor(private readonly now: () => number = Date.now) {}

  next(): string {
    const second = Math.floor(this.now() / 1000);
    if (second > this.second) {
      this.second = second;
      this.used = 0;
    } else if (this.used === PER_SECOND) {
      this.second += 1;
      this.used = 0;
    }
    this.used += 1;
    this.sequence = (this.sequence + 1) % PER_SECOND;
    return this.prefix() + String(this.sequence).padStart(4, '0');
  }

  /** Time and worker, the same for a whole second. */
  private prefix(): string {
    if (this.made?.second !== this.second || this.made.worker !== this.worker) {
      const digits = shanghaiTime(new Date(this.second * 1000)).replace(/\D/g, '');
      const text = digits.slice(2) + String(this.worker).padStart(3, '0');
      this.made = { second: this.second, worker: this.worker, text };
    }
    return this.made.text;
  }

  /** Draws another worker number, after the primary key has refused an id of this process. */
  redraw(): void {
    this.worker = (this.worker + 1 + randomInt(WORKERS - 1)) % WORKERS;
  }
}
