import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './client.js';

const WITHIN_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Sends again what was answered 503. Many requests for one row may wait longer for a connection
 * than the shop allows when the machine is loaded; it then says so and has done nothing. Whoever
 * must not be answered so at all counts with `onBusy`, which is called once for a request, at the
 * first 503.
 */
export async function insist<T>(
  send: () => Promise<Answer<T>>,
  onBusy: () => void = () => {},
): Promise<Answer<T>> {
  const since = performance.now();
  let answer = await send();
  if (answer.status === 503) {
    onBusy();
  }
  while (answer.status === 503 && performance.now() - since < WITHIN_MS) {
    await delay(PAUSE_MS);
    answer = await send();
  }
  return answer;
}
