import type { DataSource } from 'typeorm';
import { inTransaction, type Tx } from '../database/transaction.js';

const BATCH = 500;
const WAITING = 1;

/** Which events are to be sent once more. */
export interface ReplayScope {
  readonly since: Date;
  readonly until?: Date;
  readonly orderId?: string;
  /** One endpoint only. */
  readonly url?: string;
}

export interface Replayed {
  readonly events: number;
  readonly endpoints: number;
}

/**
 * Makes events due again, the oldest first, at the endpoints there are. They are sent under the ids
 * they had, so a receiver that keeps ids knows them. Events from before an endpoint was named are
 * sent to it as well. What was not taken over yet is left to come by itself.
 */
export async function replay(dataSource: DataSource, scope: ReplayScope): Promise<Replayed> {
  const endpoints = await dataSource.query<{ id: number; url: string }[]>(
    'SELECT id, url FROM webhook_endpoints WHERE NOT retired',
  );
  const ids = endpoints.filter(({ url }) => scope.url === undefined || url === scope.url);
  let events = 0;
  let last = 0;
  while (ids.length > 0) {
    const batch = await nextEvents(dataSource, scope, last);
    if (batch.length === 0) {
      break;
    }
    await inTransaction(dataSource, (tx) =>
      makeDue(
        tx,
        batch,
        ids.map(({ id }) => id),
      ),
    );
    events += batch.length;
    last = batch.at(-1) ?? last;
  }
  return { events, endpoints: ids.length };
}

async function nextEvents(
  dataSource: DataSource,
  { since, until, orderId }: ReplayScope,
  after: number,
): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(
    `SELECT id FROM order_events
     WHERE id > ? AND relayed AND created_at >= ? AND (? IS NULL OR created_at < ?)
       AND (? IS NULL OR order_id = ?)
     ORDER BY id LIMIT ?`,
    [after, since, until ?? null, until ?? null, orderId ?? null, orderId ?? null, BATCH],
  );
  return rows.map(({ id }) => id);
}

async function makeDue(tx: Tx, eventIds: readonly number[], endpoints: readonly number[]) {
  await tx.query(
    `INSERT INTO webhook_deliveries (endpoint_id, event_id, order_id, state, due_at)
     SELECT p.id, e.id, e.order_id, ?, UTC_TIMESTAMP(3)
     FROM order_events e JOIN webhook_endpoints p ON p.id IN (?)
     WHERE e.id IN (?) ORDER BY e.id, p.id
     ON DUPLICATE KEY UPDATE state = VALUES(state), attempts = 0, due_at = VALUES(due_at),
       delivered_at = NULL`,
    [WAITING, endpoints, eventIds],
  );
}
