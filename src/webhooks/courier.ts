import { type Message, signedHeaders } from './message.js';

/**
 * Posts one signed message. Answers undefined when the receiver has taken it (2xx), else in a few
 * words why not. Redirects are not followed: the receiver that was configured is the one that gets
 * it. `stop` ends the attempt early.
 */
export async function post(
  url: string,
  message: Message,
  keys: readonly Buffer[],
  timeoutMs: number,
  stop: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stop]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'meiduo-webhooks/1',
        ...signedHeaders(message, keys, new Date()),
      },
      body: message.body,
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The code of a failed connection, or the name of the deadline's error. Never the URL. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'no connection';
}
