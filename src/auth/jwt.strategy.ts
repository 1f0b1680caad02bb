import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { Config } from '../config/config.js';
import { ShopError } from '../common/errors.js';
import type { Principal } from './principal.js';
import { Revocations } from './revocations.js';
import {
  type Claims,
  CLOCK_LEEWAY_SECONDS,
  signingKey,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from './tokens.js';

const SCHEME = /^(?:JWT|Bearer) +(\S+)$/i;

/** The token of `Authorization: JWT …` (the original pages) or `Bearer …` (everybody else). */
export function tokenOf(authorization: string | undefined): string | null {
  return SCHEME.exec(authorization ?? '')?.[1] ?? null;
}

/** Verifies access tokens: algorithm, issuer, audience, kind, expiry and revocation are pinned. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: Config,
    private readonly revocations: Revocations,
  ) {
    super({
      jwtFromRequest: (request: { headers: { authorization?: string } }) =>
        tokenOf(request.headers.authorization),
      secretOrKey: signingKey(config),
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      ignoreExpiration: false,
      jsonWebTokenOptions: { clockTolerance: CLOCK_LEEWAY_SECONDS },
    } as unknown as ConstructorParameters<typeof Strategy>[0]);
  }

  validate(claims: Claims & { exp?: number }): Principal {
    const id = Number(claims.sub);
    if (
      claims.typ !== 'access' ||
      claims.exp === undefined ||
      !Number.isSafeInteger(id) ||
      this.revocations.revoked(id, claims.ver)
    ) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    return { id, username: claims.username, role: claims.role, version: claims.ver };
  }
}
