/**
 * The shop as a reader of its contract would write it down: a few maps, no database, no clock. What
 * it answers and what it holds is what the real one must answer and hold.
 */

export const USERS = 2;
export const SKUS = 3;
export const FREIGHT_FEN = 1000;
export const STOCK = 12;
export const PRICE_FEN = 1000;

/** One thing somebody does. `order` numbers all orders there are, whosever they are. */
export type Step =
  | { kind: 'add' | 'set'; user: number; sku: number; count: number; selected: boolean }
  | { kind: 'remove'; user: number; sku: number }
  | { kind: 'tick'; user: number; selected: boolean }
  | { kind: 'look'; user: number }
  | { kind: 'buy'; user: number; payMethod: 1 | 2; key: string | null; amount: Amount }
  | { kind: 'pay'; user: number; order: number }
  | { kind: 'open' | 'cancel' | 'refund'; user: number; order: number }
  | { kind: 'restock'; sku: number; delta: number }
  | { kind: 'price'; sku: number; priceFen: number }
  | { kind: 'launch'; sku: number; on: boolean };

/** Whether the order names the amount the buyer has seen, a wrong one, or none. */
export type Amount = 'none' | 'right' | 'wrong';

/** What matters of an answer. `order` is its number. */
export interface Said {
  readonly status: number;
  readonly code?: string;
  readonly order?: number;
  readonly replayed?: true;
  readonly lines?: readonly (readonly [sku: number, count: number, selected: boolean])[];
}

/** Everything both shops hold, to be compared. */
export interface Held {
  readonly skus: readonly { stock: number; sales: number; priceFen: number; launched: boolean }[];
  /** By user, the lines by SKU. */
  readonly carts: readonly (readonly [sku: number, count: number, selected: boolean])[][];
  readonly orders: readonly { user: number; status: number; totalFen: number; backFen: number }[];
}

/** Rules that can be got wrong, to see that the comparison notices. */
export interface Rules {
  readonly cancelGivesBack: boolean;
  readonly buyingTakesStock: boolean;
  readonly keysAreKept: boolean;
}
export const RIGHT: Rules = { cancelGivesBack: true, buyingTakesStock: true, keysAreKept: true };

interface Line {
  count: number;
  selected: boolean;
}
interface Order {
  readonly user: number;
  readonly payMethod: 1 | 2;
  readonly lines: readonly { sku: number; count: number }[];
  readonly totalFen: number;
  status: 1 | 2 | 6;
  backFen: number;
}

const UNPAID = 1;
const TO_SHIP = 2;
const CANCELED = 6;

const refused = (status: number, code: string): Said => ({ status, code });

export class ModelShop {
  readonly skus = Array.from({ length: SKUS }, () => ({
    stock: STOCK,
    sales: 0,
    priceFen: PRICE_FEN,
    launched: true,
  }));
  readonly orders: Order[] = [];
  private readonly carts = Array.from({ length: USERS }, () => new Map<number, Line>());
  private readonly keys = new Map<string, { order: number; body: string }>();

  constructor(private readonly rules: Rules) {}

  held(): Held {
    return {
      skus: this.skus.map((sku) => ({ ...sku })),
      carts: this.carts.map((cart) => linesOf(cart)),
      orders: this.orders.map(({ user, status, totalFen, backFen }) => ({
        user,
        status,
        totalFen,
        backFen,
      })),
    };
  }

  /** What the selected lines of a buyer cost now, freight included. */
  totalFen(user: number): number {
    return this.selected(user).reduce(
      (sum, [sku, { count }]) => sum + count * this.sku(sku).priceFen,
      FREIGHT_FEN,
    );
  }

  apply(step: Step): Said {
    switch (step.kind) {
      case 'add':
        return this.put(step, this.cart(step.user).get(step.sku)?.count ?? 0, 201);
      case 'set':
        return this.put(step, 0, 200);
      case 'remove':
        this.cart(step.user).delete(step.sku);
        return { status: 204 };
      case 'tick':
        this.tick(step.user, step.selected, true);
        return { status: 200 };
      case 'look':
        this.tick(step.user, false, false);
        return { status: 200, lines: linesOf(this.cart(step.user), (sku) => this.launched(sku)) };
      case 'buy':
        return this.buy(step);
      case 'open':
      case 'pay':
      case 'cancel':
      case 'refund':
        return this.treat(step.kind, step.user, step.order);
      case 'restock':
        return this.restock(step.sku, step.delta);
      case 'price':
        this.sku(step.sku).priceFen = step.priceFen;
        return { status: 200 };
      case 'launch':
        this.sku(step.sku).launched = step.on;
        return { status: 200 };
    }
  }

  private put(
    { user, sku, count, selected }: Extract<Step, { kind: 'add' | 'set' }>,
    before: number,
    status: number,
  ): Said {
    if (!this.launched(sku)) {
      return refused(400, 'SKU_NOT_FOUND');
    }
    if (before + count > this.sku(sku).stock) {
      return refused(400, 'CART_STOCK_INSUFFICIENT');
    }
    this.cart(user).set(sku, { count: before + count, selected });
    return { status };
  }

