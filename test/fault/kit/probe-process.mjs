import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * `node probe-process.mjs URL` asks a probe again and again, each time on a connection of its own as
 * an orchestrator does, until SIGTERM; then it prints the longest that an answer took, in
 * milliseconds. An answer that is not 200, or none, ends it with an error.
 */
const PAUSE_MS = 50;

const [url = ''] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

let longestMs = 0;
while (!stop.signal.aborted) {
  const since = performance.now();
  const status = await statusOf();
  if (status !== 200) {
    throw new Error(`${url} answered ${status}`);
  }
  longestMs = Math.max(longestMs, performance.now() - since);
  await delay(PAUSE_MS);
}
console.log(longestMs);

/** @returns {Promise<number | undefined>} */
function statusOf() {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.on('error', reject).on('end', () => resolve(answer.statusCode));
      answer.resume();
    }).on('error', reject);
  });
}
