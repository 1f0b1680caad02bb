import { parseBeijing } from './beijing-time.js';
import { hasTwoDecimals } from './money.js';
import type { Params } from './signing.js';

/** A doubtful habit of a merchant, seen in one request. */
export interface Habit {
  level: 'warning' | 'note';
  code: string;
  detail: string;
}

type Biz = Record<string, unknown>;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const MAX_CLOCK_GAP_MS = 5 * 60_000;

/** What is doubtful about a request that asks to be paid. */
export function habitsOfOrder(biz: Biz, params: Params): Habit[] {
  const habits: Habit[] = [];
  if (!biz['time_expire'] && !biz['timeout_express']) {
    habits.push(warning('no_time_expire', 'the buyer can still pay 15 days from now'));
  }
  if (!hasTwoDecimals(biz['total_amount'])) {
    habits.push(warning('amount_form', `total_amount ${JSON.stringify(biz['total_amount'])}`));
  }
  if (/[/=&]/.test(textOf(biz, 'subject'))) {
    habits.push(note('subject_characters', 'the documentation forbids / = & in the subject'));
  }
  return [...habits, ...habitsOfUrls(params)];
}

/** What is doubtful about a refund request, before the books are asked. */
export function habitsOfRefund(biz: Biz): Habit[] {
  const habits: Habit[] = [];
  if (!biz['out_request_no']) {
    habits.push(
      warning('refund_without_number', 'a repeated request cannot be told from a new one'),
    );
  }
  if (!hasTwoDecimals(biz['refund_amount'])) {
    habits.push(warning('amount_form', `refund_amount ${JSON.stringify(biz['refund_amount'])}`));
  }
  return habits;
}

/** Alipay's time is Beijing time; a process in another zone sends a timestamp hours off. */
export function habitsOfTimestamp(timestamp: string, realNowMs: number): Habit[] {
  const sentMs = parseBeijing(timestamp);
  if (sentMs === undefined || Math.abs(sentMs - realNowMs) <= MAX_CLOCK_GAP_MS) return [];
  return [note('timestamp_not_beijing', 'timestamp is minutes or hours away from Beijing time')];
}

function habitsOfUrls(params: Params): Habit[] {
  const habits: Habit[] = [];
  const { notify_url: notifyUrl, return_url: returnUrl } = params;
  if (!notifyUrl) {
    habits.push(warning('no_notify_url', 'a buyer who closes the browser early is never noticed'));
  } else if (isPlainHttpElsewhere(notifyUrl)) {
    habits.push(warning('notify_url_not_https', notifyUrl));
  }
  if (returnUrl && URL.canParse(returnUrl) && new URL(returnUrl).searchParams.has('method')) {
    habits.push(warning('return_url_method', "an own parameter `method` collides with Alipay's"));
  }
  return habits;
}

function isPlainHttpElsewhere(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'http:' && !LOOPBACK.test(url.hostname);
}

function textOf(biz: Biz, name: string): string {
  const value = biz[name];
  return typeof value === 'string' ? value : '';
}

function warning(code: string, detail: string): Habit {
  return { level: 'warning', code, detail };
}

function note(code: string, detail: string): Habit {
  return { level: 'note', code, detail };
}
