import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';

const PROBE_TIMEOUT_MS = 1000;

/** Whether this process should be given traffic. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private closing = false;

  constructor(private readonly dataSource: DataSource) {}

  beforeApplicationShutdown(): void {
    this.closing = true;
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
