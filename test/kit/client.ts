import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Role } from '../../src/auth/principal.js';
import { Tokens } from '../../src/auth/tokens.js';
import type { Config } from '../../src/config/config.js';
import { TEST_JWT_SECRET } from './settings.js';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A client of the shop over HTTP, with or without a token. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token?: string,
    /** Gives up on an answer after so long; left out: never. */
    private readonly timeoutMs?: number,
  ) {}

  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>) {
    return this.send<T>('GET', path, undefined, headers);
  }
  post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) {
    return this.send<T>('POST', path, body, headers);
  }
  put<T = Record<string, unknown>>(path: string, body?: unknown, headers?: Record<string, string>) {
    return this.send<T>('PUT', path, body, headers);
  }
  delete<T = Record<string, unknown>>(path: string, body?: unknown) {
    return this.send<T>('DELETE', path, body);
  }

  /** Sends a body as JSON and reads the answer as JSON, or as text where it is none. */
  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(this.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(this.timeoutMs) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }
}

/** A token of the shop under test, for tests that are not about logging in. */
export function tokenFor(userId: number, role: Role = 'buyer', version = 0): string {
  const secret = createSecretKey(Buffer.from(TEST_JWT_SECRET));
  const tokens = new Tokens(new JwtService({ secret }), { JWT_TTL_SECONDS: 3600 } as Config);
  return tokens.issue({ id: userId, username: `buyer_${userId}`, role, version });
}
