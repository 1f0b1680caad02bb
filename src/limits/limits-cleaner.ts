import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RepeatedJobs } from '../common/repeated-jobs.js';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { inTransaction } from '../database/transaction.js';
import { removeExpired } from './limits.store.js';

const PAUSE_MS = 10 * 60_000;

/** Removes counts that have run out. They mean nothing any more, and only take room. */
@Injectable()
export class LimitsCleaner extends RepeatedJobs {
  protected readonly jobs = [new Repeater('old counts', () => this.clean(), PAUSE_MS)];

  constructor(
    private readonly dataSource: DataSource,
    config: Config,
  ) {
    super(config);
  }

  async clean(): Promise<void> {
    while (await inTransaction(this.dataSource, removeExpired));
  }
}
