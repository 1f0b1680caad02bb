import type { DataSource } from 'typeorm';
import type { Tx, Written } from '../database/transaction.js';
import type { EventFacts } from './message.js';

/** The states of a delivery. */
const State = { Waiting: 1, Delivered: 2, GivenUp: 3 } as const;

export interface Endpoint {
  readonly id: number;
  readonly url: string;
}

/** A delivery this process has taken, with the attempt it is for. */
export interface Claim extends EventFacts {
  readonly id: number;
  readonly endpointId: number;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
}

export interface Failure {
  readonly reason: string;
  /** Until the next attempt; undefined: there is none. */
  readonly pauseMs: number | undefined;
}

/**
 * Makes the URLs the endpoints of the shop. One that is new, or comes back, is sent what happens
 * from now on; one that is not named any more is sent nothing.
 */
export async function registerEndpoints(tx: Tx, urls: readonly string[]): Promise<Endpoint[]> {
  if (urls.length === 0) {
    await tx.query('UPDATE webhook_endpoints SET retired = TRUE');
    return [];
  }
  await tx.query('UPDATE webhook_endpoints SET retired = TRUE WHERE url NOT IN (?)', [urls]);
  for (const url of urls) {
    await tx.query(
      `INSERT INTO webhook_endpoints (url, since) VALUES (?, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE since = IF(retired, VALUES(since), since), retired = FALSE`,
      [url],
    );
  }
  return tx.query<Endpoint[]>('SELECT id, url FROM webhook_endpoints WHERE url IN (?)', [urls]);
}

/**
 * What waited when an endpoint was taken out is not sent when it comes back; a replay sends it. To be
 * called before the endpoints are registered, until it answers that there is no more than the at
 * most `max` of each endpoint. The endpoint rows are locked, so none comes back meanwhile.
 */
export async function giveUpWaiting(
  tx: Tx,
  urls: readonly string[],
  max: number,
): Promise<boolean> {
  if (urls.length === 0) {
    return false;
  }
  const back = await tx.query<{ id: number }[]>(
    'SELECT id FROM webhook_endpoints WHERE retired AND url IN (?) ORDER BY id FOR UPDATE',
    [urls],
  );
  let more = false;
  for (const { id } of back) {
    const { affectedRows } = await tx.query<Written>(
      `UPDATE webhook_deliveries SET state = ?, last_error = 'the endpoint was taken out'
       WHERE endpoint_id = ? AND state = ? ORDER BY due_at LIMIT ?`,
      [State.GivenUp, id, State.Waiting, max],
    );
    more ||= affectedRows === max;
  }
  return more;
}

/**
 * Turns committed events into deliveries, the oldest first; answers how many events. What was taken
 * over is marked on the event itself: a later id may be committed before an earlier one, so no
 * position could stand for "everything up to here". The endpoint rows are locked meanwhile, so only
 * one instance does this at a time and the deliveries of an order come to be in their order.
 */
export async function relayEvents(tx: Tx, max: number): Promise<number> {
  const endpoints = await tx.query<unknown[]>(
    'SELECT id FROM webhook_endpoints ORDER BY id FOR UPDATE',
  );
  const events = await tx.query<{ id: number }[]>(
    `SELECT id FROM order_events FORCE INDEX (ix_order_events_relayed)
     WHERE relayed = FALSE ORDER BY id LIMIT ?`,
    [max],
  );
  if (endpoints.length === 0 || events.length === 0) {
    return 0;
  }
  const ids = events.map(({ id }) => id);
  await tx.query(
    `INSERT INTO webhook_deliveries (endpoint_id, event_id, order_id, state, due_at)
     SELECT p.id, e.id, e.order_id, ?, UTC_TIMESTAMP(3)
     FROM order_events e JOIN webhook_endpoints p ON NOT p.retired AND e.created_at >= p.since
     WHERE e.id IN (?) ORDER BY e.id, p.id`,
    [State.Waiting, ids],
  );
  await tx.query('UPDATE order_events SET relayed = TRUE WHERE id IN (?)', [ids]);
  return ids.length;
}

/**
 * The deliveries that could be made now: of each order only its oldest that still waits. Read
 * without locks, since a locked predecessor must stand in the way, not be skipped.
 */
