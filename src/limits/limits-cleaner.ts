import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
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
  private readonly logger = new Logger(LimitsCleaner.name);
  private readonly repeater = new Repeater(
    () => this.clean(),
    PAUSE_MS,
    (error) => this.logger.warn(`old counts were not removed: ${String(error)}`),
  );

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
