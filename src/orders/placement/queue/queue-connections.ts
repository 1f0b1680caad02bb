import { Redis } from 'ioredis';

export const QUEUE_NAME = 'orders';
/** All keys of the queue lie in one hash slot, as BullMQ's scripts need it on a cluster. */
export const QUEUE_PREFIX = '{meiduo}';

const CONNECT_TIMEOUT_MS = 1000;
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
