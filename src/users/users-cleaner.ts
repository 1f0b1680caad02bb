import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { deleteEndedQuotas } from './quotas.js';
import { deleteOldCodes } from './sms/sms-codes.js';

const PAUSE_MS = 10 * 60_000;
/** Rows deleted in one transaction, so that none is long. */
const BATCH = 500;

/** Deletes codes and quotas whose time is over: each of them keeps somebody's mobile number. */
@Injectable()
export class UsersCleaner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly repeater = new Repeater('old codes', () => this.clean(), PAUSE_MS);

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async clean(batch = BATCH): Promise<void> {
    await this.deleteAll(deleteOldCodes, batch);
    await this.deleteAll(deleteEndedQuotas, batch);
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.repeater.start();
    }
  }

  /** Ends after the batch that is being deleted. */
  beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    return this.repeater.stop();
  }

  private async deleteAll(
    some: (tx: Tx, max: number) => Promise<number>,
    batch: number,
  ): Promise<void> {
    let deleted = batch;
    while (deleted === batch && !this.stopping.signal.aborted) {
      deleted = await inTransaction(this.dataSource, (tx) => some(tx, batch));
    }
  }
}
