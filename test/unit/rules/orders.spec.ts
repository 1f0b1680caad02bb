/** From a request to a command for the lane, and from what it came to to an answer. */
import { expect, it } from 'vitest';
import { requestHash } from '../../../src/common/idempotency.js';
import { OrderIds } from '../../../src/orders/order-id.js';
import { OrdersService } from '../../../src/orders/orders.service.js';
import type { Outcome, Pending, PlaceOrder } from '../../../src/orders/placement/place-order.js';
import { PlacementLane } from '../../../src/orders/placement/placement-lane.js';

/** Remembers what it was given, and says what the test has written down. */
class ScriptedLane extends PlacementLane {
  readonly commands: PlaceOrder[] = [];
  outcome: Outcome | Pending | undefined;

  submit(command: PlaceOrder) {
    this.commands.push(command);
    return Promise.resolve(this.outcome ?? { kind: 'placed' as const, orderId: command.orderId });
  }
  find() {
    return Promise.resolve(this.outcome);
  }
  isAvailable() {
    return Promise.resolve(true);
  }
}

const lane = new ScriptedLane();
const orders = new OrdersService(lane, new OrderIds());
const WISH = { address: 3, pay_method: 2 } as const;

it('a wish becomes a command with an id of its own, and its sum in fen', async () => {
  const { orderId } = await orders.place(7, { ...WISH, expected_amount: '6509.00' }, 'k');
  const common = { userId: 7, addressId: 3, payMethod: 2 };
  expect(lane.commands).toEqual([
    {
      ...common,
      orderId,
      expectedFen: 650_900,
      idempotencyKey: 'k',
      requestHash: requestHash(3, 2, '6509.00'),
    },
  ]);
  const next = await orders.place(7, WISH);
  expect(next.orderId).not.toBe(orderId);
  expect(lane.commands[1]).toEqual({ ...common, orderId: next.orderId });
});

it('a key stands for all that was asked for with it', async () => {
  const hashOf = async (more: object) => {
    const { orderId } = await orders.place(7, { ...WISH, ...more }, 'k');
    return lane.commands.find((command) => command.orderId === orderId)?.requestHash;
  };
  const hashes = [{}, { address: 4 }, { pay_method: 1 }, { expected_amount: '1.00' }].map(hashOf);
  expect(new Set(await Promise.all(hashes)).size).toBe(4);
  expect(await hashOf({})).toBe(await hashOf({}));
});

it('a key that cannot be kept is refused before anything is placed', async () => {
  const before = lane.commands.length;
  await expect(orders.place(7, WISH, 'no blanks')).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  });
  expect(lane.commands).toHaveLength(before);
});

it('what was refused is an error with its code and what it has to say, now or when asked later', async () => {
  const members = { skus: [{ sku_id: 1 }] };
  lane.outcome = { kind: 'refused', code: 'SKU_UNAVAILABLE', members };
  const refusal = { code: 'SKU_UNAVAILABLE', extras: { members } };
  await expect(orders.place(7, WISH)).rejects.toMatchObject(refusal);
  await expect(orders.find(7, '26')).rejects.toMatchObject(refusal);
  lane.outcome = { kind: 'refused', code: 'CART_EMPTY' };
  await expect(orders.place(7, WISH)).rejects.toMatchObject({ code: 'CART_EMPTY', extras: {} });
});

it('an order is found as it is, and one that the lane knows nothing of is none', async () => {
  lane.outcome = { kind: 'pending', orderId: '26' };
  expect(await orders.find(7, '26')).toEqual({ kind: 'pending', orderId: '26' });
  lane.outcome = undefined;
  expect(await orders.find(7, '26')).toBeUndefined();
});
