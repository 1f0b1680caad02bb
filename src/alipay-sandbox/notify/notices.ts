import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { newNotifyId } from '../rules/ids.js';
import { noticeFields } from '../rules/notify-fields.js';
import { nextAttemptMs } from '../rules/notify-policy.js';
import { signNotice, type Params } from '../rules/signing.js';
import type { Trade } from '../rules/trade.js';
import { Clock } from '../store/clock.js';
import { KeyRing } from '../store/key-ring.js';
import type { Notice, NoticeState, NotifyMode } from '../store/records.js';
import { Store } from '../store/store.js';
import { Warnings } from '../store/warnings.js';
import { Accounts } from '../trades/accounts.js';
import { Courier, type PostResult } from './courier.js';

const ACKNOWLEDGED = 'success';
const DELIVERIES_KEPT = 20;

const FIRST_STATE: Record<NotifyMode, NoticeState> = { auto: 'due', hold: 'held', drop: 'dropped' };

/**
 * The notifications: written with the event that causes them, delivered at once, and again at
 * Alipay's times until the merchant answers exactly `success`.
 */
@Injectable()
export class Notices {
  private readonly inFlight = new Map<string, Promise<Notice>>();
  private awake = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly keys: KeyRing,
    private readonly facts: SandboxFacts,
    private readonly accounts: Accounts,
    private readonly courier: Courier,
    private readonly warnings: Warnings,
  ) {}

  /** The notification this state of the trade causes, if any; the caller writes it. */
  draft(trade: Trade): Notice[] {
    const { notifyUrl, product } = trade.order;
    const { notifyMode, notifyPolicy } = this.store.settings;
    if (!notifyUrl || !notifyPolicy[product].includes(trade.status)) return [];
    const nowMs = this.clock.nowMs();
    const notice: Notice = {
      id: newNotifyId(nowMs),
      tradeNo: trade.id,
      url: notifyUrl,
      fields: noticeFields(trade, {
        appId: this.facts.appId,
        sellerId: this.facts.sellerId,
        sellerLogonId: this.accounts.seller().logonId,
        buyerLogonId: this.accounts.byId(trade.buyerId).logonId,
      }),
      state: FIRST_STATE[notifyMode],
      createdMs: nowMs,
      nextMs: nowMs,
      attempts: 0,
      deliveries: [],
    };
    return [notice];
  }

  /** Delivers what is due soon after the current work is done; the caller need not wait. */
  wake(): void {
    if (this.awake) return;
    this.awake = true;
    setImmediate(() => {
      this.awake = false;
      void this.deliverDue();
    });
  }

  /** Delivers everything whose time has come; ends when all of it has been answered. */
  async deliverDue(): Promise<void> {
    const nowMs = this.clock.nowMs();
    const due = [...this.store.notices.values()].filter(
      (notice) => notice.state === 'due' && notice.nextMs <= nowMs,
    );
    await Promise.all(due.map((notice) => this.deliver(notice)));
  }

  /** When the next delivery is due. */
  nextEventMs(): number | undefined {
    const times = [...this.store.notices.values()]
      .filter((notice) => notice.state === 'due')
      .map((notice) => notice.nextMs);
    return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
  }

  /** What one delivery of the notification posts, signed now. */
  fieldsNow(notice: Notice): Params {
    const times = { notify_id: notice.id, notify_time: formatBeijing(this.clock.nowMs()) };
    return { ...notice.fields, ...times };
  }

  /** Delivers one notification now, or joins the delivery already under way. */
  deliver(notice: Notice): Promise<Notice> {
    const running = this.inFlight.get(notice.id);
    if (running || this.courier.stopped) return running ?? Promise.resolve(notice);
    const delivery = this.deliverOnce(notice).finally(() => this.inFlight.delete(notice.id));
    this.inFlight.set(notice.id, delivery);
    return delivery;
  }

  /** Changes the state of notifications that are neither acknowledged nor given up. */
  setState(notices: readonly Notice[], state: NoticeState): Notice[] {
    const changed = notices.map((notice) => ({ ...notice, state, nextMs: this.clock.nowMs() }));
    if (changed.length > 0) this.store.put({ notices: changed });
    return changed;
  }

  private async deliverOnce(notice: Notice): Promise<Notice> {
    const signed = signNotice(this.fieldsNow(notice), this.keys.alipayPrivateKey);
    const result = await this.courier.post(notice.url, new URLSearchParams(signed).toString());
    // The books may have been emptied, or the notice dropped, while the merchant was thinking.
    const current = this.store.notices.get(notice.id);
    if (!current || this.courier.stopped) return notice;
    const updated = this.afterDelivery(current, result);
    this.store.put({ notices: [updated] });
    return updated;
  }

  private afterDelivery(notice: Notice, result: PostResult): Notice {
    const nowMs = this.clock.nowMs();
    const attempts = notice.attempts + 1;
    const deliveries = [...notice.deliveries, { atMs: nowMs, ...result }].slice(-DELIVERIES_KEPT);
    const tried = { ...notice, attempts, deliveries };
    if (isAcknowledged(result)) return { ...tried, state: 'acknowledged' };
    this.warnAboutAnswer(notice, result);
    if (notice.state === 'dropped') return tried;
    const nextMs = nextAttemptMs(attempts, nowMs);
    if (nextMs === undefined) return { ...tried, state: 'given_up' };
    const state = this.store.settings.notifyMode === 'hold' ? 'held' : 'due';
    return { ...tried, state, nextMs };
  }

  private warnAboutAnswer(notice: Notice, result: PostResult): void {
    const answered = result.status >= 200 && result.status < 400;
    if (!answered || result.answer === 'fail') return;
    const detail = `HTTP ${result.status}, body ${JSON.stringify(result.answer.slice(0, 80))}`;
    const outTradeNo = notice.fields['out_trade_no'] ?? '';
    this.warnings.warn('notify_answer_not_success', outTradeNo, detail);
  }
}

/** Only the seven characters count; white space, HTML or JSON around them do not. */
export function isAcknowledged(result: PostResult): boolean {
  return result.status >= 200 && result.status < 300 && result.answer === ACKNOWLEDGED;
}
