import type { Visitor } from './visitor.decorator.js';

/**
 * What the rest of the shop does for somebody who has just logged in or registered. The accounts
 * call it and the cart is behind it, so that neither knows the other.
 */
export abstract class Arrival {
  /** Called once the credentials are right. Never throws: nobody is kept out because of it. */
  abstract welcome(userId: number, visitor: Visitor): Promise<void>;
}
