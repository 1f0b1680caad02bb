import { Injectable } from '@nestjs/common';
import { Clock } from '../store/clock.js';
import { Ledger } from '../trades/ledger.js';
import { Courier } from './courier.js';
import { Notices } from './notices.js';

const BEAT_MS = 1000;

/** Makes time pass: closes and finishes trades and delivers notifications when they are due. */
@Injectable()
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly notices: Notices,
    private readonly courier: Courier,
  ) {}

  /** Called once the sandbox listens, so that a process that failed to start sends nothing. */
  start(): void {
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
    void this.beat();
  }

  stop(): void {
    clearInterval(this.timer);
    this.courier.abort();
  }

  /**
   * Moves the clock forward, stopping at every event on the way, so that each expiry and each
   * redelivery happens at its own time. Ends when the merchant has answered all of them.
   */
  async advance(byMs: number): Promise<void> {
    const targetMs = this.clock.nowMs() + byMs;
    for (;;) {
      const nextMs = earliest(this.ledger.nextEventMs(), this.notices.nextEventMs());
      if (nextMs === undefined || nextMs > targetMs || this.courier.stopped) break;
      this.clock.moveTo(nextMs);
      await this.beat();
    }
    this.clock.moveTo(targetMs);
    await this.beat();
  }

  async beat(): Promise<void> {
    this.ledger.settleDue();
    await this.notices.deliverDue();
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
