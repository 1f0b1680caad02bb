import { Injectable } from '@nestjs/common';
import { UnknownThingError } from '../rules/errors.js';
import { KeyRing } from '../store/key-ring.js';
import type { Notice, NotifyMode } from '../store/records.js';
import { Store } from '../store/store.js';
import { Courier } from './courier.js';
import { forge } from './forgery.js';
import { isAcknowledged, Notices } from './notices.js';

/** Which notifications: those of one trade, or all of them. */
interface Selection {
  notify_id?: string;
  out_trade_no?: string;
  trade_no?: string;
}

/** A wish for copies of a notification; the fields are described at Forgery. */
interface Resend {
  notify_id?: string;
  out_trade_no?: string;
  times?: number;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  omit?: string[];
  duplicate?: string[];
  foreign_key?: boolean;
  charset?: 'utf-8' | 'gbk';
  empty?: boolean;
  content_type?: string;
  url?: string;
  dry_run?: boolean;
}

export interface Copies {
  acknowledged: number;
  copies: { status: number; answer: string; acknowledged: boolean }[];
  /** The forms, when nothing was to be sent. */
  forms?: { url: string; content_type: string; body: string }[];
}

/** What people and tests do with notifications. */
@Injectable()
export class NoticeDesk {
  constructor(
    private readonly store: Store,
    private readonly notices: Notices,
    private readonly courier: Courier,
    private readonly keys: KeyRing,
  ) {}

  /** Switching to `auto` lets go of what was held. */
  setMode(notifyMode: NotifyMode): void {
    this.store.changeSettings({ notifyMode });
    if (notifyMode !== 'auto') return;
    this.notices.setState(
      this.open().filter((notice) => notice.state === 'held'),
      'due',
    );
    this.notices.wake();
  }

  /** Delivers the open notifications one at a time, oldest or newest first. */
  async flush(order: 'asc' | 'desc', selection: Selection): Promise<Notice[]> {
    const open = this.open(selection);
    if (order === 'desc') open.reverse();
    const delivered: Notice[] = [];
    for (const notice of open) delivered.push(await this.notices.deliver(notice));
    return delivered;
  }

  drop(selection: Selection): Notice[] {
    return this.notices.setState(this.open(selection), 'dropped');
  }

  /** Delivers one notification now, as its next regular delivery if it still has one. */
  async deliverAgain(notifyId: string): Promise<void> {
    const [open] = this.open({ notify_id: notifyId });
    if (open) await this.notices.deliver(open);
    else await this.resend({ notify_id: notifyId });
  }

  /** Posts copies of a notification in parallel. The original's own schedule is not touched. */
  async resend(wish: Resend): Promise<Copies> {
    const notice = this.pick(wish);
    const key = wish.foreign_key ? this.keys.foreignPrivateKey : this.keys.alipayPrivateKey;
    const forgery = { ...wish, contentType: wish.content_type };
    const { body, contentType } = forge(this.notices.fieldsNow(notice), forgery, key);
    const url = wish.url ?? notice.url;
    const times = wish.times ?? 1;
    if (wish.dry_run) {
      const form = { url, content_type: contentType, body };
      return { acknowledged: 0, copies: [], forms: Array.from({ length: times }, () => form) };
    }
    const results = await Promise.all(
      Array.from({ length: times }, () => this.courier.post(url, body, contentType)),
    );
    const copies = results.map((result) => ({ ...result, acknowledged: isAcknowledged(result) }));
    return { acknowledged: copies.filter((copy) => copy.acknowledged).length, copies };
  }

  private pick(wish: Resend): Notice {
    const { notify_id, out_trade_no } = wish;
    const notice = this.all({ notify_id, out_trade_no }).at(-1);
    if (!notice) throw new UnknownThingError('There is no such notification.');
    return notice;
  }

  private open(selection: Selection = {}): Notice[] {
    return this.all(selection).filter(
      (notice) => notice.state === 'due' || notice.state === 'held',
    );
  }

  private all(selection: Selection): Notice[] {
    return [...this.store.notices.values()].filter(
      (notice) =>
        (!selection.notify_id || notice.id === selection.notify_id) &&
        (!selection.out_trade_no || notice.fields['out_trade_no'] === selection.out_trade_no) &&
        (!selection.trade_no || notice.tradeNo === selection.trade_no),
    );
  }
}
