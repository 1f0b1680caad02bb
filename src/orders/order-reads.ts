import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { imageUrl } from '../catalog/image-url.js';
import { shanghaiTime } from '../common/clock.js';
import { ShopError } from '../common/errors.js';
import { yuan } from '../common/money.js';
import { type Page, type PageRequest, pageOf } from '../common/pagination.js';
import { Config } from '../config/config.js';
import { OrderStatus, type PayMethod } from './order-status.js';
import type {
  OrderDetailDto,
  OrderDto,
  OrderEventDto,
  OrderLineDto,
  OrderPaymentDto,
  OrderRefundDto,
  OrderShipmentDto,
  SettlementDto,
} from './orders.dto.js';
import { type RefundRow, refundView } from './refund-view.js';

interface OrderRow {
  id: string;
  status: OrderStatus;
  payMethod: PayMethod;
  totalCount: number;
  totalFen: number;
  freightFen: number;
  createdAt: Date;
  expiresAt: Date | null;
  receiver: string;
  province: string;
  city: string;
  district: string;
  place: string;
  mobile: string;
  tel: string;
}

/** An order with its shipment and its payment, each null where there is none. */
interface DetailRow extends OrderRow {
  carrier: string | null;
  trackingNumber: string;
  shippedAt: Date;
  receivedAt: Date | null;
  paymentStatus: number | null;
  amountFen: number;
  refundedFen: number;
  tradeNo: string | null;
  paidAt: Date | null;
}

const ORDER_COLUMNS = `
  o.id, o.status, o.pay_method AS payMethod, o.total_count AS totalCount, o.total_fen AS totalFen,
  o.freight_fen AS freightFen, o.created_at AS createdAt, o.expires_at AS expiresAt,
  o.receiver, o.province, o.city, o.district, o.place, o.mobile, o.tel`;

const DETAIL_COLUMNS = `${ORDER_COLUMNS},
  s.carrier, s.tracking_number AS trackingNumber, s.shipped_at AS shippedAt,
  s.received_at AS receivedAt, p.status AS paymentStatus, p.amount_fen AS amountFen,
  p.refunded_fen AS refundedFen, p.trade_no AS tradeNo, p.paid_at AS paidAt`;

const PAYMENT_STATES = ['', 'pending', 'success', 'closed'] as const;

/** What buyers see of their carts and orders. Reads only; every query asks for the owner too. */
@Injectable()
export class OrderReads {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** The selected lines that can be bought now; undefined when there are none. */
  async settlement(userId: number): Promise<SettlementDto | undefined> {
    const rows = await this.dataSource.query<
      { id: number; name: string; image: string; priceFen: number; count: number }[]
    >(
      `SELECT s.id, s.name, s.default_image AS image, s.price_fen AS priceFen, c.count
       FROM cart_lines c JOIN skus s ON s.id = c.sku_id
       WHERE c.user_id = ? AND c.selected AND s.is_launched
       ORDER BY s.id`,
      [userId],
    );
    if (rows.length === 0) {
      return undefined;
    }
    return {
      freight: yuan(this.config.FREIGHT_FEN),
      skus: rows.map(({ id, name, image, priceFen, count }) => ({
        id,
        name,
        default_image_url: imageUrl(image, this.config),
        price: yuan(priceFen),
        count,
      })),
    };
  }

  /** The buyer's orders, newest first. */
  async page(userId: number, request: PageRequest): Promise<Page<OrderDto>> {
    const [total] = await this.dataSource.query<{ n: number }[]>(
      'SELECT COUNT(*) AS n FROM orders WHERE user_id = ?',
      [userId],
    );
    const rows = await this.dataSource.query<OrderRow[]>(
      // The index alone leads to the page; only its rows are read in full, however deep it lies.
      `SELECT ${ORDER_COLUMNS}
       FROM (SELECT id AS pageId FROM orders WHERE user_id = ?
             ORDER BY id DESC LIMIT ? OFFSET ?) page
       JOIN orders o ON o.id = pageId ORDER BY o.id DESC`,
      [userId, request.size, (request.page - 1) * request.size],
    );
    const lines = await this.lines(rows.map(({ id }) => id));
    return pageOf(
      request,
      total?.n ?? 0,
      rows.map((row) => summary(row, lines.get(row.id) ?? [])),
      new URL('/orders/', this.config.PUBLIC_URL),
    );
  }

