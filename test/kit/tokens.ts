import { createHmac } from 'node:crypto';
import type { Role } from '../../src/auth/principal.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../src/auth/tokens.js';
import { TEST_JWT_SECRET } from './settings.js';

export type Json = Readonly<Record<string, unknown>>;

const now = (): number => Math.floor(Date.now() / 1000);

/** The claims of a token as the shop issues it, good for an hour. */
export function claimsOf(userId: number, role: Role = 'buyer'): Json {
  return {
    sub: String(userId),
    username: `buyer_${userId}`,
    role,
    ver: 0,
    typ: 'access',
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    iat: now(),
    exp: now() + 3600,
  };
}

/** Seconds from now, as a claim. */
export const inSeconds = (seconds: number): number => now() + seconds;

/** A token made by hand: any header, any claims, signed with HMAC of any hash and secret. */
export function handMade(
  claims: Json,
  { header = {}, secret = TEST_JWT_SECRET, hash = 'sha256' } = {},
): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}