export async function dueDeliveries(
  dataSource: DataSource,
  endpointId: number,
  max: number,
): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(
    `SELECT d.id FROM webhook_deliveries d
     WHERE d.endpoint_id = ? AND d.state = ? AND d.due_at <= UTC_TIMESTAMP(3)
       AND NOT EXISTS (
         SELECT 1 FROM webhook_deliveries p
         WHERE p.endpoint_id = d.endpoint_id AND p.order_id = d.order_id AND p.state = d.state
           AND p.event_id < d.event_id)
     ORDER BY d.due_at, d.id LIMIT ?`,
    [endpointId, State.Waiting, max],
  );
  return rows.map(({ id }) => id);
}

/**
 * Takes those of the deliveries that nobody else has taken. They are due again after `leaseMs`, so
 * what a process took and did not finish is not lost with it.
 */
export async function claimDeliveries(
  tx: Tx,
  ids: readonly number[],
  leaseMs: number,
): Promise<Claim[]> {
  const locked = await tx.query<{ id: number }[]>(
    `SELECT id FROM webhook_deliveries
     WHERE id IN (?) AND state = ? AND due_at <= UTC_TIMESTAMP(3)
     ORDER BY id FOR UPDATE SKIP LOCKED`,
    [ids, State.Waiting],
  );
  if (locked.length === 0) {
    return [];
  }
  const taken = locked.map(({ id }) => id);
  await tx.query(
    `UPDATE webhook_deliveries
     SET attempts = attempts + 1, due_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
     WHERE id IN (?)`,
    [leaseMs * 1000, taken],
  );
  return tx.query<Claim[]>(
    `SELECT d.id, d.endpoint_id AS endpointId, d.attempts AS attempt, e.id AS eventId,
            e.order_id AS orderId, e.type, e.from_status AS fromStatus, e.to_status AS toStatus,
            e.created_at AS createdAt, o.pay_method AS payMethod, o.total_fen AS totalFen
     FROM webhook_deliveries d
     JOIN order_events e ON e.id = d.event_id
     JOIN orders o ON o.id = e.order_id
     WHERE d.id IN (?) ORDER BY d.id`,
    [taken],
  );
}

/** Books a delivery that was taken; the order's next one may go. */
export async function markDelivered(tx: Tx, claim: Claim): Promise<void> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE webhook_deliveries
     SET state = ?, delivered_at = UTC_TIMESTAMP(3), last_error = NULL
     WHERE id = ? AND state = ?`,
    [State.Delivered, claim.id, State.Waiting],
  );
  if (affectedRows === 1) {
    await postponeRest(tx, claim, 0);
  }
}

/**
 * Books a failed attempt, unless the delivery was taken again meanwhile. What comes after it in the
 * same order waits as long; after the last attempt it is given up, and the next one may go.
 */
export async function markFailed(tx: Tx, claim: Claim, failure: Failure): Promise<void> {
  const { pauseMs, reason } = failure;
  const { affectedRows } = await tx.query<Written>(
    `UPDATE webhook_deliveries SET state = ?, last_error = ?
     WHERE id = ? AND state = ? AND attempts = ?`,
    [
      pauseMs === undefined ? State.GivenUp : State.Waiting,
      reason.slice(0, 200),
      claim.id,
      State.Waiting,
      claim.attempt,
    ],
  );
  if (affectedRows === 1) {
    await postponeRest(tx, claim, pauseMs ?? 0);
  }
}

/** Sets when the order may be tried again at this endpoint. */
async function postponeRest(
  tx: Tx,
  { endpointId, orderId }: Claim,
  pauseMs: number,
): Promise<void> {
  await tx.query(
    `UPDATE webhook_deliveries SET due_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
     WHERE endpoint_id = ? AND order_id = ? AND state = ?`,
    [pauseMs * 1000, endpointId, orderId, State.Waiting],
  );
}

/**
 * Deletes deliveries that have been over for `keepDays`: taken, given up, or waiting for an endpoint
 * that is not named any more. At most `max` of each endpoint and state; answers whether there may be
 * more. The events themselves stay, so all of them can still be replayed.
 */
export async function deleteOldDeliveries(tx: Tx, keepDays: number, max: number): Promise<boolean> {
  const endpoints = await tx.query<{ id: number; retired: number }[]>(
    'SELECT id, retired FROM webhook_endpoints',
  );
  let more = false;
  for (const { id, retired } of endpoints) {
    const over = [State.Delivered, State.GivenUp, ...(retired ? [State.Waiting] : [])];
    for (const state of over) {
      const { affectedRows } = await tx.query<Written>(
        `DELETE FROM webhook_deliveries
         WHERE endpoint_id = ? AND state = ? AND due_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY
         ORDER BY due_at LIMIT ?`,
        [id, state, keepDays, max],
      );
      more ||= affectedRows === max;
    }
  }
  return more;
}
