import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { Config } from '../config/config.js';
import { PacketDataSource } from '../database/packet-data-source.js';
import { PlacementLane } from '../orders/placement/placement-lane.js';

const PROBE_TIMEOUT_MS = 1000;
/** What a server that takes writes says of being read-only. */
const WRITABLE: ReadonlySet<string> = new Set(['0', 'OFF']);

/** Why orders are refused while everything else is served. */
export const DEGRADATIONS = [
  'database_read_only',
  'queue_unavailable',
  'order_connections_unavailable',
] as const;
export type Degradation = (typeof DEGRADATIONS)[number];

/** Whether this process should be given traffic. */
@Injectable()
export class Readiness implements OnModuleDestroy, BeforeApplicationShutdown {
  private closing = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly lane: PlacementLane,
    @Inject(PacketDataSource) private readonly packets: DataSource,
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
   * Answers why orders are refused although this process serves everything else; nothing when all is
   * well. Throws UNAVAILABLE when the database does not answer in time or a shutdown has begun.
   */
  async check(): Promise<Degradation[]> {
    if (this.closing) {
      throw new ShopError('UNAVAILABLE', { members: { reason: 'shutting_down' } });
    }
    const late = new AbortController();
    const deadline = delay(PROBE_TIMEOUT_MS, undefined, { signal: late.signal });
    try {
      const [readOnly, queue, connected] = await Promise.all([
        Promise.race([this.isReadOnly(), deadline.then(() => Promise.reject(new Error('late')))]),
        Promise.race([this.lane.isAvailable(), deadline.then(() => false)]),
        Promise.race([this.isConnectedForOrders(), deadline.then(() => false)]),
      ]);
      return [
        ...(readOnly ? (['database_read_only'] as const) : []),
        ...(queue ? [] : (['queue_unavailable'] as const)),
        ...(connected ? [] : (['order_connections_unavailable'] as const)),
      ];
    } catch {
      throw new ShopError('UNAVAILABLE', { members: { reason: 'database' }, retryAfterSeconds: 2 });
    } finally {
      late.abort();
    }
  }

  /**
   * Reads a table, since `SELECT 1` also succeeds on a cluster node that has lost its quorum. The
   * variables are numbers or words, as the server's version has it; a replica of Aurora sets the
   * second one only.
   */
  private async isReadOnly(): Promise<boolean> {
    const [row] = await this.dataSource.query<[Record<string, number | string>]>(
      `SELECT @@global.read_only AS server, @@global.innodb_read_only AS engine,
              (SELECT id FROM skus LIMIT 1) AS sku`,
    );
    return [row['server'], row['engine']].some((value) => !WRITABLE.has(String(value)));
  }

  /**
   * Asks on the connections of orders, which may be refused while the others are open: a limit of the
   * account counts all of them. One batch is at work at a time and has a connection; where none is
   * free within the probe's time, orders get none either.
   */
  private async isConnectedForOrders(): Promise<boolean> {
    try {
      await this.packets.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}
