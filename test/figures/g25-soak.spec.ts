/**
 * Random faults under random buyers, by a seed: `npm run soak -- --minutes 30 --seed 7`. Where it is
 * possible the test runs itself in a network namespace, so that packets can be lost too.
 */
import { describe, expect, it } from 'vitest';
import { CLEAN, told } from '../fault/kit/crowd.js';
import { insideNamespace, isInside, missing } from '../fault/kit/lossy-network.js';
import { soak, type SoakResult } from '../fault/kit/soak.js';
import { schedule } from '../fault/kit/soak-schedule.js';
import { figure, FULL } from '../kit/figure.js';

const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Math.floor(Math.random() * 1e6) : 25));
const SECONDS = Number(process.env['SOAK_MINUTES'] ?? (FULL ? 30 : 0.2)) * 60;
const HOUR_MS = 3_600_000;
/** How often each fault was there. */
const COUNT = /^ *\d+ × .*$/gm;
const STEPS = 200;

describe('G25', () => {
  it(
    `random faults by seed ${SEED}: nothing lost, doubled or oversold, and soon well again`,
    isInside || missing !== undefined ? soaks : passesInside,
    3 * HOUR_MS,
  );

  it.skipIf(isInside)('a seed brings its schedule, whatever the faults choose', () => {
    const some = (seed: number) => {
      const steps = schedule(seed);
      return Array.from({ length: STEPS }, () => steps.next().value);
    };
    expect(some(SEED)).toEqual(some(SEED));
    expect(some(SEED + 1)).not.toEqual(some(SEED));
    const names = new Set(some(SEED).flatMap(({ faults }) => faults.map(({ name }) => name)));
    expect(names).toContain('packets to Redis lost');
  });

  it.skipIf(isInside)(
    'the harness sees what a database loses that does not flush at commit',
    async () => {
      const faults = ['kill the database'] as const;
      const bug = { flush: 0, faults, hasty: true } as const;
      expect((await soak({ seconds: 1, seed: SEED, ...bug })).lost).toBeGreaterThan(0);
    },
    HOUR_MS,
  );
});

async function passesInside(): Promise<void> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/figures/g25-soak.spec.ts'];
  const { code, output } = await insideNamespace(process.execPath, args, {
    SOAK_SEED: String(SEED),
    SOAK_MINUTES: String(SECONDS / 60),
  });
  expect(code, output).toBe(0);
  console.log(output.match(COUNT)?.join('\n'));
}

async function soaks(): Promise<void> {
  const result = await soak({ seconds: SECONDS, seed: SEED });
  // With the queue in one process only, an earlier try may come true after a refusal by the other.
  expect(result, `seed ${SEED}`).toMatchObject({ ...CLEAN, late: result.late });
  expect(result.promised).toBeGreaterThan(SECONDS);
  figure(
    'G25',
    `soak, seed ${SEED}, ${(SECONDS / 60).toFixed(1)} minutes`,
    '0 violations; orders again within 5 s; then 95 % within 1 s',
    gotOf(result),
    result.backMs < 5000 && result.quick >= 0.95,
  );
  for (const [name, n] of Object.entries(result.faults).sort(([, a], [, b]) => b - a)) {
    console.log(`${String(n).padStart(5)} × ${name}`);
  }
  // Generous, for machines under load; the figure says what it was.
  expect(result.backMs).toBeLessThan(60_000);
  expect(result.quick).toBeGreaterThan(0.2);
}

function gotOf(result: SoakResult): string {
  const count = Object.values(result.faults).reduce((sum, n) => sum + n, 0);
  return [
    `${count} faults, ${result.beside} of them beside another, ${told(result)}`,
    `${result.queued} answered 202 first, ${result.failed} to be sent again, ${result.late} made by the queue after a refusal`,
    `${result.paid} paid, ${result.canceled} canceled, ${result.refunded} refunded`,
    `npm run verify: ${result.verified}`,
    `orders again, from both processes, after ${result.backMs.toFixed(0)} ms`,
    `${(result.quick * 100).toFixed(1)} % within 1 s`,
    ...(isInside ? [] : [`packet loss skipped: ${missing}`]),
  ].join('; ');
}
