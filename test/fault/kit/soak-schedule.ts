import { type Choices, randomFrom } from '../../bench/random.js';
import { FAULT_NAMES, type FaultName } from './soak-faults.js';

const CALM_MS = { min: 300, max: 1500 };
/** May begin while another fault is there. */
const BESIDE: readonly FaultName[] = [
  'latency',
  'single bytes',
  'a lost COMMIT',
  'a storm of notifies',
  'a gateway that fails',
];
/** A process that begins needs its database; these do not come between them. */
const BESIDE_A_BEGINNING: readonly FaultName[] = ['a storm of notifies', 'a gateway that fails'];
/** One fault in so many has another beside it. */
const BESIDE_ONE_IN = 3;
const SEEDS = 1_000_000;

/** A fault, and the seed of whatever it chooses itself. */
export interface Planned {
  readonly name: FaultName;
  readonly seed: number;
}

export interface Step {
  /** How long nothing is wrong before it. */
  readonly calmMs: number;
  /** One fault, or two at once. */
  readonly faults: readonly Planned[];
}

/**
 * What goes wrong, one step after the other without an end. It is drawn from the seed alone: what the
 * faults choose, how long they take and which of them can be had on this machine changes nothing in it.
 */
export function* schedule(
  seed: number,
  names: readonly FaultName[] = FAULT_NAMES,
): Generator<Step, never> {
  const random = randomFrom(seed);
  for (;;) {
    const calmMs = random.between(CALM_MS.min, CALM_MS.max);
    const [name = 'resets'] = random.distinct(names, 1);
    const other = second(name, names, random);
    const planned = [name, ...(other ? [other] : [])];
    const faults = planned.map((one) => ({ name: one, seed: random.between(0, SEEDS) }));
    yield { calmMs, faults };
  }
}

/** What is to begin beside a fault, if anything. */
function second(
  name: FaultName,
  names: readonly FaultName[],
  random: Choices,
): FaultName | undefined {
  const fits = name === 'kill a process' ? BESIDE_A_BEGINNING : BESIDE;
  const possible = fits.filter((other) => other !== name && names.includes(other));
  const [other] = random.distinct(possible, 1);
  return random.between(1, BESIDE_ONE_IN) === 1 ? other : undefined;
}
