import type { CookieSerializeOptions } from '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { Visitor } from '../auth/visitor.decorator.js';
import { Config } from '../config/config.js';
import type { Lines } from './cart.js';
import { cartKey, openCart, sealCart } from './cart-seal.js';

/** The name the original pages' cart cookie has. */
export const CART_COOKIE = 'carts';
/** From the last change of the cart. */
const MAX_AGE_SECONDS = 30 * 86_400;

/** Reads and writes the cookie of an anonymous cart. */
@Injectable()
export class CartCookie {
  private readonly key: Buffer;
  private readonly options: CookieSerializeOptions;

  constructor(config: Config) {
    this.key = cartKey(config.JWT_SECRET);
    this.options = {
      path: '/',
      httpOnly: true,
      // The pages are of another origin and of the same site, for which lax is enough.
      sameSite: 'lax',
      secure: config.PUBLIC_URL.startsWith('https:'),
      maxAge: MAX_AGE_SECONDS,
    };
  }

  /** True when a cookie of this name was sent, be it one of ours or not. */
  sent({ request }: Visitor): boolean {
    return request.cookies[CART_COOKIE] !== undefined;
  }

  /** The visitor's cart; empty without a cookie and with one that is not ours. */
  read({ request }: Visitor): Lines {
    return openCart(request.cookies[CART_COOKIE] ?? '', this.key);
  }

  write(visitor: Visitor, lines: Lines): void {
    if (lines.size === 0) {
      this.clear(visitor);
    } else {
      visitor.reply.setCookie(CART_COOKIE, sealCart(lines, this.key), this.options);
    }
  }

  clear({ reply }: Visitor): void {
    reply.clearCookie(CART_COOKIE, this.options);
  }
}
