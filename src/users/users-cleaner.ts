import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RepeatedJobs } from '../common/repeated-jobs.js';
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
export class UsersCleaner extends RepeatedJobs {
  protected readonly jobs = [new Repeater('old codes', () => this.clean(), PAUSE_MS)];

  constructor(
    private readonly dataSource: DataSource,
    config: Config,
  ) {
    super(config);
  }

  async clean(batch = BATCH): Promise<void> {
    await this.deleteAll(deleteOldCodes, batch);
    await this.deleteAll(deleteEndedQuotas, batch);
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
