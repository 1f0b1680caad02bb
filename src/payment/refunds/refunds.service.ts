import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wordsOf } from '../../common/error-words.js';
import { ShopError } from '../../common/errors.js';
import { checkedKey, requestHash } from '../../common/idempotency.js';
import { yuan } from '../../common/money.js';
import { ConflictError, isDuplicate } from '../../database/errors.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { type Actor, cancelOrder, recordEvent } from '../../orders/lifecycle.js';
import { OrderStatus } from '../../orders/order-status.js';
import { type LockedOrder, lockOrder } from '../../orders/orders.locks.js';
import { lockPayment } from '../payments.locks.js';
import { requestNoOf } from './refund-rules.js';
import { RefundRunner } from './refund-runner.js';
import { askedSoFar, insertRefund } from './refunds.store.js';
import { recordReturns, type ReturnedGoods, takeBack } from './returns.locks.js';

/** What is to be given back of an order that was locked. */
interface Wish {
  readonly actor: Actor;
  readonly by: number;
  readonly key: string | undefined;
  readonly hash: string;
  /** Undefined: all that is left. */
  readonly amountFen?: number;
  readonly reason: string;
  readonly returns: readonly ReturnedGoods[];
}

/** `replayed`: the refund was asked for by an earlier request. */
export interface RefundAsked {
  readonly refundId: number;
  readonly replayed: boolean;
}

/** What an administrator asks for. */
interface PartialRefund {
  readonly amountFen: number;
  readonly reason: string;
  readonly returns: readonly ReturnedGoods[];
}

/**
 * Asking for refunds: the intent is one transaction with everything that belongs to it (canceling,
 * goods that came back). The runner then tries it at once; what it cannot do now, it does later.
 */
@Injectable()
export class RefundsService {
  private readonly logger = new Logger(RefundsService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly runner: RefundRunner,
  ) {}

  /**
   * Gives the buyer's own order back before it is sent: it is canceled and its goods go back at
   * once, since from here on it must not be sent; the money follows. Asking again answers the same
   * refund. Throws NOT_FOUND, ORDER_NOT_REFUNDABLE, IDEMPOTENCY_KEY_REUSED.
   */
  async refundWhole(
    userId: number,
    orderId: string,
    reason: string,
    key?: string,
  ): Promise<RefundAsked> {
    const wish: Wish = {
      actor: 'buyer',
      by: userId,
      key: checkedKey(key),
      hash: requestHash('buyer', orderId, reason),
      reason,
      returns: [],
    };
    return this.ask(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order || order.userId !== userId) {
        throw new ShopError('NOT_FOUND');
      }
      const earlier =
        (await earlierWithKey(tx, wish)) ??
        (order.status === OrderStatus.Canceled ? await earlierBy(tx, orderId, userId) : undefined);
      if (earlier !== undefined) {
        return { refundId: earlier, replayed: true };
      }
      if (order.status !== OrderStatus.ToShip) {
        throw new ShopError('ORDER_NOT_REFUNDABLE');
      }
      return { refundId: await writeRefund(tx, order, wish), replayed: false };
    });
  }

  /**
   * Gives a part of a paid order back. An order not sent yet of which nothing is left is canceled
   * with it. Throws NOT_FOUND, ORDER_NOT_REFUNDABLE, REFUND_TOO_LARGE, RETURN_TOO_LARGE,
   * IDEMPOTENCY_KEY_REUSED.
   */
  async refundPart(
    adminId: number,
    orderId: string,
    part: PartialRefund,
    key?: string,
  ): Promise<RefundAsked> {
    const { amountFen, reason, returns } = part;
    const wish: Wish = {
      actor: 'admin',
      by: adminId,
      key: checkedKey(key),
      hash: requestHash('admin', orderId, amountFen, reason, returns),
      ...part,
    };
    return this.ask(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order) {
        throw new ShopError('NOT_FOUND');
      }
      const earlier = await earlierWithKey(tx, wish);
      return earlier === undefined
        ? { refundId: await writeRefund(tx, order, wish), replayed: false }
        : { refundId: earlier, replayed: true };
    });
  }

  private async ask(work: (tx: Tx) => Promise<RefundAsked>): Promise<RefundAsked> {
    const asked = await this.write(work);
    try {
      await this.runner.run(asked.refundId);
    } catch (error) {
      // The wish is committed; a later turn of the runner makes it true.
      this.logger.warn(`refund ${asked.refundId} was not tried now: ${wordsOf(error)}`);
    }
    return asked;
  }

  private async write(work: (tx: Tx) => Promise<RefundAsked>): Promise<RefundAsked> {
    try {
      return await inTransaction(this.dataSource, work);
    } catch (error) {
      if (!isDuplicate(error, 'uq_refunds_key')) {
        throw error;
      }
      // The key was used for another order a moment ago; now it is found.
      return inTransaction(this.dataSource, work);
    }
  }
}

async function writeRefund(tx: Tx, order: LockedOrder, wish: Wish): Promise<number> {
  const asked = await askedSoFar(tx, order.id);
  if (!asked || asked.leftFen === 0) {
    throw new ShopError('ORDER_NOT_REFUNDABLE');
  }
  const amountFen = wish.amountFen ?? asked.leftFen;
  if (amountFen > asked.leftFen) {
    throw new ShopError('REFUND_TOO_LARGE', { members: { refundable: yuan(asked.leftFen) } });
  }
  const outRequestNo = requestNoOf(order.id, asked.refunds);
  const detail = { refund_id: outRequestNo, amount_fen: amountFen };
  await takeBack(tx, order, wish.returns);
  if (order.status === OrderStatus.ToShip && amountFen === asked.leftFen) {
    await cancelOrder(tx, order, { type: 'canceled', actor: wish.actor, detail });
  } else {
    const event = { type: 'refund_asked', actor: wish.actor, detail };
    await recordEvent(tx, order, order.status, event);
  }
  await lockPayment(tx, order.id);
  const refundId = await insertRefund(tx, {
    paymentId: asked.paymentId,
    outRequestNo,
    amountFen,
    reason: wish.reason,
    asked: { by: wish.by, idempotencyKey: wish.key, requestHash: wish.hash },
  });
  await recordReturns(tx, refundId, wish.returns);
  if (((await askedSoFar(tx, order.id))?.leftFen ?? -1) < 0) {
    throw new ConflictError(`refunds of order ${order.id} changed under its lock`);
  }
  return refundId;
}

/** The refund an earlier request with the same key asked for. */
async function earlierWithKey(tx: Tx, { by, key, hash }: Wish): Promise<number | undefined> {
  if (key === undefined) {
    return undefined;
  }
  const [row] = await tx.query<{ id: number; hash: string }[]>(
    `SELECT id, LOWER(HEX(request_hash)) AS hash FROM refunds
     WHERE requested_by = ? AND idempotency_key = ?`,
    [by, key],
  );
  if (row && row.hash !== hash) {
    throw new ShopError('IDEMPOTENCY_KEY_REUSED');
  }
  return row?.id;
}

async function earlierBy(tx: Tx, orderId: string, userId: number): Promise<number | undefined> {
  const [row] = await tx.query<{ id: number }[]>(
    `SELECT r.id FROM refunds r JOIN payments p ON p.id = r.payment_id
     WHERE p.order_id = ? AND r.requested_by = ? ORDER BY r.id DESC LIMIT 1`,
    [orderId, userId],
  );
  return row?.id;
}
