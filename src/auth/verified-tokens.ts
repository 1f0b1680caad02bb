import { Injectable } from '@nestjs/common';
import type { Principal } from './principal.js';
import { Revocations } from './revocations.js';
import { CLOCK_LEEWAY_SECONDS } from './tokens.js';

/** The buyers that are busy at one time; a token of ours takes half a kilobyte. */
const REMEMBERED_MAX = 25_000;
/** A longer header is no client's habit, and its likes would fill the memory. */
const HEADER_MAX = 1000;

interface Verified {
  readonly principal: Principal;
  /** Seconds since 1970, as the token says. */
  readonly exp: number;
}

/**
 * Remembers the tokens that passport has verified, by their Authorization header, so that the next
 * request of the same buyer need not verify the signature again. Bounded; the oldest goes first.
 * Nothing else is remembered: expiry and revocation are looked at every time.
 */
@Injectable()
export class VerifiedTokens {
  private readonly verified = new Map<string, Verified>();

  constructor(private readonly revocations: Revocations) {}

  /** Whose token this is; undefined when it was not verified before, or is good no more. */
  principalOf(authorization: string | undefined, nowMs = Date.now()): Principal | undefined {
    const known = authorization === undefined ? undefined : this.verified.get(authorization);
    if (!known) {
      return undefined;
    }
    const { principal, exp } = known;
    const expired = Math.floor(nowMs / 1000) >= exp + CLOCK_LEEWAY_SECONDS;
    return expired || this.revocations.revoked(principal.id, principal.version)
      ? undefined
      : principal;
  }

  add(authorization: string, verified: Verified, max = REMEMBERED_MAX): void {
    if (authorization.length > HEADER_MAX) {
      return;
    }
    if (this.verified.size >= max) {
      const oldest = this.verified.keys().next();
      if (!oldest.done) {
        this.verified.delete(oldest.value);
      }
    }
    this.verified.set(authorization, verified);
  }
}
