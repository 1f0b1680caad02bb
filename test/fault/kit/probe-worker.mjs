import { get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * Asks a probe again and again, each time on a connection of its own as an orchestrator does, until
 * it is told to stop; then it tells the longest that an answer took, in milliseconds. An answer that
 * is not 200, or none, ends it with an error.
 */
const PAUSE_MS = 50;

let stopped = false;
parentPort?.once('message', () => (stopped = true));

let longestMs = 0;
while (!stopped) {
  const since = performance.now();
  const status = await statusOf(workerData);
  if (status !== 200) {
    throw new Error(`${workerData} answered ${status}`);
  }
  longestMs = Math.max(longestMs, performance.now() - since);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
parentPort?.postMessage(longestMs);

/** @param {string} url @returns {Promise<number | undefined>} */
function statusOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.on('error', reject).on('end', () => resolve(answer.statusCode));
      answer.resume();
    }).on('error', reject);
  });
}
