import { createHmac } from 'node:crypto';
import { yuan } from '../common/money.js';

/** An order event with what a receiver is told of its order. Nothing personal. */
export interface EventFacts {
  readonly eventId: number;
  readonly orderId: string;
  readonly type: string;
  readonly fromStatus: number | null;
  readonly toStatus: number;
  readonly createdAt: Date;
  readonly payMethod: number;
  readonly totalFen: number;
}

/** What is sent: the same bytes under the same id, however often. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** The message of an event. Pure, so that every attempt and every replay sends the same. */
export function messageOf(event: EventFacts): Message {
  return {
    id: `msg_${event.eventId}`,
    body: JSON.stringify({
      type: `order.${event.type}`,
      timestamp: event.createdAt.toISOString(),
      data: {
        order_id: event.orderId,
        status: event.toStatus,
        previous_status: event.fromStatus,
        pay_method: event.payMethod,
        total_amount: yuan(event.totalFen),
      },
    }),
  };
}

/** The key of a secret in the form `whsec_<base64>`. */
export function signingKeyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

/**
 * The three headers of the Standard Webhooks convention (standardwebhooks.com): HMAC-SHA256 over
 * `id.timestamp.body`, with the time of this attempt in whole seconds. One signature for each key,
 * so that receivers may go from an old secret to a new one whenever they like.
 */
export function signedHeaders(
  message: Message,
  keys: readonly Buffer[],
  now: Date,
): Record<string, string> {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const text = `${message.id}.${seconds}.${message.body}`;
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
  );
  return {
    'webhook-id': message.id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
  };
}
