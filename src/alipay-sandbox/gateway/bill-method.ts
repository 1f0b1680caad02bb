import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import { billDetails, billPeriod, billSummary } from '../rules/bill.js';
import { BizError, UnknownThingError } from '../rules/errors.js';
import { encodeGbk } from '../rules/gbk.js';
import { newToken } from '../rules/ids.js';
import { packZip } from '../rules/zip.js';
import { Clock } from '../store/clock.js';
import { Store } from '../store/store.js';
import { Accounts } from '../trades/accounts.js';
import type { Biz, Payload } from './trade-methods.js';

const LINK_LIFE_MS = 30_000;
const BILL_TYPES = ['trade', 'signcustomer'];

interface Link {
  billDate: string;
  diesMs: number;
}

/** Bills: a link that lives for thirty seconds, and the archive behind it. */
@Injectable()
export class BillMethod {
  private readonly links = new Map<string, Link>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly facts: SandboxFacts,
  ) {}

  downloadUrl(biz: Biz): Payload {
    const { bill_date: date, bill_type: type } = biz;
    const billDate = typeof date === 'string' ? date : '';
    const period = billPeriod(billDate);
    if (!BILL_TYPES.includes(String(type))) {
      throw new BizError('ACQ.INVALID_PARAMETER', 'bill_type');
    }
    if (!period) throw new BizError('ACQ.INVALID_PARAMETER', 'bill_date');
    const nowMs = this.clock.nowMs();
    if (period.toMs > nowMs) throw new BizError('isp.bill_not_exist');
    this.forgetDeadLinks(nowMs);
    const token = newToken();
    this.links.set(token, { billDate, diesMs: nowMs + LINK_LIFE_MS });
    const url = `${this.facts.publicUrl}/bill/${token}`;
    return { code: '10000', msg: 'Success', bill_download_url: url };
  }

  /** The archive behind a link: details and summary, contents and names in GBK. */
  archive(token: string): Buffer {
    const link = this.links.get(token);
    const nowMs = this.clock.nowMs();
    const period = link && link.diesMs > nowMs ? billPeriod(link.billDate) : undefined;
    if (!link || !period) throw new UnknownThingError('This bill link is unknown or has died.');
    const { sellerId } = this.facts;
    const trades = [...this.store.trades.values()];
    const details = billDetails(trades, period, {
      sellerId,
      nowMs,
      buyerName: (trade) => this.accounts.byId(trade.buyerId).logonId,
    });
    const name = `${sellerId}_${link.billDate.replaceAll('-', '')}`;
    return packZip([
      { name: encodeGbk(`${name}_业务明细.csv`), data: encodeGbk(details) },
      {
        name: encodeGbk(`${name}_业务明细(汇总).csv`),
        data: encodeGbk(billSummary(trades, period, sellerId)),
      },
    ]);
  }

  private forgetDeadLinks(nowMs: number): void {
    for (const [token, link] of this.links) {
      if (link.diesMs <= nowMs) this.links.delete(token);
    }
  }
}
