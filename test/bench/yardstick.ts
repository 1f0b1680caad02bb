import type { Outcome, PlaceOrder } from '../../src/orders/placement/place-order.js';

/** What a yardstick is told of the shop it stands in for. */
export interface Terms {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly freightFen: number;
  /** How long an unpaid order lives, in milliseconds. */
  readonly expiresMs: number;
}

/** Places one order, as the shop's lane does. */
export type Place = (command: PlaceOrder) => Promise<Outcome>;

/** A refusal in the middle of a yardstick's transaction, which it undoes. */
export class Refused extends Error {
  constructor(readonly outcome: Extract<Outcome, { kind: 'refused' }>) {
    super(outcome.code);
  }
}

export function refused(code: 'ADDRESS_NOT_FOUND' | 'CART_EMPTY' | 'STOCK_INSUFFICIENT'): Refused {
  return new Refused({ kind: 'refused', code });
}

/** The outcome of a yardstick's transaction. */
export async function outcomeOf(
  command: PlaceOrder,
  transaction: () => Promise<void>,
): Promise<Outcome> {
  try {
    await transaction();
    return { kind: 'placed', orderId: command.orderId };
  } catch (error) {
    if (error instanceof Refused) {
      return error.outcome;
    }
    throw error;
  }
}
