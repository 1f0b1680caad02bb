import { Redis } from 'ioredis';

export const QUEUE_NAME = 'orders';
/** All keys of the queue lie in one hash slot, as BullMQ's scripts need it on a cluster. */
export const QUEUE_PREFIX = '{meiduo}';

/** No request waits for it: while there is no connection, commands fail at once. */
const CONNECT_TIMEOUT_MS = 1000;
/**
 * As long as a statement may take. Redis flushes every write to its file before it answers, so a
 * slow disk or a rewrite of the file keeps all commands for a moment; a shorter deadline would refuse
 * orders then, and leave those whose answer came late in the queue with nobody waiting for them.
 * Only a Redis that hangs costs requests this time: one that is gone is noticed at once.
 */
const COMMAND_TIMEOUT_MS = 2000;

/** For requests: a command that cannot be sent now fails now, nobody waits for Redis. */
export function impatient(url: string): Redis {
  return quiet(
    new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      retryStrategy: reconnectDelay,
    }),
  );
}

/** For the worker and the events, which wait for Redis as long as it takes. */
export function patient(url: string): Redis {
  return quiet(
    new Redis(url, {
      maxRetriesPerRequest: null,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: reconnectDelay,
    }),
  );
}

function reconnectDelay(attempt: number): number {
  return Math.min(50 * attempt, 500);
}

/** ioredis reports every failed reconnection as an event; who uses the connection sees it anyway. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => undefined);
}
