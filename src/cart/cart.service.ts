import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Visitor } from '../auth/visitor.decorator.js';
import { Config } from '../config/config.js';
import { AccountCart } from './account-cart.js';
import type { Cart } from './cart.js';
import { CartCookie } from './cart-cookie.js';
import { CookieCart } from './cookie-cart.js';

/** Finds everybody's cart: in MySQL with a token, in a cookie without one. */
@Injectable()
export class CartService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly cookie: CartCookie,
  ) {}

  of(visitor: Visitor): Cart {
    return visitor.userId === undefined
      ? new CookieCart(visitor, this.cookie, this.dataSource, this.config)
      : new AccountCart(visitor.userId, this.dataSource, this.config);
  }
}
