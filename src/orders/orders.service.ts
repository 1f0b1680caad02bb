import { Injectable } from '@nestjs/common';
import { ShopError } from '../common/errors.js';
import { checkedKey, requestHash } from '../common/idempotency.js';
import { parseYuan } from '../common/money.js';
import { OrderIds } from './order-id.js';
import type { CreateOrderDto } from './orders.dto.js';
import type { Outcome, Pending } from './placement/place-order.js';
import { PlacementLane } from './placement/placement-lane.js';

/**
 * `replayed`: the order was made by an earlier request with the same key. `pending`: the order is
 * in the queue and not decided yet.
 */
export interface Placed {
  readonly kind: 'placed' | 'replayed' | 'pending';
  readonly orderId: string;
}

/** Places orders: from a request to a command for the lane, and from its outcome to an answer. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly lane: PlacementLane,
    private readonly ids: OrderIds,
  ) {}

  /** Turns the selected lines of the buyer's cart into an order. Throws a ShopError when refused. */
  async place(userId: number, wish: CreateOrderDto, idempotencyKey?: string): Promise<Placed> {
    const key = checkedKey(idempotencyKey);
    const { address, pay_method, expected_amount } = wish;
    const outcome = await this.lane.submit({
      orderId: this.ids.next(),
      userId,
      addressId: address,
      payMethod: pay_method,
      expectedFen: expected_amount === undefined ? undefined : parseYuan(expected_amount),
      idempotencyKey: key,
      requestHash: key && requestHash(address, pay_method, expected_amount ?? null),
    });
    return accepted(outcome);
  }

  /**
   * What became of an order that was answered `pending`; undefined when it is none of the queue's.
   * Throws a ShopError when it was refused in the end.
   */
  async find(userId: number, orderId: string): Promise<Placed | undefined> {
    const outcome = await this.lane.find(userId, orderId);
    return outcome && accepted(outcome);
  }
}

function accepted(outcome: Outcome | Pending): Placed {
  if (outcome.kind === 'refused') {
    throw new ShopError(outcome.code, outcome.members ? { members: outcome.members } : {});
  }
  return outcome;
}
