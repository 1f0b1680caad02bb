import { parseYuan } from '../../common/money.js';

/** Money that moved, in the bill or in our books: a payment, or with a request number a refund. */
export interface Movement {
  readonly outTradeNo: string;
  /** Empty for a payment. */
  readonly outRequestNo: string;
  /** Positive for both kinds. */
  readonly amountFen: number;
}

/**
 * `not_booked`: the gateway moved money we know nothing of. `not_billed`: our books say it moved and
 * the gateway's do not. `amount`: both know it, with different amounts.
 */
export interface Difference {
  readonly kind: 'not_booked' | 'not_billed' | 'amount';
  readonly outTradeNo: string;
  readonly outRequestNo: string;
  readonly oursFen: number | null;
  readonly theirsFen: number | null;
}

/** The bill is not what it should be; the message says what. */
export class BillError extends Error {}

const COLUMNS = {
  outTradeNo: '商户订单号',
  kind: '业务类型',
  amount: '订单金额（元）',
  outRequestNo: '退款批次号/请求号',
} as const;

/**
 * Reads the detailed bill: comment lines begin with #, then come a line of column names and one line
 * for each payment (交易) and refund (退款). Columns are found by name, since their number grows.
 * Throws BillError for a bill that cannot be understood, rather than comparing half of it.
 */
export function parseBill(csv: string): Movement[] {
  const lines = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '');
  const head = lines
    .shift()
    ?.split(',')
    .map((cell) => cell.trim());
  if (!head) {
    throw new BillError('the bill has no line of column names');
  }
  const at = (name: string): number => {
    const index = head.indexOf(name);
    if (index < 0) {
      throw new BillError(`the bill has no column ${name}`);
    }
    return index;
  };
  const [outTradeNo, kind, amount, outRequestNo] = [
    at(COLUMNS.outTradeNo),
    at(COLUMNS.kind),
    at(COLUMNS.amount),
    at(COLUMNS.outRequestNo),
  ];
  return lines.map((line) => {
    const cells = line.split(',');
    const number = trimmed(cells[outTradeNo]);
    const type = trimmed(cells[kind]);
    const refund = type === '退款';
    const fen = parseYuan(trimmed(cells[amount]).replace(/^-/, ''));
    const known = refund || type === '交易';
    // A comma too many would move every value into the column of another.
    if (cells.length !== head.length || !known || fen === undefined || !number) {
      throw new BillError(`a line of the bill cannot be read: ${line}`);
    }
    return {
      outTradeNo: number,
      outRequestNo: refund ? trimmed(cells[outRequestNo]) : '',
      amountFen: fen,
    };
  });
}

function trimmed(cell = ''): string {
  return cell.trim();
}

/** One movement for each number: what a bill names twice has moved twice. */
function summed(movements: readonly Movement[]): Movement[] {
  const sums = new Map<string, Movement>();
  for (const movement of movements) {
    const before = sums.get(keyOf(movement))?.amountFen ?? 0;
    sums.set(keyOf(movement), { ...movement, amountFen: before + movement.amountFen });
  }
  return [...sums.values()];
}

const keyOf = ({ outTradeNo, outRequestNo }: Movement): string => `${outTradeNo} ${outRequestNo}`;

/**
 * Compares a bill with our books. `ours` are all movements of ours that the bill may name; those in
 * `expected` belong to its day, so the bill must name them.
 */
export function compare(
  bill: readonly Movement[],
  ours: readonly Movement[],
  expected: readonly Movement[],
): Difference[] {
  const known = new Map(ours.map((movement) => [keyOf(movement), movement.amountFen]));
  const billed = new Set(bill.map(keyOf));
  const differences: Difference[] = [];
  for (const movement of summed(bill)) {
    const oursFen = known.get(keyOf(movement)) ?? null;
    if (oursFen !== movement.amountFen) {
      const kind = oursFen === null ? 'not_booked' : 'amount';
      differences.push({ ...numbers(movement), kind, oursFen, theirsFen: movement.amountFen });
    }
  }
  for (const movement of expected) {
    if (!billed.has(keyOf(movement))) {
      differences.push({
        ...numbers(movement),
        kind: 'not_billed',
        oursFen: movement.amountFen,
        theirsFen: null,
      });
    }
  }
  return differences;
}

function numbers({ outTradeNo, outRequestNo }: Movement) {
  return { outTradeNo, outRequestNo };
}
