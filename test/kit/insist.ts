import type { Answer } from './client.js';

const TRIES_MAX = 20;

/**
 * Sends again what was answered 503. Many requests for one row may wait longer for a connection
 * than the shop allows when the machine is loaded; it then says so and has done nothing.
 */
export async function insist<T>(send: () => Promise<Answer<T>>): Promise<Answer<T>> {
  let answer = await send();
  for (let tries = 1; answer.status === 503 && tries < TRIES_MAX; tries += 1) {
    answer = await send();
  }
  return answer;
}
