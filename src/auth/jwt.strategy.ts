import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { ShopError } from '../common/errors.js';
import { Config } from '../config/config.js';
import type { Principal } from './principal.js';
import { Revocations } from './revocations.js';
import {
  type Claims,
  CLOCK_AHEAD_SECONDS,
  CLOCK_LEEWAY_SECONDS,
  signingKey,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from './tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

const SCHEME = /^(?:JWT|Bearer) +(\S+)$/i;

/** What of a request carries its token. */
export interface AuthorizedRequest {
  readonly headers: { readonly authorization?: string };
}

/** When a token was made and when it ends, in seconds since 1970. */
interface Times {
  readonly iat: number;
  readonly exp: number;
}

/** The token of `Authorization: JWT …` (the original pages) or `Bearer …` (everybody else). */
export function tokenOf({ headers }: AuthorizedRequest): string | null {
  return SCHEME.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Verifies access tokens: algorithm, issuer, audience, kind, expiry and revocation are pinned. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: Config,
    private readonly revocations: Revocations,
    private readonly verified: VerifiedTokens,
  ) {
    super({
      jwtFromRequest: tokenOf,
      secretOrKey: signingKey(config),
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      ignoreExpiration: false,
      passReqToCallback: true,
      jsonWebTokenOptions: { clockTolerance: CLOCK_LEEWAY_SECONDS },
      // The types know no key objects, which jsonwebtoken itself prefers.
    } as unknown as ConstructorParameters<typeof Strategy>[0]);
  }

  /** Called by passport-jwt once the signature, the issuer, the audience and the expiry are right. */
  validate(request: AuthorizedRequest, claims: Claims & Partial<Times>): Principal {
    const { exp, iat = 0 } = claims;
    if (exp === undefined || iat > Date.now() / 1000 + CLOCK_AHEAD_SECONDS) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    const principal = this.principalOf(claims);
    this.verified.add(request.headers.authorization ?? '', { principal, exp });
    return principal;
  }

  private principalOf(claims: Claims): Principal {
    const id = Number(claims.sub);
    if (
      claims.typ !== 'access' ||
      !Number.isSafeInteger(id) ||
      !Number.isSafeInteger(claims.ver) ||
      this.revocations.revoked(id, claims.ver)
    ) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    return { id, username: claims.username, role: claims.role, version: claims.ver };
  }
}
