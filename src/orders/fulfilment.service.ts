import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wordsOf } from '../common/error-words.js';
import { ShopError } from '../common/errors.js';
import { jobFailures } from '../common/metrics.js';
import { Config } from '../config/config.js';
import { isAway } from '../database/errors.js';
import { inTransaction, type Tx, type Written } from '../database/transaction.js';
import type { ReceivedDto, ShipOrderDto, ShippedDto } from './fulfilment.dto.js';
import { type Actor, moveOrder } from './lifecycle.js';
import { OrderStatus } from './order-status.js';
import { type LockedOrder, lockOrder, lockShippedOrder } from './orders.locks.js';

/** Orders that are due and looked up at once, at most. */
const RECEIPT_BATCH = 100;

interface Turn {
  /** Ends the turn after the order that is being received. */
  readonly signal?: AbortSignal;
  readonly batch?: number;
}

/** An order on its way. */
interface Sent {
  readonly orderId: string;
  readonly shippedAt: Date;
}

/** Before every order. */
const FIRST: Sent = { orderId: '0', shippedAt: new Date(0) };

const RECEIVED: ReadonlySet<OrderStatus> = new Set([OrderStatus.Received, OrderStatus.Done]);

/** From the warehouse to the buyer's door: shipment and receipt. */
@Injectable()
export class FulfilmentService {
  private readonly logger = new Logger(FulfilmentService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Notes that an order was handed to a carrier. The same shipment told again changes nothing.
   * Throws NOT_FOUND, and ORDER_NOT_SHIPPABLE unless the order is to be sent.
   */
  async ship(orderId: string, shipment: ShipOrderDto): Promise<ShippedDto> {
    const { carrier, tracking_number: trackingNumber } = shipment;
    await inTransaction(this.dataSource, async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order) {
        throw new ShopError('NOT_FOUND');
      }
      if (order.status === OrderStatus.Shipped && (await isShippedAs(tx, orderId, shipment))) {
        return;
      }
      if (order.status !== OrderStatus.ToShip) {
        throw new ShopError('ORDER_NOT_SHIPPABLE');
      }
      await tx.query(
        `INSERT INTO shipments (order_id, carrier, tracking_number, shipped_at)
         VALUES (?, ?, ?, UTC_TIMESTAMP(3))`,
        [orderId, carrier, trackingNumber],
      );
      await moveOrder(tx, order, OrderStatus.Shipped, {
        type: 'shipped',
        actor: 'admin',
        detail: { carrier, tracking_number: trackingNumber },
      });
    });
    return {
      order_id: orderId,
      status: OrderStatus.Shipped,
      carrier,
      tracking_number: trackingNumber,
    };
  }

  /**
   * The buyer has the goods; saying so again changes nothing. Throws NOT_FOUND and
   * ORDER_NOT_SHIPPED.
   */
  receive(userId: number, orderId: string): Promise<ReceivedDto> {
    return inTransaction(this.dataSource, async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order || order.userId !== userId) {
        throw new ShopError('NOT_FOUND');
      }
      if (RECEIVED.has(order.status)) {
        return { order_id: orderId, status: order.status };
      }
      if (order.status !== OrderStatus.Shipped) {
        throw new ShopError('ORDER_NOT_SHIPPED');
      }
      await markReceived(tx, order, 'buyer');
      return { order_id: orderId, status: OrderStatus.Received };
    });
  }

  /**
   * Receives the orders that were sent ORDER_RECEIPT_DAYS ago, by the database's clock, each by
   * itself: one that fails is logged and counted, and comes again with the next turn. Answers how
   * many were received. Any number of instances may do this at once: an order another one holds is
   * left to it. Throws what the database says when it is away.
   */
  async receiveDue({ signal, batch = RECEIPT_BATCH }: Turn = {}): Promise<number> {
    let received = 0;
    let due = await this.dueAfter(FIRST, batch);
    while (due.length > 0) {
      for (const { orderId } of due) {
        if (signal?.aborted) {
          return received;
        }
        received += (await this.receiveByItself(orderId)) ? 1 : 0;
      }
      due = await this.dueAfter(due.at(-1) ?? FIRST, batch);
    }
    return received;
  }

  /** The next orders that are due, the longest on their way first. */
  private dueAfter({ shippedAt, orderId }: Sent, max: number): Promise<Sent[]> {
    return this.dataSource.query<Sent[]>(
      `SELECT order_id AS orderId, shipped_at AS shippedAt FROM shipments
       WHERE received_at IS NULL AND shipped_at <= UTC_TIMESTAMP(3) - INTERVAL ? DAY
         AND (shipped_at > ? OR (shipped_at = ? AND order_id > CAST(? AS UNSIGNED)))
       ORDER BY shipped_at, order_id LIMIT ?`,
      [this.config.ORDER_RECEIPT_DAYS, shippedAt, shippedAt, orderId, max],
    );
  }

  private async receiveByItself(orderId: string): Promise<boolean> {
    try {
      return await inTransaction(this.dataSource, async (tx) => {
        const order = await lockShippedOrder(tx, orderId);
        if (order) {
          await markReceived(tx, order, 'system');
        }
        return order !== undefined;
      });
    } catch (error) {
      if (isAway(error)) {
        throw error;
      }
      jobFailures.inc({ job: 'receipt' });
      this.logger.error(`order ${orderId} was not received: ${wordsOf(error)}`);
      return false;
    }
  }
}

async function markReceived(tx: Tx, order: LockedOrder, actor: Actor): Promise<void> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE shipments SET received_at = UTC_TIMESTAMP(3)
     WHERE order_id = ? AND received_at IS NULL`,
    [order.id],
  );
  if (affectedRows !== 1) {
    throw new Error(`order ${order.id} has no shipment that could be received`);
  }
  await moveOrder(tx, order, OrderStatus.Received, { type: 'received', actor });
}

async function isShippedAs(tx: Tx, orderId: string, shipment: ShipOrderDto): Promise<boolean> {
  const [before] = await tx.query<{ carrier: string; trackingNumber: string }[]>(
    'SELECT carrier, tracking_number AS trackingNumber FROM shipments WHERE order_id = ?',
    [orderId],
  );
  return before?.carrier === shipment.carrier && before.trackingNumber === shipment.tracking_number;
}
