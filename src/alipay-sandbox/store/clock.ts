import { Injectable } from '@nestjs/common';
import { Store } from './store.js';

/** The sandbox's time: real time plus an offset that a person or a test can move. */
@Injectable()
export class Clock {
  constructor(private readonly store: Store) {}

  nowMs(): number {
    return Date.now() + this.store.settings.clockOffsetMs;
  }

  setOffset(offsetMs: number): void {
    this.store.changeSettings({ clockOffsetMs: offsetMs });
  }

  /** Moves forward to an instant; never back. */
  moveTo(instantMs: number): void {
    const offsetMs = Math.ceil(instantMs) - Date.now();
    if (offsetMs > this.store.settings.clockOffsetMs) this.setOffset(offsetMs);
  }
}
