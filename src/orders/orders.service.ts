import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';
import { parseYuan } from '../common/money.js';
import { OrderIds } from './order-id.js';
import type { CreateOrderDto } from './orders.dto.js';
import { PlacementLane } from './placement/placement-lane.js';

/** Visible ASCII, so that a key is the same bytes for everybody. */
const KEY = /^[\x21-\x7e]{1,255}$/;

export interface Placed {
  readonly orderId: string;
  /** The order was made by an earlier request with the same key. */
  readonly replayed: boolean;
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
    const outcome = await this.lane.submit({
      orderId: this.ids.next(),
      userId,
      addressId: wish.address,
      payMethod: wish.pay_method,
      ...(wish.expected_amount === undefined
        ? {}
        : { expectedFen: parseYuan(wish.expected_amount) }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey: checkedKey(idempotencyKey) }),
      requestHash: hashOf(wish),
    });
    if (outcome.kind === 'refused') {
      throw new ShopError(outcome.code, outcome.members ? { members: outcome.members } : {});
    }
    return { orderId: outcome.orderId, replayed: outcome.kind === 'replayed' };
  }
}

function checkedKey(key: string): string {
  if (!KEY.test(key)) {
    const message = bilingual(
      '幂等键须为 1 至 255 个可见字符',
      '1 to 255 visible ASCII characters',
    );
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'Idempotency-Key', message }] });
  }
  return key;
}

function hashOf({ address, pay_method, expected_amount }: CreateOrderDto): string {
  const text = JSON.stringify([address, pay_method, expected_amount ?? null]);
  return createHash('sha256').update(text).digest('hex');
}
