import { createSecretKey } from 'node:crypto';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../../src/auth/principal.js';
import type { Revocations } from '../../src/auth/revocations.js';
import { TOKEN_ALGORITHM } from '../../src/auth/tokens.js';
import { VerifiedTokens } from '../../src/auth/verified-tokens.js';
import { compileDtoCheck } from '../../src/common/dto-check.js';
import { judged } from '../../src/common/validation.pipe.js';
import { CreateOrderDto } from '../../src/orders/orders.dto.js';
import { tokenFor } from '../kit/client.js';
import { TEST_JWT_SECRET } from '../kit/settings.js';
import { median } from './closed-loop.js';

const CALLS = 4000;
const ROUNDS = 7;

/** What one step of a request costs when it is done alone, in microseconds. */
export interface Cost {
  readonly step: string;
  readonly us: number;
}

/** Measures the steps in turns and answers their medians; the first round only warms up. */
export function costs(): Cost[] {
  const steps = Object.entries(stepsOf());
  const taken = steps.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    steps.forEach(([, step], i) => {
      const us = timed(step);
      if (round > 0) {
        taken[i]?.push(us);
      }
    });
  }
  return steps.map(([step], i) => ({ step, us: median(taken[i] ?? []) }));
}

function timed(step: () => unknown): number {
  const startMs = performance.now();
  for (let call = 0; call < CALLS; call += 1) {
    step();
  }
  return ((performance.now() - startMs) / CALLS) * 1000;
}

function stepsOf(): Record<string, () => unknown> {
  const authorization = `Bearer ${tokenFor(1)}`;
  const remembered = new VerifiedTokens({ revoked: () => false } as unknown as Revocations);
  const principal: Principal = { id: 1, username: 'buyer_1', role: 'buyer', version: 0 };
  remembered.add(authorization, { principal, exp: Number.MAX_SAFE_INTEGER });
  const body = { address: 1, pay_method: '2' };
  const check = compileDtoCheck(CreateOrderDto);
  return {
    'token: passport-jwt, the secret a string': verifier(TEST_JWT_SECRET, authorization),
    'token: passport-jwt, the secret a key object': verifier(
      createSecretKey(Buffer.from(TEST_JWT_SECRET)),
      authorization,
    ),
    // The header of every request is a new string, whose hash has to be computed.
    'token: looked up, since passport has verified it before': () =>
      remembered.principalOf(Buffer.from(authorization, 'latin1').toString('latin1')),
    'body: class-transformer and class-validator': () => judged(CreateOrderDto, body),
    'body: the check compiled from the same decorators': () => check?.(body),
  };
}

function verifier(secretOrKey: unknown, authorization: string): () => unknown {
  const strategy = new Strategy(
    {
      jwtFromRequest: () => authorization.slice('Bearer '.length),
      secretOrKey,
      algorithms: [TOKEN_ALGORITHM],
    } as unknown as ConstructorParameters<typeof Strategy>[0],
    (claims: unknown, done: (error: null, user: unknown) => void) => done(null, claims),
  );
  const outcome = { success: () => undefined, fail: refuse, error: refuse };
  Object.assign(strategy, outcome);
  return () => strategy.authenticate({} as never);
}

function refuse(error: unknown): never {
  throw new Error('the token was not verified', { cause: error });
}
