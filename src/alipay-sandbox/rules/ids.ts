import { randomBytes, randomInt } from 'node:crypto';
import { formatBeijing } from './beijing-time.js';

/** 28 digits that begin with the Beijing date, like a genuine `trade_no`. */
export function newTradeNo(nowMs: number): string {
  return `${beijingDate(nowMs)}22001${digits(15)}`;
}

/** 34 digits that begin with the Beijing date, like a genuine `notify_id`. */
export function newNotifyId(nowMs: number): string {
  return `${beijingDate(nowMs)}00222${digits(21)}`;
}

/** 16 digits that begin with 2088, like every Alipay user id. */
export function newUserId(): string {
  return `2088${digits(12)}`;
}

/** An unguessable name for a page: the cashier's address is its only key. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}

function beijingDate(nowMs: number): string {
  return formatBeijing(nowMs).slice(0, 10).replaceAll('-', '');
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
