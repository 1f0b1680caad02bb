import { randomUUID } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import { Gate } from '../common/gate.js';

/** Argon2id with the least costs OWASP recommends: 19 MiB, two passes, one lane. */
const COSTS: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Of the four threads that Node has for such work, one is left for files and names. Each run takes
 * 19 MiB and some thirty milliseconds, so who would be the hundredth to wait is told to come again.
 */
const gate = new Gate(3, 100);

/** A hash nobody knows the password of, compared with when there is no user. */
const nobodysHash = hashPassword(randomUUID());

/** Throws BUSY when too many passwords wait already. */
export function hashPassword(password: string): Promise<string> {
  return gate.run(() => hash(password, COSTS));
}

/**
 * Without a stored hash, or with a mark such as `!` in its place that locks an account, the answer is
 * false, after the same work, so time tells nothing. Throws BUSY when too many passwords wait already.
 */
export async function passwordMatches(
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const isHash = stored?.startsWith('$argon2') === true;
  const comparedWith = isHash ? stored : await nobodysHash;
  const matches = await gate.run(() => verify(comparedWith, password));
  return isHash && matches;
}
