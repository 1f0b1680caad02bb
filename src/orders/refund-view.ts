import { shanghaiTime } from '../common/clock.js';
import { yuan } from '../common/money.js';
import type { OrderRefundDto } from './orders.dto.js';

/** The states of a refund, as its row has them. */
export const RefundStatus = { Asked: 1, Done: 2, Failed: 3 } as const;
export type RefundStatus = (typeof RefundStatus)[keyof typeof RefundStatus];

const WORDS: Readonly<Record<RefundStatus, string>> = { 1: 'asked', 2: 'done', 3: 'failed' };

/** The row of a refund, as far as everybody who may see it is told of it. */
export interface RefundRow {
  readonly requestNo: string;
  readonly amountFen: number;
  readonly status: RefundStatus;
  readonly createdAt: Date;
}

/** A refund as it is told to buyers and administrators alike. */
export function refundView({ requestNo, amountFen, status, createdAt }: RefundRow): OrderRefundDto {
  return {
    refund_id: requestNo,
    amount: yuan(amountFen),
    status: refundWord(status),
    create_time: shanghaiTime(createdAt),
  };
}

export function refundWord(status: RefundStatus): string {
  return WORDS[status];
}
