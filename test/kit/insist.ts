import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './client.js';

const WITHIN_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Sends again what was answered 503. Many requests for one row may wait longer for a connection
 * than the shop allows when the machine is loaded; it then says so and has done nothing.
 */
export async function insist<T>(send: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const since = performance.now();
  let answer = await send();
  while (answer.status === 503 && performance.now() - since < WITHIN_MS) {
    await delay(PAUSE_MS);
    answer = await send();
  }
  return answer;
}
