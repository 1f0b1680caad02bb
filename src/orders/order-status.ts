/** The states of an order, by the numbers the original pages show. */
export const OrderStatus = {
  /** 待支付 */
  Unpaid: 1,
  /** 待发货: paid, or cash on delivery */
  ToShip: 2,
  /** 待收货 */
  Shipped: 3,
  /** 待评价 */
  Received: 4,
  /** 已完成 */
  Done: 5,
  /** 已取消 */
  Canceled: 6,
} as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

export const PayMethod = { Cash: 1, Alipay: 2 } as const;
export type PayMethod = (typeof PayMethod)[keyof typeof PayMethod];

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  [OrderStatus.Unpaid]: [OrderStatus.ToShip, OrderStatus.Canceled],
  [OrderStatus.ToShip]: [OrderStatus.Shipped, OrderStatus.Canceled],
  [OrderStatus.Shipped]: [OrderStatus.Received],
  [OrderStatus.Received]: [OrderStatus.Done],
  [OrderStatus.Done]: [],
  [OrderStatus.Canceled]: [],
};

/** Whether an order may go from one state to the other. */
export function canBecome(from: OrderStatus, to: OrderStatus): boolean {
  return NEXT[from].includes(to);
}

/** The state an order starts in: cash on delivery needs no payment before it is sent. */
export function initialStatus(payMethod: PayMethod): OrderStatus {
  return payMethod === PayMethod.Cash ? OrderStatus.ToShip : OrderStatus.Unpaid;
}
