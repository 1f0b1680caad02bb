import { Injectable } from '@nestjs/common';
import { Clock } from '../store/clock.js';

const KEPT = 1000;

export interface RequestEntry {
  atMs: number;
  method: string;
  outTradeNo: string;
  /** The code and sub code answered, the page opened, or the fault that struck. */
  result: string;
}

/** The latest requests that reached the gateway, in memory. */
@Injectable()
export class RequestLog {
  private entries: RequestEntry[] = [];

  constructor(private readonly clock: Clock) {}

  add(method: string, outTradeNo: unknown, result: string): void {
    const about = typeof outTradeNo === 'string' ? outTradeNo : '';
    this.entries.push({ atMs: this.clock.nowMs(), method, outTradeNo: about, result });
    if (this.entries.length > KEPT) this.entries.shift();
  }

  list(): readonly RequestEntry[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
