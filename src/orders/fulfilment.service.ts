import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { Config } from '../config/config.js';
import { inTransaction, type Tx, type Written } from '../database/transaction.js';
import type { ReceivedDto, ShipOrderDto, ShippedDto } from './fulfilment.dto.js';
import { type Actor, moveOrder } from './lifecycle.js';
import { OrderStatus } from './order-status.js';
import { type LockedOrder, lockOrder, lockShippedOrders } from './orders.locks.js';

/** Orders received by themselves in one transaction, at most. */
export const RECEIPT_BATCH = 100;

const RECEIVED: ReadonlySet<OrderStatus> = new Set([OrderStatus.Received, OrderStatus.Done]);

/** From the warehouse to the buyer's door: shipment and receipt. */
@Injectable()
export class FulfilmentService {
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
   * Receives the orders that were sent ORDER_RECEIPT_DAYS ago, by the database's clock. Answers how
   * many. Any number of instances may do this at once: an order another one holds is left to it.
   */
  async receiveDue(): Promise<number> {
    const due = await this.dataSource.query<{ orderId: string }[]>(
      `SELECT order_id AS orderId FROM shipments
       WHERE received_at IS NULL AND shipped_at <= UTC_TIMESTAMP(3) - INTERVAL ? DAY
       ORDER BY shipped_at LIMIT ?`,
      [this.config.ORDER_RECEIPT_DAYS, RECEIPT_BATCH],
    );
    if (due.length === 0) {
      return 0;
    }
    return inTransaction(this.dataSource, async (tx) => {
      const orders = await lockShippedOrders(
        tx,
        due.map(({ orderId }) => orderId),
      );
      for (const order of orders) {
        await markReceived(tx, order, 'system');
      }
      return orders.length;
    });
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
