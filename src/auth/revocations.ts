import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';

const REFRESH_MS = 500;
/** Rows are read again for this long after their time, since commits do not come in time order. */
const OVERLAP_MS = 10_000;
/** The longest life a token may have been given by an earlier setting, as the settings allow it. */
const TOKEN_LIFE_MAX_MS = 31 * 86_400_000;

/**
 * Which tokens died before their time. A password change raises the user's token version; this
 * keeps the new versions of the users that have one, so that checking a token costs no query.
 * Other processes learn of a change within half a second, the one that made it at once.
 */
@Injectable()
export class Revocations implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Revocations.name);
  private readonly oldest = new Map<number, number>();
  private timer?: NodeJS.Timeout;
  private refreshing = false;
  /** When the last reading that succeeded was begun, by a clock that never jumps; a process that was cut off reads from there. */
  private readAtMs = performance.now() - TOKEN_LIFE_MAX_MS;

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.tick(), REFRESH_MS);
    this.timer.unref();
  }

  /** Not earlier: until the listener is closed, requests are served. */
  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** True when tokens of this version of the user are no longer good. */
  revoked(userId: number, version: number): boolean {
    const oldest = this.oldest.get(userId);
    return oldest !== undefined && version < oldest;
  }

  /** Called after the commit that raised the version, so that this process knows at once. */
  note(userId: number, version: number): void {
    this.oldest.set(userId, Math.max(version, this.oldest.get(userId) ?? 0));
  }

  private async tick(): Promise<void> {
    if (this.refreshing) {
      return;
    }
    this.refreshing = true;
    try {
      await this.refresh();
    } catch {
      this.logger.warn('token revocations could not be read');
    } finally {
      this.refreshing = false;
    }
  }

  private async refresh(): Promise<void> {
    const beganMs = performance.now();
    const rows = await this.dataSource.query<{ id: number; version: number }[]>(
      `SELECT id, token_version AS version FROM users
       WHERE tokens_revoked_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND`,
      [Math.ceil((beganMs - this.readAtMs + OVERLAP_MS) / 1000)],
    );
    for (const { id, version } of rows) {
      this.note(id, version);
    }
    this.readAtMs = beganMs;
  }
}