  /** One order with everything that happened to it; undefined when it is not the buyer's. */
  async detail(userId: number, orderId: string): Promise<OrderDetailDto | undefined> {
    const [row] = await this.dataSource.query<DetailRow[]>(
      `SELECT ${DETAIL_COLUMNS}
       FROM orders o LEFT JOIN shipments s ON s.order_id = o.id
       LEFT JOIN payments p ON p.order_id = o.id
       WHERE o.id = ? AND o.user_id = ?`,
      [orderId, userId],
    );
    if (!row) {
      return undefined;
    }
    const [lines, refunds, history] = await Promise.all([
      this.lines([orderId]),
      row.paymentStatus === null ? [] : this.refunds(orderId),
      this.history(orderId),
    ]);
    const { receiver, province, city, district, place, mobile, tel } = row;
    return {
      ...summary(row, lines.get(orderId) ?? []),
      total_count: row.totalCount,
      expire_time: row.expiresAt && shanghaiTime(row.expiresAt),
      address: { receiver, province, city, district, place, mobile, tel },
      shipment: shipmentOf(row),
      payment: paymentOf(row),
      refunds,
      history,
    };
  }

  /** The lines of a received order that have no comment yet. Throws NOT_FOUND. */
  async uncommented(userId: number, orderId: string): Promise<OrderLineDto[]> {
    const rows = await this.dataSource.query<{ status: OrderStatus; lineId: number | null }[]>(
      `SELECT o.status, l.id AS lineId
       FROM orders o LEFT JOIN (order_lines l LEFT JOIN comments c ON c.order_line_id = l.id)
         ON l.order_id = o.id AND c.id IS NULL
       WHERE o.id = ? AND o.user_id = ?`,
      [orderId, userId],
    );
    if (!rows[0]) {
      throw new ShopError('NOT_FOUND');
    }
    if (rows[0].status !== OrderStatus.Received) {
      return [];
    }
    const open = new Set(rows.map(({ lineId }) => lineId));
    const lines = await this.lines([orderId]);
    return (lines.get(orderId) ?? []).filter(({ id }) => open.has(id));
  }

  private async lines(orderIds: readonly string[]): Promise<Map<string, OrderLineDto[]>> {
    const byOrder = new Map<string, OrderLineDto[]>(orderIds.map((id) => [id, []]));
    if (orderIds.length === 0) {
      return byOrder;
    }
    const rows = await this.dataSource.query<
      {
        id: number;
        orderId: string;
        skuId: number;
        name: string;
        image: string;
        count: number;
        priceFen: number;
      }[]
    >(
      `SELECT id, order_id AS orderId, sku_id AS skuId, name, image, count, price_fen AS priceFen
       FROM order_lines WHERE order_id IN (?) ORDER BY order_id, sku_id`,
      [orderIds],
    );
    for (const { id, orderId, skuId, name, image, count, priceFen } of rows) {
      byOrder.get(orderId)?.push({
        id,
        sku: { id: skuId, name, default_image_url: imageUrl(image, this.config) },
        count,
        price: yuan(priceFen),
      });
    }
    return byOrder;
  }

  private async refunds(orderId: string): Promise<OrderRefundDto[]> {
    const rows = await this.dataSource.query<RefundRow[]>(
      `(SELECT r.out_request_no AS requestNo, r.amount_fen AS amountFen, r.status,
               r.created_at AS createdAt
        FROM refunds r JOIN payments p ON p.id = r.payment_id
        WHERE p.order_id = ? ORDER BY r.id)
       UNION ALL
       SELECT out_request_no, amount_fen, status, created_at FROM odd_refunds WHERE order_id = ?`,
      [orderId, orderId],
    );
    return rows.map(refundView);
  }

  private async history(orderId: string): Promise<OrderEventDto[]> {
    const rows = await this.dataSource.query<
      {
        type: string;
        fromStatus: OrderStatus | null;
        toStatus: OrderStatus;
        actor: string;
        createdAt: Date;
      }[]
    >(
      `SELECT type, from_status AS fromStatus, to_status AS toStatus, actor,
              created_at AS createdAt
       FROM order_events WHERE order_id = ? ORDER BY id`,
      [orderId],
    );
    return rows.map(({ type, fromStatus, toStatus, actor, createdAt }) => ({
      type,
      from_status: fromStatus,
      to_status: toStatus,
      actor,
      time: shanghaiTime(createdAt),
    }));
  }
}

function summary(row: OrderRow, skus: OrderLineDto[]): OrderDto {
  return {
    order_id: row.id,
    create_time: shanghaiTime(row.createdAt),
    total_amount: yuan(row.totalFen),
    freight: yuan(row.freightFen),
    status: row.status,
    pay_method: row.payMethod,
    skus,
  };
}

function shipmentOf(row: DetailRow): OrderShipmentDto | null {
  return row.carrier === null
    ? null
    : {
        carrier: row.carrier,
        tracking_number: row.trackingNumber,
        ship_time: shanghaiTime(row.shippedAt),
        receive_time: row.receivedAt && shanghaiTime(row.receivedAt),
      };
}

function paymentOf(row: DetailRow): OrderPaymentDto | null {
  return row.paymentStatus === null
    ? null
    : {
        status: PAYMENT_STATES[row.paymentStatus] ?? '',
        amount: yuan(row.amountFen),
        refunded: yuan(row.refundedFen),
        trade_id: row.tradeNo,
        paid_time: row.paidAt && shanghaiTime(row.paidAt),
      };
}
