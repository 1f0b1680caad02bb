import { randomUUID } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';

/** Argon2id with the least costs OWASP recommends: 19 MiB, two passes, one lane. */
const COSTS: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash nobody knows the password of, compared with when there is no user. */
const nobodysHash = hashPassword(randomUUID());

export function hashPassword(password: string): Promise<string> {
  return hash(password, COSTS);
}

/** Without a stored hash the answer is false, after the same work, so time tells nothing. */
export async function passwordMatches(
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const matches = await verify(stored ?? (await nobodysHash), password);
  return stored !== undefined && matches;
}
