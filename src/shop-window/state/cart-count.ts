import { api, ask, type CartLine } from '../api/client';
import { session } from './session';
import { createStore } from './store';

/** How many pieces are in the cart, for the number at its link. */
export const cartCount = createStore(0);

export function countCart(lines: readonly CartLine[]): void {
  cartCount.set(lines.reduce((sum, { count }) => sum + count, 0));
}

/** Asks the API. A failure only leaves the number as it is: the page at hand shows its own. */
export async function refreshCartCount(): Promise<void> {
  try {
    countCart(await ask(api.GET('/cart/')));
  } catch {
    cartCount.set(cartCount.get());
  }
}

session.listen(() => (session.get() ? void refreshCartCount() : cartCount.set(0)));
