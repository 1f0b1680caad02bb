import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from './errors.js';

const LINES_MAX = 10;
const WINDOW_MS = 1000;

/**
 * Tells the log which requests were answered 5xx: under the id the client was given too, and by the
 * pattern of the route, which names nobody. When the database is away there are thousands, so ten a
 * second get a line and the rest of that second a number.
 */
class FaultLog {
  private readonly logger = new Logger('Problem');
  private lines = 0;
  private untold = 0;
  private window: NodeJS.Timeout | undefined;

  tell({ id, method, routeOptions }: FastifyRequest, status: number, code: ErrorCode): void {
    this.window ??= setTimeout(() => this.endWindow(), WINDOW_MS).unref();
    if (this.lines === LINES_MAX) {
      this.untold += 1;
      return;
    }
    this.lines += 1;
    const route = routeOptions.url ?? 'unknown route';
    this.logger.warn({ msg: `answered ${status}`, request_id: id, method, route, status, code });
  }

  private endWindow(): void {
    if (this.untold > 0) {
      this.logger.warn({ msg: 'answered 5xx more often than is told here', count: this.untold });
    }
    this.lines = 0;
    this.untold = 0;
    this.window = undefined;
  }
}

/** Of this process, since everything that answers shares the log. */
export const faultLog = new FaultLog();
