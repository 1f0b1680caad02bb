import { createSecretKey, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '../../config/config.js';

const AUDIENCE = 'email-verification';
const ALGORITHM = 'HS256';
const LIFETIME_SECONDS = 86_400;

/** Whose address a link proves. */
export interface EmailClaim {
  readonly userId: number;
  readonly email: string;
}

/**
 * The links in verification mails: a signed token for one user and one address, good for a day. Its
 * key is derived for this purpose, so it is no access token and no access token is a link.
 */
@Injectable()
export class EmailLinks {
  private readonly jwt: JwtService;

  constructor(private readonly config: Config) {
    const key = hkdfSync('sha256', config.JWT_SECRET, '', 'email-links', 32);
    this.jwt = new JwtService({ secret: createSecretKey(Buffer.from(key)) });
  }

  linkFor({ userId, email }: EmailClaim): string {
    const token = this.jwt.sign(
      { email },
      {
        subject: String(userId),
        audience: AUDIENCE,
        algorithm: ALGORITHM,
        expiresIn: LIFETIME_SECONDS,
      },
    );
    const link = new URL(this.config.emailVerifyUrl);
    link.searchParams.set('token', token);
    return link.toString();
  }

  /** What the token of a link says; undefined when it is not one of ours or too old. */
  read(token: string): EmailClaim | undefined {
    try {
      const { sub, email } = this.jwt.verify<{ sub: string; email: string }>(token, {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
      });
      return { userId: Number(sub), email };
    } catch {
      return undefined;
    }
  }
}
