import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseShanghaiTime, shanghaiTime } from '../../common/clock.js';
import { billDifferences } from '../../common/metrics.js';
import { Config } from '../../config/config.js';
import { inTransaction } from '../../database/transaction.js';
import { PaymentGateway } from '../gateway/payment-gateway.js';
import { downloadBill } from './bill-download.js';
import { BillError, compare, type Difference, type Movement, parseBill } from './bill-rules.js';
import {
  claimDay,
  compared,
  differencesSince,
  firstPaymentAt,
  keepOutcome,
  movementsBetween,
  movementsOf,
} from './bill.store.js';
import { unzip, ZipError } from './unzip.js';

const DAY_MS = 86_400_000;
/** Of the archive, and of the bill in it: what one process reads in a moment, beside its requests. */
const MAX_BYTES = 20_000_000;
/** Yesterday's bill is there by nine in the morning, Beijing time (Alipay's documentation). */
const BILL_HOUR = 9;
/** A bill nobody compared for so many days is left to a person with the command. */
const DAYS_BACK = 7;

/** What a comparison found. */
interface BillReport {
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
    private readonly config: Config,
  ) {}

  /**
   * Compares yesterday's bill once, from nine in the morning on, and those of the days before that
   * nobody has compared because the shop was down; each on one instance of the fleet. Answers the
   * days that were compared.
   */
  async compareMissing(now = new Date()): Promise<string[]> {
    const hour = Number(shanghaiTime(now).slice(11, 13));
    const first = await firstPaymentAt(this.dataSource);
    const done: string[] = [];
    const failures: unknown[] = [];
    for (const date of hour < BILL_HOUR || !first ? [] : daysBefore(now, first)) {
      try {
        done.push(...(await this.compareOnce(date)));
      } catch (error) {
        // A bill that cannot be read must not keep those of the other days from being compared.
        failures.push(error);
      }
    }
    billDifferences.set(await differencesSince(this.dataSource, dayOf(now, DAYS_BACK)));
    if (failures.length > 0) {
      throw new BillError(`bills could not be compared: ${failures.map(String).join('; ')}`);
    }
    return done;
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
    const bill = readBill(await downloadBill(url, this.config.ALIPAY_GATEWAY, MAX_BYTES));
    const to = new Date(from.getTime() + DAY_MS);
    const expected = await movementsBetween(this.dataSource, from, to);
    const ours = await movementsOf(this.dataSource, ordersOf(bill));
    const differences = compare(bill, ours, expected);
    await inTransaction(this.dataSource, (tx) => keepOutcome(tx, date, bill, differences));
    const refunds = bill.filter(({ outRequestNo }) => outRequestNo !== '').length;
    return { date, payments: bill.length - refunds, refunds, differences };
  }

  private async compareOnce(date: string): Promise<string[]> {
    const mine =
      !(await compared(this.dataSource, date)) &&
      (await inTransaction(this.dataSource, (tx) => claimDay(tx, date)));
    const report = mine ? await this.compareDay(date) : undefined;
    const rows = report?.differences.length ?? 0;
    if (rows > 0) {
      this.logger.error(`the bill of ${date} differs from our books in ${rows} rows`);
    }
    return report ? [date] : [];
  }
}

/** The day in Beijing so many days before, `YYYY-MM-DD`. */
function dayOf(at: Date, before = 0): string {
  return shanghaiTime(new Date(at.getTime() - before * DAY_MS)).slice(0, 10);
}

/** The last days before now, the oldest first, from the first one on which there was a payment. */
function daysBefore(now: Date, first: Date): string[] {
  return Array.from({ length: DAYS_BACK }, (_, i) => dayOf(now, DAYS_BACK - i)).filter(
    (date) => date >= dayOf(first),
  );
}

/** The archive holds details and a summary, both named and written in GBK. */
function readBill(archive: Buffer): Movement[] {
  const gbk = new TextDecoder('gbk');
  try {
    const details = unzip(archive, MAX_BYTES, (name) => {
      const text = gbk.decode(name);
      return text.endsWith('.csv') && !text.includes('汇总');
    });
    if (!details) {
      throw new BillError('the archive has no detailed bill');
    }
    return parseBill(gbk.decode(details));
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
