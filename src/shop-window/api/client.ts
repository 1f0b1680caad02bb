import createClient from 'openapi-fetch';
import { language, translator } from '../state/language';
import { goToLogin } from '../state/route';
import { logOut, session } from '../state/session';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Address = Schemas['AddressDto'];
export type Area = Schemas['AreaDto'];
export type CartLine = Schemas['CartLineDto'];
export type Order = Schemas['OrderDto'];
export type OrderDetail = Schemas['OrderDetailDto'];
export type Settlement = Schemas['SettlementDto'];
export type Sku = Schemas['SkuDto'];
type Problem = Schemas['Problem'];

/** The public API; nothing else is talked to. Every path and body is checked by the compiler. */
export const api = createClient<paths>({ credentials: 'same-origin' });

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language.get());
    const token = session.get()?.token;
    if (token !== undefined) {
      request.headers.set('Authorization', `Bearer ${token}`);
    }
    return request;
  },
});

/** What the API said instead of doing what it was asked; or that it could not be reached. */
export class Refusal extends Error {
  constructor(readonly problem: Problem | undefined) {
    super(problem?.detail ?? translator(language.get())('noAnswer'));
    this.name = 'Refusal';
  }

  /** Any failure of a call: the API's problem, or what the browser says when nothing came back. */
  static from(error: unknown): Refusal {
    return error instanceof Refusal ? error : new Refusal(undefined);
  }

  get code(): string | undefined {
    return this.problem?.code;
  }

  /** What is wrong with one field of a form. */
  ofField(field: string): string | undefined {
    return this.problem?.errors?.find((error) => error.field === field)?.message;
  }
}

/** The data of an answer. A refusal is thrown; one for want of a (living) token leads to the login. */
export async function ask<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) {
    return data as T;
  }
  if (response.status === 401) {
    logOut();
    goToLogin();
  }
  const isProblem = response.headers.get('content-type')?.includes('problem+json') === true;
  throw new Refusal(isProblem ? (error as Problem) : undefined);
}

/**
 * A key that makes a request safe to send again. Not `randomUUID`: browsers have that on https and
 * localhost only, and a phone in the same network reaches the shop by neither.
 */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Where a picture is loaded from. The page may only show pictures of its own origin, which is the
 * shop's, whatever public address the shop was given.
 */
export function picture(url: string): string {
  return new URL(url, location.href).pathname;
}
