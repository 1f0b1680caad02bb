import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { inTransaction } from '../database/transaction.js';
import { removeExpired } from './limits.store.js';

const PAUSE_MS = 10 * 60_000;

/** Removes counts that have run out. They mean nothing any more, and only take room. */
@Injectable()
export class LimitsCleaner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeater = new Repeater('old counts', () => this.clean(), PAUSE_MS);

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async clean(): Promise<void> {
    while (await inTransaction(this.dataSource, removeExpired));
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.repeater.start();
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeater.stop();
  }
}
