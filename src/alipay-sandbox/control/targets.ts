import { Injectable } from '@nestjs/common';
import { Gateway } from '../gateway/gateway.service.js';
import { UnknownThingError } from '../rules/errors.js';
import type { Params } from '../rules/signing.js';
import type { Session } from '../store/records.js';
import { Store } from '../store/store.js';
import { Ledger } from '../trades/ledger.js';

/** What a program may hold of an order it wants to pay. */
export interface Target {
  page_url?: string;
  order_string?: string;
  out_trade_no?: string;
}

/** Finds or opens the payment page a program talks about, checking signatures like the gateway. */
@Injectable()
export class Targets {
  constructor(
    private readonly gateway: Gateway,
    private readonly ledger: Ledger,
    private readonly store: Store,
  ) {}

  open(target: Target): Session {
    if (target.page_url !== undefined) return this.atUrl(target.page_url);
    if (target.order_string !== undefined) return this.gateway.open(decode(target.order_string));
    const { out_trade_no: outTradeNo } = target;
    if (outTradeNo === undefined) {
      throw new UnknownThingError('Name the order: page_url, order_string or out_trade_no.');
    }
    const session = [...this.store.sessions.values()].findLast(
      (entry) => entry.order.outTradeNo === outTradeNo,
    );
    if (!session) throw new UnknownThingError(`No payment page was opened for ${outTradeNo}.`);
    return session;
  }

  private atUrl(address: string): Session {
    if (!URL.canParse(address)) throw new UnknownThingError('page_url is no web address.');
    const url = new URL(address);
    const page = /^\/(?:cashier|qr)\/([0-9a-f]+)$/.exec(url.pathname);
    return page ? this.ledger.session(page[1] ?? '') : this.gateway.open(decode(url.search));
  }
}

function decode(query: string): Params {
  return Object.fromEntries(new URLSearchParams(query));
}
