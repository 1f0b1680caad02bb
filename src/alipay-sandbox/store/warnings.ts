import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import type { Warning } from './records.js';
import { Store } from './store.js';

/**
 * Collects what the merchant does that works here but is doubtful. A `warning` is a mistake that
 * costs money or payments one day; a `note` is only worth knowing.
 */
@Injectable()
export class Warnings {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  warn(code: string, about: string, detail: string): void {
    this.add('warning', code, about, detail);
  }

  note(code: string, about: string, detail: string): void {
    this.add('note', code, about, detail);
  }

  list(level: Warning['level']): Warning[] {
    return [...this.store.warnings.values()].filter((entry) => entry.level === level);
  }

  /** The same thing about the same trade is counted, not listed again. */
  private add(level: Warning['level'], code: string, about: string, detail: string): void {
    const id = `${code} ${about}`;
    const count = (this.store.warnings.get(id)?.count ?? 0) + 1;
    const lastMs = this.clock.nowMs();
    this.store.put({ warnings: [{ id, level, code, about, detail, count, lastMs }] });
  }
}
