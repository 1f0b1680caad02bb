import type { NotifyPolicy } from '../rules/notify-policy.js';
import type { Params } from '../rules/signing.js';
import type { OrderRequest, Trade } from '../rules/trade.js';

/** A buyer's or the seller's money. The id is the Alipay user id. */
export interface Account {
  id: string;
  logonId: string;
  kind: 'buyer' | 'seller';
  balanceFen: number;
}

/** One opened payment page: what the merchant asked for, and who is logged in. */
export interface Session {
  id: string;
  order: OrderRequest;
  openedMs: number;
  buyerId?: string;
  /** Set once the payment was made through this page. */
  tradeNo?: string;
}

/** One try to hand a notification to the merchant. */
interface Delivery {
  atMs: number;
  /** HTTP status, or 0 when no answer came. */
  status: number;
  answer: string;
}

export type NoticeState = 'due' | 'held' | 'acknowledged' | 'given_up' | 'dropped';

/** One notification. The id is Alipay's `notify_id`, the same at every delivery. */
export interface Notice {
  id: string;
  tradeNo: string;
  url: string;
  fields: Params;
  state: NoticeState;
  createdMs: number;
  nextMs: number;
  attempts: number;
  deliveries: Delivery[];
}

/** Something a merchant did that a real gateway might punish one day. */
export interface Warning {
  id: string;
  level: 'warning' | 'note';
  code: string;
  about: string;
  detail: string;
  count: number;
  lastMs: number;
}

export type NotifyMode = 'auto' | 'hold' | 'drop';

/** What the control API can switch. There is one record of it. */
export interface Settings {
  id: 'settings';
  clockOffsetMs: number;
  notifyMode: NotifyMode;
  notifyPolicy: NotifyPolicy;
}

export interface Tables {
  trades: Trade;
  sessions: Session;
  notices: Notice;
  accounts: Account;
  warnings: Warning;
  settings: Settings;
}

/** Records to be written together, by table. */
export type Changes = { [T in keyof Tables]?: Tables[T][] };
