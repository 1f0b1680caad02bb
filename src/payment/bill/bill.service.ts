import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseShanghaiTime, shanghaiTime } from '../../common/clock.js';
import { billDifferences } from '../../common/metrics.js';
import { inTransaction } from '../../database/transaction.js';
import { PaymentGateway } from '../gateway/payment-gateway.js';
import { BillError, compare, type Difference, type Movement, parseBill } from './bill-rules.js';
import { compared, keepOutcome, movementsBetween, movementsOf } from './bill.store.js';
import { unzip, ZipError } from './unzip.js';

const DAY_MS = 86_400_000;
const DOWNLOAD_TIMEOUT_MS = 30_000;
const MAX_BYTES = 200_000_000;
/** Yesterday's bill is there by nine in the morning, Beijing time (Alipay's documentation). */
const BILL_HOUR = 9;

/** What a comparison found. */
export interface BillReport {
  readonly date: string;
  readonly payments: number;
  readonly refunds: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares the gateway's bill of a day with our books: what is in one only, or with another amount,
 * is written down and counted. It repairs nothing; a person decides.
 */
@Injectable()
export class BillService {
  private readonly logger = new Logger(BillService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  /** Compares yesterday's bill once, from nine in the morning on. */
  async compareYesterday(now = new Date()): Promise<BillReport | undefined> {
    const hour = Number(shanghaiTime(now).slice(11, 13));
    const date = shanghaiTime(new Date(now.getTime() - DAY_MS)).slice(0, 10);
    if (hour < BILL_HOUR || (await compared(this.dataSource, date))) {
      return undefined;
    }
    const report = await this.compareDay(date);
    const rows = report?.differences.length ?? 0;
    if (rows > 0) {
      this.logger.error(`the bill of ${date} differs from our books in ${rows} rows`);
    }
    return report;
  }

  /**
   * Compares the bill of a day, `YYYY-MM-DD` in Beijing; undefined while there is none. Throws
   * RangeError for no such day, BillError, and GatewayUnknownError.
   */
  async compareDay(date: string): Promise<BillReport | undefined> {
    const from = parseShanghaiTime(`${date} 00:00:00`);
    if (!from || shanghaiTime(from).slice(0, 10) !== date) {
      throw new RangeError('the date must be a day, YYYY-MM-DD');
    }
    const url = await this.gateway.billUrl(date);
    if (url === undefined) {
      return undefined;
    }
    const bill = readBill(await download(url));
    const to = new Date(from.getTime() + DAY_MS);
    const expected = await movementsBetween(this.dataSource, from, to);
    const ours = await movementsOf(this.dataSource, ordersOf(bill));
    const differences = compare(bill, ours, expected);
    await inTransaction(this.dataSource, (tx) => keepOutcome(tx, date, bill, differences));
    billDifferences.set(differences.length);
    const refunds = bill.filter(({ outRequestNo }) => outRequestNo !== '').length;
    return { date, payments: bill.length - refunds, refunds, differences };
  }
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (!response.ok || announced > MAX_BYTES) {
    await response.body?.cancel();
    throw new BillError(`the bill cannot be fetched: status ${response.status}`);
  }
  return Buffer.from(await response.arrayBuffer());
}

/** The archive holds details and a summary, both named and written in GBK. */
function readBill(archive: Buffer): Movement[] {
  const gbk = new TextDecoder('gbk');
  try {
    const details = unzip(archive, MAX_BYTES).find(({ name }) => {
      const text = gbk.decode(name);
      return text.endsWith('.csv') && !text.includes('汇总');
    });
    if (!details) {
      throw new BillError('the archive has no detailed bill');
    }
    return parseBill(gbk.decode(details.data));
  } catch (error) {
    throw error instanceof ZipError ? new BillError(error.message, { cause: error }) : error;
  }
}

/** The orders of ours a bill may speak of: others' numbers are no order ids. */
function ordersOf(bill: readonly Movement[]): string[] {
  return [...new Set(bill.map(({ outTradeNo }) => outTradeNo))].filter((number) =>
    /^[1-9]\d{0,18}$/.test(number),
  );
}
