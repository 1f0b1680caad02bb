import { Global, Module } from '@nestjs/common';
import { Arrival } from '../auth/arrival.js';
import { CartController } from './cart.controller.js';
import { CartCookie } from './cart-cookie.js';
import { CartMerge } from './cart-merge.js';
import { CartService } from './cart.service.js';

/** What buyers mean to order. Global, so that the accounts find who welcomes those who log in. */
@Global()
@Module({
  controllers: [CartController],
  providers: [CartService, CartCookie, { provide: Arrival, useClass: CartMerge }],
  exports: [Arrival],
})
export class CartModule {}
