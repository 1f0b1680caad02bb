import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { Config } from '../config/config.js';

const PROBE_TIMEOUT_MS = 1000;

/** Whether this process should be given traffic. */
@Injectable()
export class Readiness implements OnModuleDestroy, BeforeApplicationShutdown {
  private closing = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** The first step of a shutdown. */
  onModuleDestroy(): void {
    this.closing = true;
  }

  /**
   * Everything is still served for a while after the probe has turned red, until no load balancer
   * sends anything here any more. The step after this one closes the listener.
   */
  async beforeApplicationShutdown(): Promise<void> {
    await delay(this.config.shutdownGraceMs);
  }

  /**
   * Reads a table, since `SELECT 1` also succeeds on a cluster node that has lost its quorum.
   * Throws UNAVAILABLE when the database does not answer in time or a shutdown has begun.
   */
  async check(): Promise<void> {
    if (this.closing) {
      throw new ShopError('UNAVAILABLE', { members: { reason: 'shutting_down' } });
    }
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('probe timed out')), PROBE_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.dataSource.query('SELECT id FROM skus LIMIT 1'), deadline]);
    } catch {
      throw new ShopError('UNAVAILABLE', { members: { reason: 'database' }, retryAfterSeconds: 2 });
    } finally {
      clearTimeout(timer);
    }
  }
}