  private tick(user: number, selected: boolean, launched: boolean): void {
    for (const [sku, line] of this.cart(user)) {
      if (this.launched(sku) === launched) {
        line.selected = selected;
      }
    }
  }

  private buy({ user, payMethod, key, amount }: Extract<Step, { kind: 'buy' }>): Said {
    const totalFen = this.totalFen(user);
    const named = { none: null, right: totalFen, wrong: totalFen + 1 }[amount];
    const body = JSON.stringify([payMethod, named]);
    const before = this.rules.keysAreKept ? this.keys.get(`${user} ${key}`) : undefined;
    if (key !== null && before) {
      return before.body === body
        ? { status: 201, order: before.order, replayed: true }
        : refused(422, 'IDEMPOTENCY_KEY_REUSED');
    }
    const lines = this.selected(user);
    if (lines.length === 0) {
      return refused(400, 'CART_EMPTY');
    }
    if (lines.some(([sku]) => !this.launched(sku))) {
      return refused(409, 'SKU_UNAVAILABLE');
    }
    if (lines.some(([sku, { count }]) => count > this.sku(sku).stock)) {
      return refused(409, 'STOCK_INSUFFICIENT');
    }
    if (amount === 'wrong') {
      return refused(409, 'PRICE_CHANGED');
    }
    const order = this.write(user, payMethod, lines, totalFen);
    if (key !== null) {
      this.keys.set(`${user} ${key}`, { order, body });
    }
    return { status: 201, order };
  }

  private write(
    user: number,
    payMethod: 1 | 2,
    lines: readonly [number, Line][],
    totalFen: number,
  ): number {
    for (const [sku, { count }] of lines) {
      this.take(sku, this.rules.buyingTakesStock ? count : 0);
      this.cart(user).delete(sku);
    }
    return (
      this.orders.push({
        user,
        payMethod,
        lines: lines.map(([sku, { count }]) => ({ sku, count })),
        totalFen,
        status: payMethod === 1 ? TO_SHIP : UNPAID,
        backFen: 0,
      }) - 1
    );
  }

  private treat(kind: 'open' | 'pay' | 'cancel' | 'refund', user: number, number: number): Said {
    const order = this.orders[number];
    if (!order || order.user !== user) {
      return refused(404, 'NOT_FOUND');
    }
    switch (kind) {
      case 'open':
      case 'pay':
        if (order.status !== UNPAID) {
          return refused(400, 'ORDER_NOT_PAYABLE');
        }
        order.status = kind === 'pay' ? TO_SHIP : UNPAID;
        return { status: 200 };
      case 'cancel':
        return this.cancel(order);
      case 'refund':
        return this.refund(order);
    }
  }

  private cancel(order: Order): Said {
    const cash = order.payMethod === 1;
    if (order.status === TO_SHIP && !cash) {
      return refused(409, 'ORDER_NOT_CANCELABLE');
    }
    if (order.status !== CANCELED) {
      this.giveBack(order);
    }
    return { status: 200 };
  }

  private refund(order: Order): Said {
    if (order.backFen > 0) {
      return { status: 201, replayed: true };
    }
    if (order.status !== TO_SHIP || order.payMethod === 1) {
      return refused(409, 'ORDER_NOT_REFUNDABLE');
    }
    this.giveBack(order);
    order.backFen = order.totalFen;
    return { status: 201 };
  }

  private giveBack(order: Order): void {
    order.status = CANCELED;
    for (const { sku, count } of order.lines) {
      this.take(sku, this.rules.cancelGivesBack ? -count : 0);
    }
  }

  private restock(sku: number, delta: number): Said {
    if (this.sku(sku).stock + delta < 0) {
      return refused(409, 'STOCK_INSUFFICIENT');
    }
    this.sku(sku).stock += delta;
    return { status: 201 };
  }

  private take(sku: number, count: number): void {
    this.sku(sku).stock -= count;
    this.sku(sku).sales += count;
  }

  private selected(user: number): [number, Line][] {
    return [...this.cart(user)].filter(([, { selected }]) => selected);
  }

  private launched(sku: number): boolean {
    return this.sku(sku).launched;
  }

  private sku(sku: number) {
    return this.skus[sku] as (typeof this.skus)[number];
  }

  private cart(user: number) {
    return this.carts[user] as (typeof this.carts)[number];
  }
}

function linesOf(
  cart: ReadonlyMap<number, Line>,
  shown: (sku: number) => boolean = () => true,
): (readonly [number, number, boolean])[] {
  return [...cart]
    .filter(([sku]) => shown(sku))
    .sort(([a], [b]) => a - b)
    .map(([sku, { count, selected }]) => [sku, count, selected] as const);
}
