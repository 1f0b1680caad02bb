import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '../config/config.js';
import type { Principal } from './principal.js';

export const TOKEN_ISSUER = 'meiduo-mall';
export const TOKEN_AUDIENCE = 'meiduo-shop';
export const TOKEN_ALGORITHM = 'HS256';
/** Tolerated difference between the clocks of two machines, in seconds. */
export const CLOCK_LEEWAY_SECONDS = 30;
/**
 * A token that was issued further in the future comes from a clock that is wrong, and would outlive
 * its time by as much. Less is tolerated, so that one such clock locks nobody out.
 */
export const CLOCK_AHEAD_SECONDS = 900;

/** The claims of an access token. */
export interface Claims {
  readonly sub: string;
  readonly username: string;
  readonly role: Principal['role'];
  readonly ver: number;
  readonly typ: 'access';
}

/**
 * The signing secret as a prepared key. jsonwebtoken makes a key object of a string on every call,
 * which costs most of the throughput of a guarded route.
 */
export function signingKey(config: Config): KeyObject {
  return createSecretKey(Buffer.from(config.JWT_SECRET, 'utf8'));
}

/** Issues access tokens. */
@Injectable()
export class Tokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly config: Config,
  ) {}

  /** A token for this user, valid for JWT_TTL_SECONDS or until the user's version moves on. */
  issue(user: Principal): string {
    const claims: Omit<Claims, 'sub'> = {
      username: user.username,
      role: user.role,
      ver: user.version,
      typ: 'access',
    };
    return this.jwt.sign(claims, {
      subject: String(user.id),
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      algorithm: TOKEN_ALGORITHM,
      expiresIn: this.config.JWT_TTL_SECONDS,
    });
  }
  /** True for a token with our signature, whatever has become of it: expired, revoked, of another kind. */
  wasOurs(token: string): boolean {
    try {
      this.jwt.verify(token, {
        algorithms: [TOKEN_ALGORITHM],
        ignoreExpiration: true,
        ignoreNotBefore: true,
      });
      return true;
    } catch {
      return false;
    }
  }
}
