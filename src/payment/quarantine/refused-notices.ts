import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wordsOf } from '../../common/error-words.js';
import { notifiesRefused } from '../../common/metrics.js';
import { inTransaction } from '../../database/transaction.js';
import { keepRefused } from './notices.store.js';

const MINUTE_MS = 60_000;
/** Anybody may post here, so no more than these are written down in a minute, by each process. */
const KEPT_PER_MINUTE = 10;

/**
 * What was posted as a notify and is not Alipay's. Every one is counted, and the first of each minute
 * are kept as they came: with a wrong key in the settings, all genuine ones are among them.
 */
@Injectable()
export class RefusedNotices {
  private readonly logger = new Logger(RefusedNotices.name);
  private since = 0;
  private kept = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Never fails: the answer is `fail` whether it could be written down or not. */
  async take(body: unknown): Promise<void> {
    notifiesRefused.inc();
    if (!this.hasRoom()) {
      return;
    }
    this.logger.warn('a notify was refused: not signed by Alipay');
    try {
      await inTransaction(this.dataSource, (tx) => keepRefused(tx, body));
    } catch (error) {
      this.logger.warn(`a refused notify was not kept: ${wordsOf(error)}`);
    }
  }

  private hasRoom(): boolean {
    const now = performance.now();
    if (this.since === 0 || now - this.since >= MINUTE_MS) {
      [this.since, this.kept] = [now, 0];
    }
    this.kept += 1;
    return this.kept <= KEPT_PER_MINUTE;
  }
}
