/** Claims of a token whose signature, issuer and audience were verified. */
interface Expiring {
  readonly exp: number;
}

/**
 * Remembers tokens that were verified, so that the next request of the same buyer need not verify
 * the signature again. Bounded; the oldest goes first. Expiry is compared at every look, and
 * revocation is not remembered at all: the caller checks it every time.
 */
export class VerifiedTokens<C extends Expiring> {
  private readonly claims = new Map<string, C>();

  constructor(
    private readonly max: number,
    private readonly leewaySeconds: number,
    private readonly now: () => number = Date.now,
  ) {}

  get(token: string): C | undefined {
    const claims = this.claims.get(token);
    if (claims && Math.floor(this.now() / 1000) >= claims.exp + this.leewaySeconds) {
      this.claims.delete(token);
      return undefined;
    }
    return claims;
  }

  add(token: string, claims: C): void {
    if (this.claims.size >= this.max) {
      const oldest = this.claims.keys().next();
      if (!oldest.done) {
        this.claims.delete(oldest.value);
      }
    }
    this.claims.set(token, claims);
  }
}
