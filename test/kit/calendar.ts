import { setTimeout as delay } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Where it is midnight in UTC and in Beijing, in milliseconds of the day in UTC. */
const MIDNIGHTS_MS = [0, 16 * 3_600_000];

/**
 * What happens in a test is to be of one day, in UTC and in Beijing. Where one is about to end, it is
 * waited for.
 */
export async function clearOfMidnight(withinMs = 60_000): Promise<void> {
  for (const midnight of MIDNIGHTS_MS) {
    const left = (midnight - (Date.now() % DAY_MS) + DAY_MS) % DAY_MS;
    if (left < withinMs) {
      await delay(left + 100);
    }
  }
}
